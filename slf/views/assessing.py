"""Filling in PD-27 on a phone: one capital a page, saved on each, left and taken up again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from households.models import Household, Member
from households.workflow import Residence, Stage
from ppaos.lib.buddhist_era import to_be_year
from ppaos.lib.labelled import LabelledEnum
from ppaos.web.request import AuthenticatedHttpRequest
from slf import permissions, services
from slf.forms import CapitalForm, StartForm
from slf.instrument import Capital
from slf.models import Assessment
from slf.views.finding import assessment_or_404, household_or_404
from slf.workflow import Period, State


class Step(LabelledEnum):
    """The pages, in order. Each capital's code is the code of its page."""

    MEMBERS = "members", "คนในบ้าน"
    HUMAN = "human", "ทุนมนุษย์"
    PHYSICAL = "physical", "ทุนกายภาพ"
    FINANCIAL = "financial", "ทุนการเงิน"
    NATURAL = "natural", "ทุนธรรมชาติ"
    SOCIAL = "social", "ทุนสังคม"
    REVIEW = "review", "ตรวจและคิดคะแนน"

    @property
    def number(self) -> int:
        return list(Step).index(self) + 1

    @property
    def next(self) -> "Step":
        return list(Step)[min(self.number, len(Step) - 1)]

    @property
    def previous(self) -> "Step | None":
        return list(Step)[self.number - 2] if self.number > 1 else None


