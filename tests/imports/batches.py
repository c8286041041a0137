"""Lists for the whole way through an import. All people are invented; IDs belong to nobody."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from accounts.models import User
from imports import services
from imports.apply.tables import TABLES
from imports.models import ImportBatch
from imports.services.running import WORK, latest_job
from jobs.services import run
from ppaos.lib import citizen_id
from tests.imports.lines import CELLS

AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
YEAR_BE = 2567

FIRST_NAMES = ("สมศรี", "บุญมี", "ทองใบ", "มาลี", "วิชัย", "สายใจ", "ประยูร", "จันทร์เพ็ญ")
TAMBONS = (("303201", "ช้างทอง"), ("303202", "ท่าช้าง"), ("303203", "พระพุทธ"))


def line(number: int = 0, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return one faultless line of the template; `changes` are header → cell."""
    cells = {
        **CELLS,
        "รหัสบ้าน": f"3032{number // 4:07d}",
        "เลขประจำตัวประชาชน": citizen_id.generate(number),
        "คำนำหน้า": "",
        "ชื่อ": FIRST_NAMES[number % len(FIRST_NAMES)],
        "นามสกุล": f"ทดสอบ{number}",
        "วันเกิด": f"{number % 28 + 1}/4/{2490 + number % 50}",
        "เพศ": "หญิง" if number % 2 else "ชาย",
        "บ้านเลขที่": str(number // 4 + 1),
        "หมู่ที่": str(number // 4 % 9 + 1),
        "ชื่อหมู่บ้าน": "",
        "รหัสตำบล": TAMBONS[number // 4 % 3][0],
        "ตำบล": TAMBONS[number // 4 % 3][1],
        "สุขภาพ": str(number % 2),
        "รายได้": str(int(number % 3 == 0)),
    }
    return {**cells, **(changes or {})}


def people(count: int) -> list[dict[str, Any]]:
    """Return lines of `count` people, four to a household, in three tambons."""
    return [line(number) for number in range(count)]


def csv_of(lines: Sequence[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(lines[0])
    writer.writerows([each.get(header) or "" for header in lines[0]] for each in lines)
    return text.getvalue().encode("utf-8-sig")


def upload(lines: Sequence[dict[str, Any]] | bytes, by: User, **options: Any) -> ImportBatch:
    content = lines if isinstance(lines, bytes) else csv_of(lines)
    settings: dict[str, Any] = {
        "stream": io.BytesIO(content),
        "name": "รายชื่อ.csv",
        "source": "tpmap",
        "year_be": YEAR_BE,
        "by": by,
        "at": AT,
    }
    return services.upload(**{**settings, **options})


def work(batch: ImportBatch) -> ImportBatch:
    """Do the batch's waiting job here, as a worker would."""
    job = latest_job(batch)
    assert job is not None
    run(job_id=job.pk, work=WORK[job.kind])
    batch.refresh_from_db()
    return batch


def staged(lines: Sequence[dict[str, Any]] | bytes, by: User, **options: Any) -> ImportBatch:
    return work(upload(lines, by, **options))


def apply(batch: ImportBatch, by: User) -> ImportBatch:
    services.order_apply(batch=batch, by=by, at=AT)
    return work(batch)


def applied(lines: Sequence[dict[str, Any]] | bytes, by: User, **options: Any) -> ImportBatch:
    return apply(staged(lines, by, **options), by)


def undo(batch: ImportBatch, by: User) -> ImportBatch:
    services.order_undo(batch=batch, by=by, at=AT)
    return work(batch)


def state_of_register(*, with_keys: bool = True) -> dict[str, str]:
    """Return a hash per table over every column except version and times.

    Without keys, rows are compared by content: two runs make other UUIDs and nonces.
    """
    hashes = {}
    with connection.cursor() as cursor:
        for table, question in questions_of_state(with_keys=with_keys).items():
            cursor.execute(question)
            hashes[table] = cursor.fetchone()[0]
    return hashes


def questions_of_state(*, with_keys: bool) -> dict[str, str]:
    """Return the statement that tells a table's state, per table."""
    hidden = {"id", "citizen_id", "temporary_code"} | {"household_id", "member_id", "problem_id"}
    questions = {}
    for table in TABLES:
        columns = [c for c in table.compared if with_keys or c not in hidden]
        named = ", ".join(f't."{column}"' for column in columns)
        questions[table.name] = (
            f"SELECT count(*) || ':' || coalesce(md5(string_agg(x, '|' ORDER BY x)), '')"
            f" FROM (SELECT jsonb_build_array({named})::text x FROM {table.name} t) rows"
        )
    questions["areas_area"] = (
        "SELECT count(*) || md5(string_agg(code || name, '|' ORDER BY code)) FROM areas_area"
    )
    return questions
