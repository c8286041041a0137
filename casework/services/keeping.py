"""What a person keeps of the register's list: views under a name, and the columns shown."""

from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.permissions import home_area
from audit.services import record
from casework.filters import COLUMNS, NAMES, SORT
from casework.models import ListColumns, SavedView
from households import permissions

MOST_VIEWS = 30
LONGEST_NAME = 60
LONGEST_QUERY = 500


class UnableToKeep(Exception):
    """The view cannot be kept so. The message is for the user."""


@transaction.atomic
def save_view(
    *, name: str, chosen: Mapping[str, str], is_shared: bool, by: User, at: datetime
) -> SavedView:
    """Keep filters and order under a name; the same name again replaces the view.

    A shared one is seen by everybody who works in the person's own area. Only what may
    stand in an address is kept. Raises PermissionDenied and UnableToKeep.
    """
    permissions.check_sees_households(by)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise UnableToKeep(f"ตั้งชื่อมุมมอง ไม่เกิน {LONGEST_NAME} ตัวอักษร")
    query = urlencode([(key, chosen[key]) for key in (*NAMES, SORT) if chosen.get(key)])
    if not query:
        raise UnableToKeep("เลือกตัวกรองหรือการเรียงอย่างน้อยหนึ่งอย่างก่อนบันทึกมุมมอง")
    if len(query) > LONGEST_QUERY:
        raise UnableToKeep("ตัวกรองยาวเกินไป เลือกตัวกรองใหม่แล้วบันทึกอีกครั้ง")
    area = home_area(by)
    if is_shared and not area:
        raise UnableToKeep("ท่านดูแลหลายจังหวัด จึงแบ่งมุมมองให้พื้นที่เดียวไม่ได้ บันทึกไว้ใช้เองได้")
    own = SavedView.objects.filter(owner=by)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise UnableToKeep(f"เก็บได้ {MOST_VIEWS} มุมมอง ลบมุมมองที่ไม่ใช้ก่อน")
    view, _ = SavedView.objects.update_or_create(
        owner=by,
        name=name,
        defaults={"query": query, "area_id": area if is_shared else None, "saved_at": at},
    )
    record(
        event="view.saved", subject=view, by=by, at=at, area=area, detail={"is_shared": is_shared}
    )
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: User, at: datetime) -> None:
    """Forget a view of one's own. Raises PermissionDenied for another's."""
    if view.owner_id != by.pk:
        raise PermissionDenied("ลบได้เฉพาะมุมมองที่ท่านบันทึกเอง")
    record(event="view.deleted", subject=view, by=by, at=at, area=home_area(by))
    view.delete()


@transaction.atomic
def choose_columns(*, names: Collection[str], by: User) -> None:
    """Remember which columns of the list this person wants; unknown names are left out.

    Not recorded: it changes nothing but how one person's list looks.
    """
    permissions.check_sees_households(by)
    wanted = [column.code for column in COLUMNS if column.code in names]
    ListColumns.objects.update_or_create(owner=by, defaults={"columns": wanted})
