"""What an assessment came to, why, and how to take an answer or a group back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.models import Household, Member
from ppaos.web.request import AuthenticatedHttpRequest
from problems.models import Problem
from slf import permissions, services
from slf.forms import OverrideForm, ReasonForm
from slf.instrument import CAPITALS, Capital, Group, SubType
from slf.models import Assessment, AssessmentRevision, LivelihoodProfile
from slf.scoring import compare
from slf.views.finding import (
    assessment_or_404,
    complete_or_404,
    household_or_404,
    revision_or_404,
)
from slf.workflow import Period, State


@require_safe
@login_required
def result(request: AuthenticatedHttpRequest, pk: UUID, assessment_pk: UUID) -> HttpResponse:
    """Show five scores, level, weakest capital, problems and group, each with its reason."""
    household = household_or_404(request.user, pk)
    assessment = assessment_or_404(household, assessment_pk)
    if assessment.state != State.COMPLETE:
        return redirect("slf:assess", pk)
    view = services.read_view(assessment)
    before = _before(assessment)
    return render(
        request,
        "slf/result.html",
        {
            "household": household,
            "assessment": assessment,
            "scores": scores_of(assessment),
            "before": scores_of(before) if before else None,
            "changes": _changes(before, assessment),
            "view": view,
            "sections": _sections(view, {str(m.pk): m for m in household.members.all()}),
            "weakest_items": _weakest_items(view, assessment.weakest),
            "problems": Problem.objects.of_household(household).open().for_panel(),
            "profile": current_profile(household),
            "revisions": assessment.revisions.select_related("saved_by").order_by("-number"),
            "can_assess": permissions.can_assess(request.user, household),
            "can_override": permissions.can_override(request.user, household),
        },
    )


def scores_of(assessment: Assessment) -> dict[str, Any]:
    return {capital.value: getattr(assessment, capital.value) for capital in CAPITALS}


def current_profile(household: Household) -> LivelihoodProfile | None:
    return (
        LivelihoodProfile.objects.current()
        .filter(household=household)
        .select_related("overridden_by")
        .first()
    )


def _before(assessment: Assessment) -> Assessment | None:
    """Return the newest complete "before" that an "after" is held against."""
    if assessment.period != Period.AFTER:
        return None
    return (
        Assessment.objects.of_household(assessment.household)
        .complete()
        .filter(period=Period.BEFORE, year_be__lte=assessment.year_be)
        .newest_first()
        .first()
    )


def _changes(before: Assessment | None, after: Assessment) -> list[tuple[Capital, Any, Any]]:
    """Return (capital, what became of it, points of 100) for capitals known both times."""
    if before is None:
        return []
    found = compare(
        before={row.capital: row.mean for row in services.read_view(before).capitals},
        after={row.capital: row.mean for row in services.read_view(after).capitals},
        level_before=before.level,
        level_after=after.level,
    )
    return [
        (capital, change, found.points[capital])
        for capital in CAPITALS
        if (change := found.changes.get(capital)) is not None
    ]


def _weakest_items(view: services.AssessmentView, weakest: str | None) -> list[Any]:
    """Return the lowest items of the weakest capital: why it is weak."""
    items = [item for item in view.items if item.capital == weakest and item.score is not None]
    return sorted(items, key=lambda item: float(item.score or 0))[:3]


def _sections(view: services.AssessmentView, members: Mapping[str, Member]) -> list[Any]:
    """Return (capital row, [(item, [(member, level)])]) in the order of the radar."""
    return [
        (
            row,
            [
                (item, [(members[key], level) for key, level in item.persons.items()])
                for item in view.items
                if item.capital == row.capital
            ],
        )
        for row in view.capitals
    ]


@require_http_methods(["GET", "POST"])
@login_required
def restore(
    request: AuthenticatedHttpRequest, pk: UUID, assessment_pk: UUID, number: int
) -> HttpResponse:
    """Take the answers back to an earlier state, its effect shown first."""
    household = household_or_404(request.user, pk)
    permissions.check_can_assess(request.user, household)
    assessment = complete_or_404(household, assessment_pk)
    revision = revision_or_404(assessment, number)
    form = ReasonForm(request.POST or None)

    if form.is_valid():
        try:
            services.restore_revision(
                revision=revision,
                version=assessment.version,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=now(),
            )
        except (services.UnableToAssess, services.InvalidAnswers) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"ย้อนคำตอบไปฉบับที่ {number} และคิดคะแนนใหม่แล้ว")
            return redirect("slf:result", pk, assessment.pk)

    return render(
        request,
        "slf/restore.html",
        {
            "household": household,
            "assessment": assessment,
            "revision": revision,
            "form": form,
            "effects": _effects(assessment, revision),
        },
    )


def _effects(assessment: Assessment, revision: AssessmentRevision) -> list[str]:
    changed = sum(
        assessment.answers.get(code) != revision.answers.get(code)
        for code in {*assessment.answers, *revision.answers}
    )
    overall = revision.results.get("overall") or "ไม่มีข้อมูล"
    return [
        f"คำตอบ {changed} ข้อกลับเป็นเหมือนฉบับที่ {revision.number}",
        f"คะแนนรวมในฉบับนั้นคือ {overall} ระบบจะคิดใหม่จากสมาชิกที่มีในวันประเมิน",
        "ปัญหา 5 มิติที่เปิดเพราะคำตอบที่ผิดถูกปิดเป็น “บันทึกผิด” และกลุ่มถูกจัดใหม่",
        "ฉบับปัจจุบันยังอยู่ในประวัติ",
    ]


@require_http_methods(["GET", "POST"])
@login_required
def override(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Set a household's group by hand, with a note."""
    household = household_or_404(request.user, pk)
    permissions.check_can_override(request.user, household)
    profile = get_object_or_404(LivelihoodProfile.objects.current(), household=household)
    form = OverrideForm(request.POST or None, initial={"group": profile.group})

    if form.is_valid():
        try:
            services.override_group(
                household=household,
                group=Group(form.cleaned_data["group"]),
                note=form.cleaned_data["note"],
                by=request.user,
                at=now(),
            )
        except services.UnableToOverrideGroup as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "ปรับกลุ่มแล้ว")
            return redirect("slf:result", pk, profile.assessment_id)

    return render(
        request,
        "slf/override.html",
        {
            "household": household,
            "profile": profile,
            "form": form,
            "sub_types": [SubType(code).label for code in profile.sub_types],
        },
    )


@require_POST
@login_required
def release(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Let the rule decide the group again."""
    household = household_or_404(request.user, pk)
    try:
        profile = services.clear_override(household=household, by=request.user, at=now())
    except services.UnableToOverrideGroup as error:
        messages.error(request, str(error))
        return redirect("slf:assess", pk)
    messages.success(request, "กลุ่มเป็นไปตามเกณฑ์แล้ว")
    return redirect("slf:result", pk, profile.assessment_id)
