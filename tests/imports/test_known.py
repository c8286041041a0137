"""What is known from an earlier import is taken over, and nothing comes out otherwise than without.

Every story is told twice, with and without the shortcut, from the same beginning.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from areas.models import Area
from households.models import Household, Member
from imports.apply.known import Known
from imports.models import ImportBatch
from problems.models import IndicatorSet
from tests.imports.batches import (
    applied,
    apply,
    line,
    people,
    staged,
    state_of_register,
    undo,
)
from tests.proof import times

pytestmark = pytest.mark.django_db

Lines = list[dict[str, Any]]
Told = list[tuple[Any, ...]]
Step = Callable[[random.Random, Lines, User], ImportBatch | None]


class _BackToTheBeginning(Exception):
    pass


def told(batch: ImportBatch) -> tuple[Any, ...]:
    """Return what was said of every line, and what it did."""
    batch.refresh_from_db()
    columns = ("row", "verdict", "codes", "action", "household_action", "is_applied")
    rows = [*batch.rows.order_by("row").values_list(*columns)]
    issues = [*batch.issues.order_by("row", "column", "code").values_list("row", "column", "code")]
    payloads = [row.open_payload() for row in batch.rows.order_by("row")]
    return batch.state, batch.effect, rows, issues, payloads


# ---- what may happen ------------------------------------------------------------------
def the_same_again(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    return applied(lines, by, reimport_reason="อีกครั้ง")


def some_changed(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    for number in chance.sample(range(len(lines)), 2):
        lines[number]["ความเป็นอยู่"] = chance.choice("01")
        lines[number]["บัตรสวัสดิการแห่งรัฐ"] = chance.choice("01")
    return applied(lines, by, reimport_reason="บางแถวเปลี่ยน")


def one_left_out(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    del lines[chance.randrange(len(lines))]
    return applied(lines, by, reimport_reason="ขาดไปหนึ่ง")


def one_twice(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    again = dict(chance.choice(lines))
    if chance.random() < 0.5:
        again["นามสกุล"] = "อื่น"
    lines.insert(chance.randrange(len(lines)), again)
    return applied(lines, by, reimport_reason="ซ้ำ")


def shuffled(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    chance.shuffle(lines)
    return applied(lines, by, reimport_reason="สลับแถว")


def only_looked_at(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    return staged(lines, by, reimport_reason="ดูเฉย ๆ")


def another_list(chance: random.Random, lines: Lines, by: User) -> ImportBatch:
    other = [{**each, "บ้านเลขที่": "77"} for each in lines[:4]]
    return applied(other, by, reimport_reason="ปีก่อน", year_be=2566)


def edited_by_hand(chance: random.Random, lines: Lines, by: User) -> None:
    people_now = list(Member.objects.order_by("first_name", "last_name"))
    if not people_now:
        return
    person = chance.choice(people_now)
    person.relation = chance.choice(("บุตร", "ญาติ", ""))
    person.version += 1
    person.save()


def moved_by_hand(chance: random.Random, lines: Lines, by: User) -> None:
    homes = list(Household.objects.order_by("house_code"))
    if not homes:
        return
    home = chance.choice(homes)
    home.house_no = chance.choice(("9/9", home.house_no))
    home.version += 1
    home.save()


def latest_undone(chance: random.Random, lines: Lines, by: User) -> ImportBatch | None:
    latest = ImportBatch.objects.filter(state="applied").order_by("uploaded_at", "pk").last()
    return undo(latest, by) if latest else None


def a_village_renamed(chance: random.Random, lines: Lines, by: User) -> None:
    village = Area.objects.filter(level="VILLAGE").order_by("code").first()
    if village:
        village.name = f"บ้านใหม่ {chance.randrange(9)}"
        village.save()


def a_new_edition(chance: random.Random, lines: Lines, by: User) -> None:
    IndicatorSet.objects.order_by("pk").update(year_to=chance.choice((2566, 2569, 2570)))


STEPS: tuple[Step, ...] = (
    *(the_same_again, the_same_again, some_changed, one_left_out, one_twice, shuffled),
    *(only_looked_at, another_list, edited_by_hand, moved_by_hand, latest_undone),
    *(a_village_renamed, a_new_edition),
)


def tell(seed: int, by: User) -> tuple[Told, dict[str, str]]:
    """Let things happen as the seed has it, then forget them; return what was seen."""
    chance = random.Random(seed)
    lines = [{**each, "ปีข้อมูล TPMAP": ""} for each in people(12)]
    seen: Told = []
    state: dict[str, str] = {}
    try:
        with transaction.atomic():
            seen.append(told(applied(lines, by)))
            for step in chance.choices(STEPS, k=4):
                batch = step(chance, lines, by)
                seen.append((step.__name__, told(batch) if batch else None))
            seen.append(told(the_same_again(chance, lines, by)))
            state = state_of_register(with_keys=False)
            raise _BackToTheBeginning
    except _BackToTheBeginning:
        return seen, state


@pytest.mark.parametrize("seed", range(times(6, full=300)))
def test_with_and_without_the_shortcut_the_same_happens(
    seed: int, admin: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.IMPORT_CHUNK_LINES = random.Random(seed).choice((5, 9, 1_000))
    with_it = tell(seed, admin)
    monkeypatch.setattr(Known, "before", lambda batch, basis: None)
    without_it = tell(seed, admin)

    assert with_it == without_it


def test_an_unchanged_household_is_not_planned_again(
    admin: User,
) -> None:
    """The lines of the last household may go on in a next chunk, so it is planned."""
    applied(people(12), admin)
    batch = staged(people(12), admin, reimport_reason="อีกครั้ง")
    known = batch.rows.filter(known_from__isnull=False)
    planned = batch.rows.filter(known_from__isnull=True).values_list("row", flat=True)

    assert sorted(planned) == [10, 11, 12, 13]
    assert set(known.values_list("action", flat=True)) == {"unchanged"}


def test_what_was_unchanged_when_staged_is_looked_at_again_when_applied(admin: User) -> None:
    applied(people(12), admin)
    batch = staged(people(12), admin, reimport_reason="อีกครั้ง")
    Member.objects.filter(first_name=line(0)["ชื่อ"]).update(version=2, sex="")
    batch = apply(batch, admin)

    assert batch.effect["applied"] == 12
    assert batch.effect["members_updated"] >= 1


def test_another_basis_knows_nothing(admin: User) -> None:
    applied(people(12), admin)
    ImportBatch.objects.update(layout={"parts": [], "basis": "another"})
    batch = staged(people(12), admin, reimport_reason="อีกครั้ง")

    assert not batch.rows.filter(known_from__isnull=False).exists()
