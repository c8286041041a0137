"""Work lists: one's own, the team's, a village's; sharing out and handing over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import area_prefixes, common_area
from accounts.roles import Permission
from areas.models import Area
from fieldwork import permissions, services
from fieldwork.forms import AssignForm, HandOverForm
from fieldwork.models import Assignment, BackCheck
from fieldwork.querysets import AssignmentQuerySet, late_first
from fieldwork.services import VillageProgress
from fieldwork.views.finding import (
    private,
    surveyors_of,
    team_of,
    village_or_404,
    worker_or_404,
)
from households.models import Household, Member
from households.workflow import Stage
from ppaos.lib import citizen_id
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50


@require_safe
@login_required
def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the work of the team to who shares it out, and their own to everybody else."""
    permissions.check_can_see_work(request.user)
    if not permissions.can_assign(request.user):
        return redirect("fieldwork:worker", request.user.pk)
    form = AssignForm(
        people=team_of(request.user, Permission.FIELDWORK_ASSIGN),
        initial={"due_on": localdate() + timedelta(days=settings.FIELDWORK_DUE_DAYS)},
    )
    return _team_page(request, form)


def _team_page(request: AuthenticatedHttpRequest, form: AssignForm) -> HttpResponse:
    user, today = request.user, localdate()
    prefixes = area_prefixes(user, Permission.FIELDWORK_ASSIGN)
    households = Household.objects.visible_to(user).in_areas(prefixes)
    assignments = Assignment.objects.visible_to(user).in_areas(prefixes)
    villages = services.progress_by_village(
        households=households, assignments=assignments, today=today
    )
    workers = services.progress_by_worker(assignments=assignments, today=today)
    names = Area.objects.select_related("parent").in_bulk([row.code for row in villages])
    return private(
        render(
            request,
            "fieldwork/team.html",
            {
                "form": form,
                "villages": [(row, names.get(row.code)) for row in villages],
                "chosen": set(request.POST.getlist("village")),
                "workers": workers,
                "unowned": sum(row.unowned for row in workers),
                "late": sum(row.late for row in workers),
                "unassigned": sum(row.unassigned for row in villages),
                "open": sum(row.open for row in villages),
                "can_have_checked": permissions.can_have_checked(user),
                "home": Area.objects.filter(pk=common_area(prefixes)).first(),
                "to_settle": _to_settle(user),
            },
        )
    )


def _to_settle(user: User) -> int:
    if not permissions.can_have_checked(user):
        return 0
    return BackCheck.objects.visible_to(user).to_settle().count()


