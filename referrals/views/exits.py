"""Leaving the targets: what waits, who could be proposed, one proposal and its evidence."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import area_prefixes, check_has_anywhere, common_area
from accounts.roles import Permission
from areas.models import Area
from households import permissions
from households import services as households
from households.models import Exit, Household
from households.querysets import ExitQuerySet, HouseholdQuerySet
from households.workflow import ExitReason, ExitState, Stage
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest
from referrals import services
from referrals.forms.exits import ExitReasonForm, GraduateForm, NarrowForm, NewExitForm
from referrals.models import Referral
from referrals.services import Evidence
from referrals.services.evidence import from_json
from referrals.services.graduating import STAGES
from referrals.views.finding import household_or_404

PAGE_SIZE = 20


# ---- the lists ---------------------------------------------------------------------------
class Row(NamedTuple):
    """One exit of a list, what it rests on, and what this person may do with it."""

    exit: Exit
    evidence: Evidence | None
    can_decide: bool


NARROWED_BY = ("area", "reason")
TABS = {"waiting": "รออนุมัติ", "eligible": "ครบเกณฑ์ ยังไม่ได้เสนอ", "decided": "ตัดสินแล้ว"}


@require_safe
@login_required
def exits(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what waits for a decision, who meets the rule, and what was decided."""
    check_has_anywhere(request.user, Permission.HOUSEHOLD_READ)
    narrow = NarrowForm(request.GET, places=_places(request.user))
    visible, able = _narrowed(request.user, narrow)
    counts: dict[str, int | None] = {
        "waiting": visible.waiting().count(),
        "eligible": able.count(),
        "decided": None,
    }
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    context = {
        "tab": tab,
        "tabs": _tabs(request, tab, counts),
        "counts": counts,
        "narrow": narrow,
        "is_narrowed": any(request.GET.get(name) for name in NARROWED_BY),
        "rule": services.exit_rule(),
    }
    listed = _eligible(request, able) if tab == "eligible" else _of_tab(request, visible, tab)
    return _private(render(request, "referrals/exits.html", context | listed))


def _places(user: User) -> list[Area]:
    """Return the areas right below what the person answers for."""
    home = common_area(area_prefixes(user, Permission.HOUSEHOLD_READ))
    return list(Area.objects.children_of(home).order_by("code"))


def _narrowed(user: User, narrow: NarrowForm) -> tuple[ExitQuerySet, HouseholdQuerySet]:
    """Return the exits and the households that could be proposed, as far as was asked for."""
    visible = Exit.objects.visible_to(user)
    able = services.eligible_for_graduation(Household.objects.visible_to(user))
    if not narrow.is_valid():
        return visible.none(), able.none()
    if area := narrow.cleaned_data["area"]:
        visible, able = visible.in_area(area), able.in_area(area)
    if reason := narrow.cleaned_data["reason"]:
        visible = visible.filter(reason=reason)
    return visible, able


def _tabs(
    request: AuthenticatedHttpRequest, current: str, counts: dict[str, int | None]
) -> list[dict[str, Any]]:
    kept = [(name, request.GET[name]) for name in NARROWED_BY if request.GET.get(name)]
    return [
        {
            "label": label,
            "url": f"?{urlencode([('tab', code), *kept])}",
            "current": code == current,
            "count": counts[code],
        }
        for code, label in TABS.items()
    ]


