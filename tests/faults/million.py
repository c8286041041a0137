"""One large list, the truth about it, and blows at random moments while it is imported.

The truth is computed from the numbers of the people by this module alone: what the register
must hold afterwards is not asked of the code that is on trial.
"""

import hashlib
import io
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psycopg2

from ppaos.lib import citizen_id
from tests.imports.batches import FIRST_NAMES, TAMBONS
from tests.journeys.product import Product

# Nobody else's people have these numbers.
FIRST = 3_000_000
_A_HOUSEHOLD = 4
# One line in so many has an ID whose check digit is wrong.
_SPOILED = 17
SECONDS_TO_RESUME = 60
# What follows the reading of lines.
_AFTER = ("เทียบกับทะเบียน", "สรุปผล")
_COLUMNS = (
    *("ปีข้อมูล TPMAP", "รหัสบ้าน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "วันเกิด", "เพศ"),
    *("บ้านเลขที่", "หมู่ที่", "ตำบล", "อำเภอ", "จังหวัด", "รหัสตำบล"),
    *("สุขภาพ", "ความเป็นอยู่", "การศึกษา", "รายได้", "การเข้าถึงบริการภาครัฐ"),
)


def content(rows: int) -> bytes:
    """Return the list as bytes; a million lines take a few seconds."""
    text = io.StringIO()
    text.write(",".join(_COLUMNS) + "\r\n")
    for number in range(FIRST, FIRST + rows):
        home = number // _A_HOUSEHOLD
        code, name = TAMBONS[home % 3]
        text.write(
            f"2567,3032{home:07d},{_id(number)},{FIRST_NAMES[number % 8]},ทดสอบ{number},"
            f"{number % 28 + 1}/4/{2490 + number % 50},{'หญิง' if number % 2 else 'ชาย'},"
            f"{home % 900 + 1},{home % 9 + 1},{name},เฉลิมพระเกียรติ,นครราชสีมา,{code},"
            f"{number % 2},0,0,{int(number % 3 == 0)},0\r\n"
        )
    return text.getvalue().encode()


def _id(number: int) -> str:
    good = citizen_id.generate(number)
    return good if not is_spoiled(number) else good[:-1] + str((int(good[-1]) + 1) % 10)


def is_spoiled(number: int) -> bool:
    return number % _SPOILED == 0


@dataclass(frozen=True)
class Truth:
    """What the register must hold: counts, and a fingerprint over every person in their house."""

    accepted: int
    rejected: int
    households: int
    people: str


def truth(rows: int) -> Truth:
    numbers = [n for n in range(FIRST, FIRST + rows) if not is_spoiled(n)]
    people = sorted(_person(number) for number in numbers)
    return Truth(
        accepted=len(numbers),
        rejected=rows - len(numbers),
        households=len({number // _A_HOUSEHOLD for number in numbers}),
        people=hashlib.md5("\n".join(people).encode(), usedforsecurity=False).hexdigest(),
    )


def _person(number: int) -> str:
    home = number // _A_HOUSEHOLD
    born = date(1947 + number % 50, 4, number % 28 + 1)
    sex = "female" if number % 2 else "male"
    area = f"{TAMBONS[home % 3][0]}{home % 9 + 1:02d}"
    name = f"{FIRST_NAMES[number % 8]}|ทดสอบ{number}"
    return f"3032{home:07d}|{home % 900 + 1}|{area}|{name}|{born}|{sex}"


def found(product: Product, batch: str, rows: int) -> Truth:
    """Return what the database holds of the houses of the list, in the same words."""
    ((accepted, rejected),) = product.ask(
        "SELECT accepted, rejected FROM imports_importbatch WHERE id = %s", batch
    )
    ((households, people),) = product.ask(
        "SELECT count(DISTINCT h.id), coalesce(md5(string_agg(concat_ws('|', h.house_code,"
        "   h.house_no, h.area_id, m.first_name, m.last_name, m.birth_date, m.sex), E'\\n'"
        "   ORDER BY concat_ws('|', h.house_code, h.house_no, h.area_id, m.first_name,"
        "   m.last_name, m.birth_date, m.sex) COLLATE \"C\")), '')"
        " FROM households_member m JOIN households_household h ON h.id = m.household_id"
        " WHERE h.house_code BETWEEN %s AND %s",
        *_houses(rows),
    )
    return Truth(accepted=accepted, rejected=rejected, households=households, people=people)


def _houses(rows: int) -> tuple[str, str]:
    """Return the first and the last house of the list; others' stories have theirs elsewhere."""
    first, last = FIRST // _A_HOUSEHOLD, (FIRST + rows - 1) // _A_HOUSEHOLD
    return f"3032{first:07d}", f"3032{last:07d}"


def difference(product: Product, rows: int) -> list[str]:
    """Return the first few persons that are there and should not be, or the other way round."""
    there = {
        text
        for (text,) in product.ask(
            "SELECT concat_ws('|', h.house_code, h.house_no, h.area_id, m.first_name, m.last_name,"
            "   m.birth_date, m.sex)"
            " FROM households_member m JOIN households_household h ON h.id = m.household_id"
            " WHERE h.house_code BETWEEN %s AND %s",
            *_houses(rows),
        )
    }
    wanted = {_person(n) for n in range(FIRST, FIRST + rows) if not is_spoiled(n)}
    return sorted(there ^ wanted)[:6]


# ---- blows ---------------------------------------------------------------------------
@dataclass
class Figures:
    """What was done and how long it took; the page about proofs prints it."""

    rows: int
    kills: int = 0
    crashes: int = 0
    whole: list[float] = field(default_factory=list)
    resumes: list[float] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    repeated: int = 0

    def lines(self) -> Iterator[tuple[str, str]]:
        yield "lines of the list", f"{self.rows:,}"
        yield "kill -9 of the process that imports", f"{self.kills:,}"
        yield "crashes of the database (immediate)", f"{self.crashes:,}"
        yield "kill -9 of the whole worker and beat", f"{len(self.whole):,}"
        for name, seconds in self.seconds.items():
            yield f"{name}, blows included", f"{seconds:,.0f} s"
        if self.whole:
            yield "resumed after the whole worker was back, longest", f"{max(self.whole):.1f} s"
        if self.resumes:
            ordered = sorted(self.resumes)
            yield (
                "resumed after another blow, median / longest",
                f"{ordered[len(ordered) // 2]:.1f} / {ordered[-1]:.1f} s",
            )


def asking(question: Callable[[], bool], *, seconds: float) -> float:
    """Wait for something while servers come and go; return how long it took."""
    begun = time.monotonic()
    while True:
        try:
            if question():
                return time.monotonic() - begun
        except psycopg2.OperationalError:
            pass
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.05)


def moments(rows: int, count: int, chance: random.Random) -> list[int]:
    """Return after how many lines each blow falls: at random, in order."""
    return sorted(chance.sample(range(1, max(rows, count + 2)), count))


Blow = Callable[[], None]


def strike(
    product: Product,
    batch: str,
    *,
    phase: str,
    at: Sequence[int],
    blows: Sequence[Blow],
    figures: Figures,
    chance: random.Random,
) -> None:
    """Let each blow fall once the phase has come so far, and measure until the work goes on."""
    for mark, blow in zip(at, blows, strict=True):
        importer = stopped_in_the_midst(product, batch, phase, mark, chance)
        seen = turns_of(product, batch)
        blow()
        assert look(product, batch).state == "running", "it was not in the midst"
        _signal(importer, signal.SIGCONT)
        figures.resumes.append(taken_up(product, batch, seen))


def taken_up(product: Product, batch: str, seen: object) -> float:
    """Wait until somebody has claimed the import anew; return how long it lay still."""
    try:
        return asking(lambda: turns_of(product, batch) != seen, seconds=SECONDS_TO_RESUME)
    except AssertionError as error:
        error.add_note(f"{look(product, batch)}\n{product.log('worker')[-6_000:]}")
        raise


def stopped_in_the_midst(
    product: Product, batch: str, phase: str, mark: int, chance: random.Random
) -> int:
    """Return the importer, standing still anywhere in a chunk after so many lines.

    It goes in small steps and stands still whenever it is looked at. So the work cannot come
    to its end between the look and the blow, however quick the importer or slow the look.
    """
    begun = time.monotonic()
    while True:
        time.sleep(chance.uniform(0.005, 0.05))
        importer = importer_of(product)
        if importer and _signal(importer, signal.SIGSTOP):
            if _is_at_work(look(product, batch), phase, mark):
                return importer
            _signal(importer, signal.SIGCONT)
        assert time.monotonic() - begun < 1_800, "it did not happen in time"


def importer_of(product: Product) -> int | None:
    """Return the one process of the worker; none while the worker starts another."""
    parent = product.children["worker"].process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return int(children[0]) if children else None


def _signal(process: int, number: signal.Signals) -> bool:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


def _is_at_work(job: "Look", phase: str, mark: int) -> bool:
    assert job.state in ("queued", "running"), f"the work was over too early: {job}"
    # Two blows without a chunk between them are the file's fault at the third.
    is_fair = job.is_held and job.attempts < 2
    return is_fair and (job.stage in _AFTER or (job.stage == phase and job.done >= mark))


@dataclass(frozen=True)
class Look:
    """The newest job of an import, in one question."""

    state: str
    attempts: int
    is_held: bool
    stage: str
    done: int
    turn_at: object


def look(product: Product, batch: str) -> Look:
    (row,) = product.ask(
        "SELECT state, attempts, lease_token IS NOT NULL, stage, done, turn_at FROM jobs_job"
        " WHERE subject_id = %s ORDER BY created_at DESC, id DESC LIMIT 1",
        batch,
    )
    return Look(*row)


def turns_of(product: Product, batch: str) -> object:
    return look(product, batch).turn_at
