"""Lines of households that the reader may not open: their values are kept from them.

A line says where people live, as the register does; who may not find a household there must
not find it in the file that brought it.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from areas.querysets import within
from households.models import Household, ProtectedAccess
from households.querysets import not_hidden_from
from imports.models import ImportBatch, ImportRow

CLOSED = "ค่าของแถวนี้ปิดไว้ เพราะครัวเรือนอยู่นอกสิทธิของท่าน"
"""Said alike of a household that moved away and of one that must not be found."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Households that somebody may not open, and the lines whose values they may not see."""

    homes: frozenset[uuid.UUID]
    lines: frozenset[int]

    def payload_of(self, row: ImportRow) -> dict[str, Any]:
        """Open a line, or return one that says nothing, as when its time is up."""
        if row.row in self.lines:
            return {"raw": [], "normalised": {}, "notes": []}
        return row.open_payload()

    def home_of(self, row: ImportRow) -> uuid.UUID | None:
        return None if row.household_id in self.homes else row.household_id


def closed_to(by: User, *, batch: ImportBatch, rows: Iterable[ImportRow]) -> Closed:
    """Return what of these lines is closed to `by`; two queries, none without a household.

    Closed is what is in the register, there under protection that does not name `by` or by now
    outside the areas `by` imports for. A line that is not in the register says what the file
    says: of one under protection only whoever sent the file sees that.
    """
    rows = list(rows)
    homes, hidden = closed_homes(by, (row.household_id for row in rows))
    own = batch.uploaded_by_id == by.pk
    return Closed(
        homes,
        frozenset(
            row.row
            for row in rows
            if (row.household_id in homes and row.is_applied)
            or (row.household_id in hidden and not own)
        ),
    )


def closed_homes(
    by: User, asked: Iterable[uuid.UUID | None]
) -> tuple[frozenset[uuid.UUID], frozenset[uuid.UUID]]:
    """Return which of these households `by` may not open, and which of them are protected."""
    wanted = {pk for pk in asked if pk}
    if not wanted:
        return frozenset(), frozenset()
    rows = Household.objects.filter(pk__in=wanted)
    places = {
        *area_prefixes(by, Permission.IMPORT),
        *area_prefixes(by, Permission.IMPORT_APPROVE),
    }
    named = ProtectedAccess.objects.live(on=localdate())
    is_open = within(places, column="area_id") & not_hidden_from(by, named)
    # What was merged is where the other one is.
    is_there = Q(merged_into__isnull=True) | (
        within(places, column="merged_into__area_id")
        & not_hidden_from(by, named, to="merged_into__")
    )
    opened = set(rows.filter(is_open & is_there).values_list("pk", flat=True))
    found = rows.values_list("pk", "is_protected", "merged_into__is_protected")
    closed = {pk: any(hidden) for pk, *hidden in found if pk not in opened}
    return frozenset(closed), frozenset(pk for pk, is_hidden in closed.items() if is_hidden)


def check_shows_nothing_hidden(batch: ImportBatch, *, by: User) -> None:
    """Raise PermissionDenied if the file as it was sent shows `by` a line that is protected.

    It shows all its lines at once. Who moved away is no ground: the file is the office's own.
    """
    own = ProtectedAccess.objects.live(on=localdate()).filter(user=by.pk).values("household")
    hidden = Household.objects.filter(
        (Q(is_protected=True) & ~Q(pk__in=own))
        | (Q(merged_into__is_protected=True) & ~Q(merged_into__in=own))
    )
    rows = batch.rows.filter(household__in=hidden.values("pk"))
    if batch.uploaded_by_id == by.pk:
        rows = rows.filter(is_applied=True)
    if rows.exists():
        raise PermissionDenied(
            "ไฟล์นี้มีแถวของครัวเรือนที่อยู่นอกสิทธิของท่าน จึงดาวน์โหลดทั้งไฟล์ไม่ได้ ดูแถวอื่นได้ในหน้า “ทุกแถวของไฟล์”"
        )