def _of_tab(request: AuthenticatedHttpRequest, visible: ExitQuerySet, tab: str) -> dict[str, Any]:
    waits = tab == "waiting"
    page = keyset_page(
        (visible.waiting() if waits else visible.decided()).for_list(),
        order=("proposed_at", "pk") if waits else ("-decided_at", "-pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    rows = [
        Row(row, from_json(row.evidence), permissions.can_decide_exit(request.user, row))
        for row in page.rows
    ]
    return {"rows": rows} | page_links(request, page)


def _eligible(request: AuthenticatedHttpRequest, able: HouseholdQuerySet) -> dict[str, Any]:
    page = keyset_page(
        able.for_list(),
        order=("area_id", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    return {"households": page.rows} | page_links(request, page)


# ---- one exit ----------------------------------------------------------------------------
@require_safe
@login_required
def exit_page(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show one proposal: what it means, what it rests on, what became of it."""
    proposal = _exit_or_404(request.user, pk)
    household = proposal.household
    households.note_read(household=household, by=request.user, at=now())
    evidence = from_json(proposal.evidence)
    waits = proposal.state == ExitState.PROPOSED
    decides = permissions.can_decide_exit(request.user, proposal)
    context = {
        "exit": proposal,
        "household": household,
        "evidence": evidence,
        "since": _changed_since(evidence, household) if waits else (),
        "live_referrals": Referral.objects.live().filter(household=household).count(),
        "others": household.exits.exclude(pk=pk).order_by("-proposed_at", "-pk"),
        "stage_before": Stage(proposal.stage_before),
        "waits": waits,
        "can_decide": waits and decides,
        "can_withdraw": waits and _can_withdraw(request.user, proposal),
        "can_revoke": proposal.state == ExitState.APPROVED and decides,
        "form": ExitReasonForm(),
    }
    return _private(render(request, "referrals/exit.html", context))


def _exit_or_404(user: User, pk: UUID) -> Exit:
    return get_object_or_404(Exit.objects.visible_to(user).for_list(), pk=pk)


def _can_withdraw(user: User, proposal: Exit) -> bool:
    made_here = proposal.verification_id is None
    return made_here and permissions.can_withdraw_exit(user, proposal)


def _changed_since(evidence: Evidence | None, household: Household) -> tuple[Any, ...]:
    """Return the criteria that were met at the proposal and are not now."""
    if evidence is None:
        return ()
    met = {row.code for row in evidence.criteria if row.met}
    today = services.graduation_evidence(household=household, reason=evidence.reason)
    return tuple(row for row in today.unmet if row.code in met)


@require_POST
@login_required
def approve(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    proposal = _exit_or_404(request.user, pk)
    act = partial(households.approve_exit, proposal=proposal)
    return _carried_out(request, proposal, act, done="อนุมัติแล้ว ครัวเรือนพ้นเป้าหมาย")


@require_POST
@login_required
def reject(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    proposal = _exit_or_404(request.user, pk)
    act = partial(households.reject_exit, proposal=proposal, reason=_reason(request))
    return _carried_out(request, proposal, act, done="ไม่อนุมัติ ครัวเรือนกลับไปอยู่ในสถานะเดิม")


@require_POST
@login_required
def withdraw(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Take back one's own proposal; of others there is nothing here."""
    own = Exit.objects.visible_to(request.user).filter(proposed_by=request.user)
    proposal = get_object_or_404(own.select_related("household"), pk=pk)
    act = partial(households.withdraw_exit, proposal=proposal)
    return _carried_out(request, proposal, act, done="ถอนข้อเสนอแล้ว ครัวเรือนกลับไปอยู่ในสถานะเดิม")


@require_POST
@login_required
def revoke(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    proposal = _exit_or_404(request.user, pk)
    act = partial(households.revoke_exit, proposal=proposal, reason=_reason(request))
    return _carried_out(request, proposal, act, done="ยกเลิกการพ้นเป้าหมายแล้ว ครัวเรือนเป็นเป้าหมายอีกครั้ง")


def _carried_out(
    request: AuthenticatedHttpRequest, proposal: Exit, act: Callable[..., None], *, done: str
) -> HttpResponse:
    """Do it, say what became of it, and return the person to where they pressed."""
    try:
        act(by=request.user, at=now())
    except households.UnableToExit as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(request, proposal)


def _reason(request: AuthenticatedHttpRequest) -> str:
    """Return what was typed; the service says what is wrong with nothing."""
    form = ExitReasonForm(request.POST)
    return form.cleaned_data["reason"] if form.is_valid() else ""


def _back(request: AuthenticatedHttpRequest, proposal: Exit) -> HttpResponse:
    """Return the person to where they pressed."""
    back = request.POST.get("back")
    if back == "list":
        return redirect("referrals:exits")
    if back == "file":
        return redirect("casework:case-file", proposal.household_id)
    return redirect("referrals:exit", proposal.pk)


# ---- proposing ---------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def graduate(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Hold a household against the rule: what is met, what is missing, and the proposal."""
    household = household_or_404(request.user, pk)
    if request.method == "POST":
        permissions.check_can_propose_exit(request.user, household)
    households.note_read(household=household, by=request.user, at=now())
    evidence = services.graduation_evidence(household=household)
    ways = _ways(evidence, household)
    form = GraduateForm(
        request.POST if request.method == "POST" else None,
        ways=ways,
        initial={"reason": evidence.reason_suggested if ways else None},
    )
    if form.is_valid():
        try:
            proposal = services.propose_graduation(
                household=household,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except households.UnableToExit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "เสนอแล้ว รออำเภอหรือจังหวัดอนุมัติ")
            return redirect("referrals:exit", proposal.pk)

    context = {
        "household": household,
        "evidence": evidence,
        "form": form,
        "ways": ways,
        "in_question": household.stage in STAGES,
        "standing": _standing(household),
        "can_propose": permissions.can_propose_exit(request.user, household),
        "rule": services.exit_rule(),
    }
    return _private(render(request, "referrals/exit_graduate.html", context))


def _ways(evidence: Evidence, household: Household) -> list[ExitReason]:
    """Return how the household may leave now, what is suggested first."""
    if household.stage not in STAGES:
        return []
    care = services.graduation_evidence(household=household, reason=ExitReason.CONTINUING_CARE)
    ways = [row.reason for row in (evidence, care) if row.is_met]
    return sorted(ways, key=lambda way: way is not evidence.reason_suggested)


def _standing(household: Household) -> Exit | None:
    """Return the proposal that waits or the exit that stands, if there is one."""
    return household.exits.filter(state__in=[ExitState.PROPOSED, ExitState.APPROVED]).first()


@require_http_methods(["GET", "POST"])
@login_required
def exit_new(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Propose that a household leaves because it moved, died out, stands twice, or is cared for."""
    household = household_or_404(request.user, pk)
    permissions.check_can_propose_exit(request.user, household)
    form = NewExitForm(request.POST or None)

    if form.is_valid():
        try:
            proposal = services.propose_leaving(
                household=household,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except households.UnableToExit as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "เสนอแล้ว รออำเภอหรือจังหวัดอนุมัติ")
            return redirect("referrals:exit", proposal.pk)

    context = {"household": household, "form": form, "standing": _standing(household)}
    return _private(render(request, "referrals/exit_new.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