@require_http_methods(["GET", "POST"])
@login_required
def assess(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what was assessed before, take up a draft, or start another one."""
    household = household_or_404(request.user, pk)
    permissions.check_can_assess(request.user, household)
    assessments = list(Assessment.objects.of_household(household).for_result().newest_first())
    form = StartForm(
        request.POST or None,
        initial=_suggestion(
            assessments,
            in_help=household.stage == Stage.IN_HELP,
            asked=request.GET.get("period", ""),
        ),
    )

    if form.is_valid():
        try:
            assessment = services.start_assessment(
                household=household,
                year_be=form.cleaned_data["year_be"],
                round=form.cleaned_data["round"],
                period=Period(form.cleaned_data["period"]),
                assessed_on=form.cleaned_data["assessed_on"],
                by=request.user,
                at=now(),
            )
        except services.UnableToAssess as error:
            form.add_error(None, str(error))
        else:
            if assessment.state == State.COMPLETE:
                messages.info(request, "มีผลประเมินของปี ครั้ง และช่วงนี้แล้ว")
                return redirect("slf:result", pk, assessment.pk)
            return redirect("slf:step", pk, assessment.pk, Step.MEMBERS.value)

    drafts = [row for row in assessments if row.state == State.DRAFT]
    for draft in drafts:
        draft.household = household
    return render(
        request,
        "slf/assess.html",
        {
            "household": household,
            "drafts": [(draft, services.progress_of(draft)) for draft in drafts],
            "complete": [row for row in assessments if row.state == State.COMPLETE],
            "form": form,
            "suggests_after": form.initial["period"] == Period.AFTER,
            "has_left": household.stage == Stage.EXITED,
        },
    )


def _suggestion(assessments: list[Assessment], *, in_help: bool, asked: str) -> dict[str, Any]:
    """Suggest the year now, and "after" once there is a "before" to hold it against.

    An "after" takes the round of this year's "before", so that the two stand beside each
    other; anything else takes a round not used in the year yet.
    """
    year = to_be_year(localdate().year)
    has_before = any(
        row.state == State.COMPLETE and row.period == Period.BEFORE for row in assessments
    )
    is_after = has_before and (in_help or asked == Period.AFTER)
    of_year = [row for row in assessments if row.year_be == year]
    last = max((row.round for row in of_year), default=0)
    pairs = (
        is_after
        and last
        and not any(row.round == last and row.period == Period.AFTER for row in of_year)
    )
    return {
        "year_be": year,
        "round": last if pairs else last + 1,
        "period": Period.AFTER.value if is_after else Period.BEFORE.value,
        "assessed_on": localdate(),
    }


@require_http_methods(["GET", "POST"])
@login_required
def step(
    request: AuthenticatedHttpRequest, pk: UUID, assessment_pk: UUID, step: str
) -> HttpResponse:
    """Show one page of the questionnaire, and save it."""
    household = household_or_404(request.user, pk)
    permissions.check_can_assess(request.user, household)
    assessment = assessment_or_404(household, assessment_pk)
    here = _step_or_404(step)
    if here is Step.MEMBERS:
        return _members(request, household, assessment)
    if here is Step.REVIEW:
        return _review(request, household, assessment)
    return _capital(request, household, assessment, here)


def _step_or_404(code: str) -> Step:
    try:
        return Step(code)
    except ValueError:
        raise Http404("ไม่มีหน้านี้") from None


def _members(
    request: AuthenticatedHttpRequest, household: Household, assessment: Assessment
) -> HttpResponse:
    people = {
        person.key: person for person in services.people_of(household, on=assessment.assessed_on)
    }
    rows = [
        (member, people[str(member.pk)])
        for member in _present(household)
        if str(member.pk) in people
    ]
    return _page(request, household, assessment, Step.MEMBERS, {"rows": rows})


def _present(household: Household) -> list[Member]:
    members: list[Member] = household.present_members  # type: ignore[attr-defined]
    return members


def _capital(
    request: AuthenticatedHttpRequest, household: Household, assessment: Assessment, here: Step
) -> HttpResponse:
    form = CapitalForm(
        request.POST or None,
        instrument=services.instrument_of(assessment.questionnaire),
        capital=Capital(here.value),
        residents=_residents(household, assessment),
        answers=assessment.answers,
        amounts=assessment.amounts,
        needs_reason=assessment.state == State.COMPLETE,
    )
    if form.is_valid() and _save(request, assessment, form):
        if assessment.state == State.COMPLETE:
            messages.success(request, "แก้ไขคำตอบและคิดคะแนนใหม่แล้ว ผลเดิมอยู่ในประวัติ")
            return redirect("slf:result", household.pk, assessment.pk)
        if "leave" in request.POST:
            messages.success(request, "บันทึกไว้แล้ว กลับมากรอกต่อได้ทุกเมื่อ")
            return redirect("slf:assess", household.pk)
        return redirect("slf:step", household.pk, assessment.pk, here.next.value)
    return _page(request, household, assessment, here, {"form": form})


def _residents(household: Household, assessment: Assessment) -> list[tuple[Member, int | None]]:
    ages = {p.key: p.age for p in services.people_of(household, on=assessment.assessed_on)}
    return [
        (member, ages[str(member.pk)])
        for member in _present(household)
        if member.residence in Residence.living() and str(member.pk) in ages
    ]


def _save(request: AuthenticatedHttpRequest, assessment: Assessment, form: CapitalForm) -> bool:
    """Save a page; on refusal put the reason onto the form and return False."""
    try:
        services.save_answers(
            assessment=assessment,
            version=_version(request),
            answers=form.read_answers(),
            amounts=form.read_amounts(),
            reason=form.cleaned_data.get("reason", ""),
            by=request.user,
            at=now(),
        )
    except services.UnableToAssessStale as error:
        # What was typed stays on the page; saving again lays it over what is kept now.
        assessment.refresh_from_db(fields=["version"])
        form.add_error(None, str(error))
    except services.UnableToAssess as error:
        form.add_error(None, str(error))
    except services.InvalidAnswers as error:
        for path, sentences in error.fields.items():
            name = path.removeprefix("answers.").removeprefix("amounts.").replace(".", "-")
            form.add_error(name if name in form.fields else None, sentences)
    else:
        return True
    return False


def _version(request: AuthenticatedHttpRequest) -> int:
    """Return the version the form was opened on; 0, which is never current, if it is gone."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _review(
    request: AuthenticatedHttpRequest, household: Household, assessment: Assessment
) -> HttpResponse:
    if assessment.state == State.COMPLETE:
        return redirect("slf:result", household.pk, assessment.pk)
    if request.method == "POST":
        try:
            services.complete_assessment(
                assessment=assessment, version=_version(request), by=request.user, at=now()
            )
        except services.UnableToAssess as error:
            messages.error(request, str(error))
            assessment.refresh_from_db(fields=["version", "state"])
        else:
            messages.success(request, "คิดคะแนนแล้ว")
            return redirect("slf:result", household.pk, assessment.pk)
    return _page(request, household, assessment, Step.REVIEW, {})


def _page(
    request: AuthenticatedHttpRequest,
    household: Household,
    assessment: Assessment,
    here: Step,
    context: dict[str, Any],
) -> HttpResponse:
    return render(
        request,
        f"slf/step_{_TEMPLATES.get(here, 'capital')}.html",
        {
            "household": household,
            "assessment": assessment,
            "step": here,
            "steps": [(row, row.number < here.number) for row in Step],
            "progress": services.progress_of(assessment),
            "is_correction": assessment.state == State.COMPLETE,
            **context,
        },
    )


_TEMPLATES = {Step.MEMBERS: "members", Step.REVIEW: "review"}
