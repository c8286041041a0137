"""From the open problems of one household to agencies."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from households.models import Household
from households.permissions import can_verify
from households.workflow import Stage
from ppaos.web.request import AuthenticatedHttpRequest
from problems.models import Problem
from referrals import permissions, services
from referrals.forms.referring import ReferForm
from referrals.models import Referral
from referrals.views.finding import household_or_404
from referrals.workflow import Urgency

ALL = "all"
HELPED_STAGES = (Stage.VERIFIED_POOR, Stage.IN_HELP)


@dataclass
class Offer:
    """One open problem: where it is already, whom the rules propose, and the form to send it."""

    problem: Problem
    live: list[Referral]
    routing: services.Routing
    form: ReferForm

    @property
    def is_new(self) -> bool:
        return not self.live


@require_http_methods(["GET", "POST"])
@login_required
def refer(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Propose an agency for each open problem; send one, or all that are not yet sent."""
    household = household_or_404(request.user, pk)
    permissions.check_can_draft(request.user, household)
    can_send = permissions.can_send(request.user, household)
    wanted = request.POST.get("send", "")
    offers = _offers(request, household, wanted=wanted, needs_agency=can_send)

    if request.method == "POST":
        chosen = [
            offer
            for offer in offers
            if str(offer.problem.pk) == wanted or (wanted == ALL and offer.is_new)
        ]
        if not chosen:
            return HttpResponseBadRequest("ไม่มีปัญหาที่เลือก")
        done = [offer for offer in chosen if _hand_over(request, offer, can_send=can_send)]
        if done:
            messages.success(request, _told(done, can_send=can_send))
        if len(done) == len(chosen):
            return redirect("referrals:refer", pk)
        offers = _fresh(request, household, offers, done, needs_agency=can_send)

    response = render(
        request,
        "referrals/refer.html",
        {
            "household": household,
            "offers": offers,
            "refused": next((o.form for o in offers if o.form.is_bound and o.form.errors), None),
            "can_send": can_send,
            "can_be_helped": household.stage in HELPED_STAGES,
            "waits_for_visit": household.stage == Stage.LISTED,
            "can_verify": can_verify(request.user, household),
            "sendable": sum(offer.is_new for offer in offers),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _offers(
    request: AuthenticatedHttpRequest, household: Household, *, wanted: str, needs_agency: bool
) -> list[Offer]:
    """Return the open problems with their forms; the form that was sent is bound."""
    problems = list(Problem.objects.of_household(household).open().for_panel())
    live: dict[Any, list[Referral]] = {}
    rows = Referral.objects.visible_to(request.user).live().filter(household=household)
    for row in rows.select_related("agency", "created_by").order_by("created_at", "pk"):
        row.household = household
        live.setdefault(row.problem_id, []).append(row)
    offers = []
    for problem in problems:
        problem.household = household
        routing = services.propose_agency(problem=problem)
        found = live.get(problem.pk, [])
        is_sent = wanted == str(problem.pk) or (wanted == ALL and not found)
        form = _form(request, problem, routing, is_sent=is_sent, needs_agency=needs_agency)
        offers.append(Offer(problem, found, routing, form))
    return offers


def _form(
    request: AuthenticatedHttpRequest,
    problem: Problem,
    routing: services.Routing,
    *,
    is_sent: bool,
    needs_agency: bool,
) -> ReferForm:
    prefix = problem.pk.hex
    initial: dict[str, Any] = {
        "agency": routing.agency.pk if routing.agency else None,
        "urgency": Urgency.NORMAL.value,
        "need": problem.need_text or "",
    }
    return ReferForm(
        request.POST if is_sent else None,
        prefix=prefix,
        household=problem.household,
        initial=initial | ReferForm.typed(request.POST, prefix=prefix),
        needs_agency=needs_agency,
    )


def _hand_over(request: AuthenticatedHttpRequest, offer: Offer, *, can_send: bool) -> bool:
    """Send a problem, or draft it; return whether it went, with the reason in the form if not."""
    form = offer.form
    if not form.is_valid():
        return False
    act = services.refer_problem if can_send else services.create_referral
    try:
        act(
            problem=offer.problem,
            agency=form.chosen_agency,
            urgency=form.cleaned_data["urgency"],
            need=form.cleaned_data["need"],
            by=request.user,
            at=now(),
        )
    except services.UnableToRefer as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    return True


def _told(done: list[Offer], *, can_send: bool) -> str:
    dimensions = " ".join(offer.problem.get_dimension_display() for offer in done)
    if can_send:
        return f"ส่งต่อแล้ว {len(done)} เรื่อง: {dimensions} หน่วยงานเห็นเรื่องทันที"
    return f"บันทึกร่างแล้ว {len(done)} เรื่อง: {dimensions} รออำเภอหรือหัวหน้าทีมตำบลส่ง"


def _fresh(
    request: AuthenticatedHttpRequest,
    household: Household,
    offers: list[Offer],
    done: list[Offer],
    *,
    needs_agency: bool,
) -> list[Offer]:
    """Show what went as it is now, and what did not with its errors."""
    refused = {offer.problem.pk: offer for offer in offers if offer not in done}
    now_there = _offers(request, household, wanted="", needs_agency=needs_agency)
    return [
        Offer(offer.problem, offer.live, offer.routing, refused[offer.problem.pk].form)
        if offer.problem.pk in refused
        else offer
        for offer in now_there
    ]
