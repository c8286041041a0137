"""The board of an area, and the rows that break one rule."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.models import User
from areas.models import Area, Level
from duplicates.permissions import can_look
from households.models import Household, Member
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest
from quality import permissions, services
from quality.models import Exemption
from quality.rules import Rule
from quality.views.choosing import area_or_404, rule_or_404

PAGE_SIZE = 50
MOST_EXEMPTIONS = 100


@dataclass(frozen=True, slots=True)
class Violation:
    """A row as the list shows it: who, and where to mend or excuse it."""

    household: Household
    member: Member | None
    mend_url: str
    excuse_url: str


@require_safe
@login_required
def board(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say what is wrong in the data of an area, and where to begin."""
    permissions.check_can_see(request.user)
    above = area_or_404(request.GET.get("area"), request.user)
    area = above[-1]
    recorder = _recorder(request.GET.get("recorder", ""), area, request.user)
    found = services.board(area=area, by=request.user, recorder=recorder.pk if recorder else None)
    more = {"recorder": str(recorder.pk)} if recorder else {}
    context = {
        "title": f"คุณภาพข้อมูล {area.get_level_display()}{area.name}",
        "crumbs": [{"label": str(place), "url": f"?area={place.pk}"} for place in above[:-1]],
        "area": area,
        "recorder": recorder,
        "board": found,
        "lines": [(line, _rule_url(line.rule, area, **more)) for line in found.lines if line.found],
        "clean": [line.rule for line in found.lines if not line.found],
        "areas": [(line, _place(line.area)) for line in found.areas if line.area.pk != area.pk],
        "most_in_area": max((line.found for line in found.areas), default=0),
        "most_in_rule": max((line.found for line in found.lines), default=0),
        "most_in_day": max((day.found for day in found.trend), default=0),
        "trend_is_of_tambon": area.level == Level.VILLAGE,
        "inside": {"PROVINCE": "อำเภอ", "DISTRICT": "ตำบล", "SUBDISTRICT": "หมู่บ้าน"}.get(
            area.level, ""
        ),
        "can_set_rules": permissions.can_set_rules(request.user),
        "sees_duplicates": can_look(request.user),
    }
    return render(request, "quality/board.html", context)


@require_safe
@login_required
def violations(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the rows that break one rule, as they stand now; what is mended is not among them."""
    permissions.check_can_see(request.user)
    area = area_or_404(request.GET.get("area"), request.user)[-1]
    standing = rule_or_404(request.GET.get("rule"), area)
    recorder = _recorder(request.GET.get("recorder", ""), area, request.user)
    ask = services.ask_in(standing, [area.pk], today=localdate())
    rows = services.rows_of(
        standing, ask, user=request.user, recorder=str(recorder.pk) if recorder else ""
    )
    page = keyset_page(
        _for_list(rows, of_members=standing.rule.of_members),
        order=["household__area_id", "pk"] if standing.rule.of_members else ["area_id", "pk"],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    total = rows.count()
    context = {
        "title": standing.rule.title,
        "standing": standing,
        "rule": standing.rule,
        "area": area,
        "recorder": recorder,
        "total": total,
        "kept_back": 0 if recorder else services.found_rows(standing, ask).count() - total,
        "violations": [_violation(standing.rule, row) for row in page.rows],
        "exemptions": _exemptions(standing.rule, area, request.user),
        "board_url": f"/quality/?area={area.pk}",
    }
    response = render(request, "quality/violations.html", context | page_links(request, page))
    response["Cache-Control"] = "no-store"
    return response


def _rule_url(rule: Rule, area: Area, **more: str) -> str:
    return f"/quality/rows/?{urlencode({'rule': rule.code, 'area': area.pk, **more})}"


def _place(area: Area) -> str:
    return f"หมู่ {int(area.pk[6:])} {area}" if area.level == Level.VILLAGE else str(area)


def _recorder(said: str, area: Area, user: User) -> User | None:
    """Return the surveyor whose rows are asked for; others' only for who sees surveyors."""
    if not said:
        return None
    try:
        found = User.objects.filter(pk=UUID(said)).first()
    except ValueError as error:
        raise Http404("ไม่รู้จักผู้สำรวจนี้") from error
    if found is None or (found != user and not permissions.sees_surveyors(user, area.pk)):
        raise Http404("ไม่รู้จักผู้สำรวจนี้")
    return found


def _for_list(rows: "QuerySet[Any]", *, of_members: bool) -> "QuerySet[Any]":
    present = Member.objects.present().defer("citizen_id").order_by("-is_head", "seq", "pk")
    if of_members:
        return rows.defer("citizen_id").select_related("household__area__parent__parent__parent")
    return (
        rows.select_related("area__parent__parent__parent")
        .defer("phone")
        .prefetch_related(Prefetch("members", queryset=present, to_attr="present_members"))
    )


def _violation(rule: Rule, row: Any) -> Violation:
    household = row.household if rule.of_members else row
    member = row if rule.of_members else None
    # A rule about the household may be mended at its first person.
    first = member or next(iter(getattr(household, "present_members", ())), None)
    return Violation(
        household=household,
        member=member,
        mend_url=rule.mend.url(household=household.pk, member=first.pk if first else None),
        excuse_url=f"/quality/{rule.code}/{row.pk}/excuse/",
    )


def _exemptions(rule: Rule, area: Area, user: User) -> list[Exemption]:
    """Return what is excused here, also where the row has changed since."""
    found = Exemption.objects.visible_to(user).standing().in_area(area.pk)
    rows = found.filter(rule=rule.code).select_related("made_by", "household")
    return list(rows.order_by("-made_at", "-pk")[:MOST_EXEMPTIONS])