@require_POST
@login_required
def assign(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Give the chosen villages to a surveyor."""
    permissions.check_can_assign(request.user)
    form = AssignForm(request.POST, people=team_of(request.user, Permission.FIELDWORK_ASSIGN))
    villages = request.POST.getlist("village")
    if not villages:
        form.add_error(None, "เลือกหมู่บ้านอย่างน้อยหนึ่งหมู่บ้าน")
    if form.is_valid():
        try:
            given = services.assign_villages(
                village_codes=villages,
                surveyor=form.cleaned_data["surveyor"],
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=now(),
            )
        except services.UnableToAssign as error:
            form.add_error(error.field or None, str(error))
        else:
            who = form.cleaned_data["surveyor"]
            messages.success(request, f"มอบหมาย {given:,} ครัวเรือนให้ {who} แล้ว")
            return redirect("fieldwork:home")
    return _team_page(request, form)


# ---- one village -------------------------------------------------------------------------
@require_safe
@login_required
def village(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Show the households of a village, who visits each, and what was found."""
    area = village_or_404(request.user, code)
    return _village_page(request, area, _single_form(area))


def _single_form(area: Area, data: Any = None) -> AssignForm:
    return AssignForm(
        data,
        people=surveyors_of([area.pk]),
        initial={"due_on": localdate() + timedelta(days=settings.FIELDWORK_DUE_DAYS)},
    )


def _village_page(request: AuthenticatedHttpRequest, area: Area, form: AssignForm) -> HttpResponse:
    user = request.user
    households = Household.objects.visible_to(user).filter(area=area)
    page = keyset_page(
        households.exclude(stage=Stage.EXITED).for_list(),
        order=("pk",),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    standing = {
        row.household_id: row
        for row in Assignment.objects.standing()
        .with_visit()
        .filter(household__in=[row.pk for row in page.rows])
        .select_related("surveyor")
    }
    assignments = Assignment.objects.visible_to(user).filter(household__area=area)
    counted = services.progress_by_village(
        households=households, assignments=assignments, today=localdate()
    )
    return private(
        render(
            request,
            "fieldwork/village.html",
            {
                "area": area,
                "form": form,
                "rows": [(row, standing.get(row.pk)) for row in page.rows],
                "progress": counted[0] if counted else VillageProgress(area.pk),
                "can_assign": permissions.can_assign_in(user, area.pk),
                "today": localdate(),
            }
            | page_links(request, page),
        )
    )


@require_POST
@login_required
def assign_single(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Give chosen households of a village to a surveyor, also again; or take them back."""
    area = village_or_404(request.user, code)
    permissions.check_can_assign_in(request.user, area.pk)
    if request.POST.get("do") == "take-back":
        return _take_back(request, area)
    form = _single_form(area, request.POST)
    if form.is_valid():
        try:
            given = services.assign_households(
                household_ids=ids_in(request.POST.getlist("household")),
                surveyor=form.cleaned_data["surveyor"],
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=now(),
            )
        except services.UnableToAssign as error:
            form.add_error(error.field or None, str(error))
        else:
            who = form.cleaned_data["surveyor"]
            messages.success(request, f"มอบหมาย {given:,} ครัวเรือนให้ {who} แล้ว")
            return redirect("fieldwork:village", area.pk)
    return _village_page(request, area, form)


def _take_back(request: AuthenticatedHttpRequest, area: Area) -> HttpResponse:
    try:
        taken = services.take_back_households(
            household_ids=ids_in(request.POST.getlist("household")), by=request.user, at=now()
        )
    except services.UnableToAssign as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"เรียกคืนงาน {taken:,} ครัวเรือนแล้ว ยังไม่มีผู้รับผิดชอบ")
    return redirect("fieldwork:village", area.pk)


def ids_in(texts: list[str]) -> list[UUID]:
    """Return what can be keys; what cannot is no household of anybody's."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_safe
@login_required
def village_print(request: AuthenticatedHttpRequest, code: str) -> HttpResponse:
    """Show what a surveyor without a phone takes along: the list, and blank forms."""
    area = village_or_404(request.user, code)
    rows = list(
        Household.objects.visible_to(request.user)
        .filter(area=area, stage=Stage.LISTED)
        .for_list()
        .order_by("house_no", "pk")
    )
    services.note_print(area_code=area.pk, households=len(rows), by=request.user, at=now())
    context = {
        "area": area,
        "rows": _with_masked_id(rows),
        "blank": range(min(3, len(rows)) or 1),
        "with_forms": "forms" in request.GET,
        "printed_at": now(),
    }
    return private(render(request, "fieldwork/print.html", context))


def _with_masked_id(rows: list[Household]) -> list[tuple[Household, str]]:
    """Put the masked ID of the head, or of the first person, beside each household."""
    people = Member.objects.present().filter(household__in=[row.pk for row in rows])
    # The last one that is written wins: the head, or else the first person.
    numbers = {
        member.household_id: member.citizen_id
        for member in people.only("household", "citizen_id").order_by("is_head", "-seq", "pk")
    }
    return [(row, _masked(numbers.get(row.pk))) for row in rows]


def _masked(digits: str | None) -> str:
    return citizen_id.mask(digits) if digits else "ไม่มีเลข"


# ---- one person --------------------------------------------------------------------------
@require_safe
@login_required
def worker(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what somebody has to visit, by its day, and how far each village is."""
    person = worker_or_404(request.user, pk)
    return _worker_page(request, person, _hand_over_form(request.user, person))


def _hand_over_form(user: User, person: User, data: Any = None) -> HandOverForm | None:
    if not permissions.can_assign(user):
        return None
    others = [one for one in team_of(user, Permission.FIELDWORK_ASSIGN) if one.pk != person.pk]
    return HandOverForm(data, people=others)


def _work_of(user: User, person: User) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(user).filter(surveyor=person)


def _worker_page(
    request: AuthenticatedHttpRequest, person: User, form: HandOverForm | None
) -> HttpResponse:
    user, today = request.user, localdate()
    work = _work_of(user, person)
    villages = [
        row
        for row in services.progress_by_village(
            households=Household.objects.none(), assignments=work, today=today
        )
        if row.assigned
    ]
    names = Area.objects.select_related("parent").in_bulk([row.code for row in villages])
    rows = list(late_first(work.open()).for_list()[: PAGE_SIZE + 1])
    checks = BackCheck.objects.visible_to(user).open().filter(checker=person)
    return private(
        render(
            request,
            "fieldwork/worker.html",
            {
                "person": person,
                "is_own": person.pk == user.pk,
                "rows": rows[:PAGE_SIZE],
                "more": len(rows) > PAGE_SIZE,
                "villages": [(row, names.get(row.code)) for row in villages],
                "open": sum(row.open for row in villages),
                "late": sum(row.late for row in villages),
                "done": sum(row.done for row in villages),
                "checks": list(checks.for_list().order_by("due_on", "pk")[:PAGE_SIZE]),
                "unowned": work.open().unowned(on=today).count(),
                "form": form,
                "today": today,
            },
        )
    )


@require_POST
@login_required
def hand_over(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Hand everything that somebody has open to somebody else."""
    person = worker_or_404(request.user, pk)
    permissions.check_can_assign(request.user)
    form = _hand_over_form(request.user, person, request.POST)
    assert form is not None
    if form.is_valid():
        try:
            passed = services.hand_over(
                leaver=person,
                taker=form.cleaned_data["taker"],
                due_on=form.cleaned_data["due_on"],
                by=request.user,
                at=now(),
            )
        except services.UnableToAssign as error:
            form.add_error(error.field or None, str(error))
        else:
            taker = form.cleaned_data["taker"]
            messages.success(request, f"ส่งมอบงาน {passed:,} รายการจาก {person} ให้ {taker} แล้ว")
            return redirect("fieldwork:worker", taker.pk)
    return _worker_page(request, person, form)
