"""Figures that go out as a sheet: with the same numbers hidden, and with their origin."""

import tempfile
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from accounts.models import User
from areas.models import Area
from audit.services import record
from dashboards import permissions, queries
from dashboards.figures import Freshness, Row
from ppaos.lib.workbook import Sheet, write_workbook
from ppaos.web.templatetags.thai import thai_datetime

HIDDEN = "ซ่อน"
HEADERS = (
    "รหัสพื้นที่",
    "พื้นที่",
    "ครัวเรือนในทะเบียน",
    "ครัวเรือนเป้าหมาย",
    "คนที่มีปัญหา",
    "อยู่ใน TPMAP",
    "อยู่ใน TPMAP และสอบทานแล้ว",
    "เป้าหมายที่มีปัญหา",
    "ช่วยแล้วอย่างน้อยหนึ่งด้าน",
    "ช่วยแล้วครบทุกด้าน",
    "ครัวเรือนที่ได้รับความช่วยเหลือในปี",
    "จำนวนเงิน (บาท)",
    "เรื่องส่งต่อค้างเกินกำหนด",
    "พ้นความยากจนในปี",
)


@transaction.atomic
def breakdown_file(*, area: Area, year_be: int, by: User, at: datetime) -> tuple[IO[bytes], str]:
    """Return the table of the areas inside as an open temporary file, and its name.

    Raises PermissionDenied for who sees no figures, and Area.DoesNotExist outside their area.
    """
    permissions.check_can_see(by)
    rows = queries.breakdown(area=area, year_be=year_be, user=by)
    freshness = queries.freshness()
    # Closed by whoever serves it; on disk it has no name, so it is gone then.
    stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 << 20, prefix="ppaos-")  # noqa: SIM115
    write_workbook(
        stream,
        [
            Sheet("ตัวเลข", HEADERS, [_cells(row) for row in rows]),
            Sheet("ที่มา", ("เรื่อง", "รายละเอียด"), _origin(area, year_be, freshness, by, at)),
        ],
    )
    record(
        event="export.made",
        by=by,
        at=at,
        area=area.pk,
        detail={
            "what": "dashboard-breakdown",
            "year_be": year_be,
            "rows": len(rows),
            "hidden": sum(len(row.suppressed) for row in rows),
        },
    )
    stream.seek(0)
    return stream, f"ppaos-{area.pk}-{year_be}.xlsx"


def _cells(row: Row) -> list[Any]:
    values = (
        ("households", row.households),
        ("targets.total", row.targets),
        ("people_total", row.people_total),
        ("coverage", row.coverage.denominator),
        ("coverage", row.coverage.numerator),
        ("kpi.a", row.kpi_a.denominator),
        ("kpi.a", row.kpi_a.numerator),
        ("kpi.b", row.kpi_b.numerator),
        ("helped.households", row.helped_households),
        ("helped.baht", row.baht),
        ("referrals.overdue", row.overdue),
        ("exits", row.exits),
    )
    return [row.area, row.name, *(_cell(row, key, value) for key, value in values)]


def _cell(row: Row, key: str, value: Any) -> Any:
    """Return a number, the words for a hidden one, or nothing where nothing is known."""
    if value is not None:
        return value
    return HIDDEN if key in row.suppressed else None


def _origin(
    area: Area, year_be: int, freshness: Freshness, by: User, at: datetime
) -> list[tuple[str, str]]:
    return [
        ("พื้นที่", f"{area} ({area.pk})"),
        ("ปี พ.ศ.", str(year_be)),
        ("ข้อมูล ณ", thai_datetime(freshness.as_of)),
        ("ดาวน์โหลดโดย", by.username),
        ("ดาวน์โหลดเมื่อ", thai_datetime(at)),
        (HIDDEN, "ซ่อนตัวเลขน้อยเพื่อไม่ให้ระบุตัวบุคคลได้ และตัวเลขข้างเคียงที่ลบกลับได้"),
        ("ช่องว่าง", "ยังไม่มีข้อมูล ไม่ใช่ศูนย์"),
    ]
