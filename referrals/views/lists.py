"""The list of referrals: an agency's inbox, the office's, the surveyor's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import has_anywhere
from accounts.roles import Permission
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest
from referrals import permissions
from referrals.filters import NAMES, ReferralFilter
from referrals.models import Referral
from referrals.workflow import ENDED, LIVE, WITH_AGENCY, Status

PAGE_SIZE = 30


def _in(*statuses: Status) -> Callable[[date], Q]:
    values = [status.value for status in statuses]
    return lambda today: Q(status__in=values)


def _overdue(today: date) -> Q:
    return Q(due_on__lt=today, status__in=[status.value for status in LIVE])


@dataclass(frozen=True)
class Tab:
    """A part of the list: which referrals, in which order, and what to say of none."""

    code: str
    label: str
    fits: Callable[[date], Q]
    empty: tuple[str, str]
    order: tuple[str, ...] = ("due", "pk")


_NEWEST_END = ("-ended_at", "-pk")
TODO = Tab(
    "todo",
    "ต้องทำ",
    _in(*WITH_AGENCY),
    ("วันนี้ไม่มีเรื่องที่รอท่าน", "เมื่อ ศจพ. ส่งครัวเรือนมาให้หน่วยงานของท่าน เรื่องจะขึ้นที่นี่ เรียงตามวันครบกำหนด"),
)
WAITING = Tab(
    "waiting",
    "รอรับ",
    _in(Status.SUBMITTED, Status.RECEIVED),
    ("ไม่มีเรื่องที่รอรับ", "เรื่องที่ส่งมาใหม่และยังไม่ได้รับดำเนินการจะอยู่ที่นี่"),
)
WORKING = Tab(
    "working",
    "กำลังทำ",
    _in(Status.ACCEPTED, Status.IN_PROGRESS),
    ("ไม่มีเรื่องที่กำลังทำ", "เรื่องที่รับดำเนินการแล้วและยังไม่ได้แจ้งผลจะอยู่ที่นี่"),
)
TO_CHECK = Tab(
    "to-check",
    "รอสอบทาน",
    _in(Status.HELPED),
    ("ไม่มีเรื่องที่รอสอบทาน", "เมื่อหน่วยงานแจ้งว่าช่วยเหลือแล้ว เรื่องจะรอให้ผู้สอบทานไปดูที่บ้านอยู่ที่นี่"),
)
SENT_BACK = Tab(
    "returned",
    "ส่งกลับ / ปฏิเสธ",
    _in(Status.RETURNED, Status.REJECTED),
    ("ไม่มีเรื่องที่ถูกส่งกลับ", "เรื่องที่หน่วยงานขอข้อมูลเพิ่มหรือไม่อยู่ในภารกิจจะอยู่ที่นี่ เพื่อส่งใหม่หรือเปลี่ยนหน่วยงาน"),
)
OVERDUE = Tab(
    "overdue",
    "เกินกำหนด",
    _overdue,
    ("ไม่มีเรื่องที่เกินกำหนด", "เรื่องที่เลยวันครบกำหนดแล้วยังไม่มีใครทำต่อจะขึ้นที่นี่ เรื่องที่ค้างนานที่สุดอยู่บนสุด"),
)
DRAFTS = Tab(
    "drafts",
    "ร่าง",
    _in(Status.DRAFT),
    ("ไม่มีร่าง", "เรื่องที่เจ้าหน้าที่สำรวจร่างไว้จะรอให้อำเภอหรือหัวหน้าทีมตำบลส่งต่ออยู่ที่นี่"),
    ("created_at", "pk"),
)
SENT = Tab(
    "sent",
    "ส่งแล้ว",
    _in(*WITH_AGENCY),
    ("ไม่มีเรื่องที่อยู่กับหน่วยงาน", "เรื่องที่ส่งแล้วและหน่วยงานยังทำไม่เสร็จจะอยู่ที่นี่ เรียงตามวันครบกำหนด"),
)
CLOSED = Tab(
    "closed",
    "จบแล้ว",
    _in(*ENDED),
    ("ยังไม่มีเรื่องที่จบ", "เรื่องที่ปิดหรือยกเลิกแล้วจะอยู่ที่นี่ เรื่องล่าสุดอยู่บนสุด"),
    _NEWEST_END,
)

ANY = Tab(
    "",
    "ทุกเรื่องตามตัวกรอง",
    _in(*Status),
    ("ไม่มีเรื่องตามตัวกรองนี้", "ลองเลือกสถานะหรือพื้นที่อื่น"),
    ("created_at", "pk"),
)
"""When one status is asked for, no tab narrows it further."""

AGENCY_TABS = (TODO, WAITING, WORKING, TO_CHECK, SENT_BACK, CLOSED)
STAFF_TABS = (OVERDUE, SENT_BACK, DRAFTS, SENT, TO_CHECK, CLOSED)
FIELD_TABS = (TO_CHECK, DRAFTS, SENT, CLOSED)


@require_safe
@login_required
def referrals(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what waits for this person first; the rest a tab away."""
    permissions.check_can_see_list(request.user)
    today = localdate()
    visible = Referral.objects.visible_to(request.user)
    narrowed = ReferralFilter(request.GET, queryset=visible, user=request.user)
    rows = narrowed.qs if narrowed.form.is_valid() else visible.none()
    tabs = tabs_of(request.user)
    counts = rows.aggregate(**{_column(tab): Count("pk", filter=tab.fits(today)) for tab in tabs})
    chosen = ANY if narrowed.is_of_status else _chosen(request.GET.get("tab", ""), tabs, counts)
    page = keyset_page(
        rows.filter(chosen.fits(today)).for_rows(),
        order=chosen.order,
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    context = {
        "tab": chosen,
        "tabs": _links(request, tabs, counts, chosen),
        "rows": page.rows,
        "today": today,
        "filter": narrowed,
        "is_narrowed": narrowed.is_narrowed,
        "is_inbox": tabs is AGENCY_TABS,
        "answer": _answer(tabs, counts) if chosen is not ANY else _of_status(narrowed, rows),
        "can_send": has_anywhere(request.user, Permission.REFERRAL_SEND),
    }
    response = render(request, "referrals/referrals.html", context | page_links(request, page))
    response["Cache-Control"] = "no-store"
    return response


def tabs_of(user: User) -> tuple[Tab, ...]:
    """Return the parts of the list that fit a person's work."""
    if has_anywhere(user, Permission.REFERRAL_SEND):
        return STAFF_TABS
    return FIELD_TABS if has_anywhere(user, Permission.REFERRAL_READ) else AGENCY_TABS


def _column(tab: Tab) -> str:
    return tab.code.replace("-", "_")


def _chosen(code: str, tabs: tuple[Tab, ...], counts: dict[str, int]) -> Tab:
    """Return the tab of the address; without one the first that has work, as it is sorted."""
    for tab in tabs:
        if tab.code == code:
            return tab
    if tabs is not STAFF_TABS:
        return tabs[0]
    return next((tab for tab in tabs if counts[_column(tab)]), SENT)


def _links(
    request: AuthenticatedHttpRequest,
    tabs: tuple[Tab, ...],
    counts: dict[str, int],
    chosen: Tab,
) -> list[dict[str, Any]]:
    kept = [
        (name, request.GET[name]) for name in NAMES if name != "status" if request.GET.get(name)
    ]
    return [
        {
            "label": tab.label,
            "url": f"?{urlencode([('tab', tab.code), *kept])}",
            "current": tab is chosen,
            "count": counts[_column(tab)],
        }
        for tab in tabs
    ]


def _of_status(narrowed: ReferralFilter, rows: Any) -> str:
    """Say of how many the list is, where no tab counts them."""
    status = Status(narrowed.form.cleaned_data["status"])
    return f"{status.label} {rows.count():,} เรื่อง"


def _answer(tabs: tuple[Tab, ...], counts: dict[str, int]) -> str:
    """Say in one line how much waits for this person."""
    if tabs is AGENCY_TABS:
        waiting, working = counts["waiting"], counts["working"]
        if not waiting + working:
            return "วันนี้ไม่มีเรื่องที่รอหน่วยงานของท่าน"
        return f"รอรับ {waiting:,} เรื่อง กำลังทำ {working:,} เรื่อง"
    if tabs is FIELD_TABS:
        return f"รอสอบทานผลที่บ้าน {counts['to_check']:,} เรื่อง"
    return f"เกินกำหนด {counts['overdue']:,} เรื่อง ถูกส่งกลับหรือปฏิเสธ {counts['returned']:,} เรื่อง"
