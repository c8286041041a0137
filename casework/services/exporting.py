"""The register's list as a sheet: what the list shows, of so many households as can be read."""

from collections.abc import Collection, Iterator
from datetime import datetime
from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from accounts.permissions import home_area
from areas.models import Area
from audit.services import record
from casework.filters import COLUMNS, Column, for_lines, lines_of
from households import permissions
from households.models import Household, Member
from households.querysets import HouseholdQuerySet
from ppaos.lib import citizen_id
from ppaos.lib.buddhist_era import format_date
from ppaos.lib.workbook import Sheet, write_workbook

MOST_ROWS = 20_000
"""Households in one sheet."""
_AT_ONCE = 500


class UnableToExport(Exception):
    """The list cannot be written. The message is for the user."""


@transaction.atomic
def register_file(
    *,
    households: HouseholdQuerySet,
    columns: Collection[str],
    narrowed_by: dict[str, str],
    by: User,
    at: datetime,
) -> tuple[IO[bytes], str]:
    """Return the list as an open workbook, and its name; IDs are masked.

    `households` are visible to `by`; `narrowed_by`, how they were chosen, goes into the audit
    with their number. Raises PermissionDenied, and UnableToExport for more than MOST_ROWS.
    """
    permissions.check_can_export(by)
    pks = list(
        households.visible_to(by)
        # Who must not be found is in no file, whoever makes it.
        .filter(is_protected=False)
        .order_by("area_id", "pk")
        .values_list("pk", flat=True)[: MOST_ROWS + 1]
    )
    if len(pks) > MOST_ROWS:
        raise UnableToExport(
            f"รายชื่อเกิน {MOST_ROWS:,} ครัวเรือนต่อไฟล์ เลือกอำเภอ ตำบล หรือตัวกรองให้แคบลงแล้วส่งออกใหม่"
        )
    shown = [column for column in COLUMNS if column.code in columns]
    headers = ["รหัสครัวเรือน", "หัวหน้าครัวเรือน", "เลขประจำตัวประชาชน (ปิดบัง)"]
    stream = BytesIO()
    write_workbook(
        stream,
        [
            Sheet(
                name="ครัวเรือน",
                headers=[*headers, *(column.label for column in shown)],
                rows=_rows(pks, shown),
            ),
            Sheet(
                name="ที่มา",
                headers=["เรื่อง", "ค่า"],
                rows=[
                    ("ผู้ส่งออก", by.name),
                    ("วันที่", format_date(at.date())),
                    ("จำนวนครัวเรือน", len(pks)),
                    ("ข้อควรระวัง", "มีข้อมูลส่วนบุคคล ใช้เฉพาะงานและลบเมื่อเลิกใช้"),
                ],
            ),
        ],
    )
    record(
        event="export.made",
        by=by,
        at=at,
        area=narrowed_by.get("area") or home_area(by),
        detail={
            "what": "register",
            "rows": len(pks),
            "columns": [c.code for c in shown],
            "filters": narrowed_by,
        },
    )
    stream.seek(0)
    return stream, f"ครัวเรือน-{at:%Y%m%d-%H%M}.xlsx"


def _rows(pks: list[UUID], shown: list[Column]) -> Iterator[list[Any]]:
    """Yield the lines, some hundred households in memory at a time."""
    has_profiles = any(column.is_of_profile for column in shown)
    for begin in range(0, len(pks), _AT_ONCE):
        some = pks[begin : begin + _AT_ONCE]
        there = for_lines(HouseholdQuerySet(Household)).in_bulk(some)
        areas = Area.objects.chains({household.area_id for household in there.values()})
        heads = _head_ids(some)
        for line in lines_of([there[pk] for pk in some], areas=areas, has_profiles=has_profiles):
            pk = line.household.pk
            yield [
                line.household.code,
                line.head,
                heads.get(pk, "ไม่มีเลข"),
                *(column.text(line) for column in shown),
            ]


def _head_ids(pks: Collection[UUID]) -> dict[UUID, str]:
    heads = Member.objects.present().filter(
        household__in=pks, is_head=True, citizen_id_index__isnull=False
    )
    return {
        head.household_id: citizen_id.mask(head.citizen_id)
        for head in heads.only("household", "citizen_id")
        if head.citizen_id
    }
