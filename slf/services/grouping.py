"""The household's livelihood group: recomputed by the rule, set by staff, and kept."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households.models import Household
from households.workflow import Stage
from problems.services import failed_dimensions
from slf import permissions
from slf.instrument import Group
from slf.models import Assessment, LivelihoodProfile
from slf.scoring import (
    Classification,
    Standing,
    classify_by_need,
    classify_by_rank,
    read_amounts,
    read_answers,
    score_assessment,
    standing_of,
)
from slf.services.people import people_of
from slf.services.reference import bands_of, instrument_of


class UnableToOverrideGroup(Exception):
    """The group cannot be set or set free. The message is for the user."""


def regroup(*, household: Household, by: User, at: datetime) -> LivelihoodProfile | None:
    """Apply the rule to the newest complete assessment; None if there is none.

    To be called in the transaction of whatever changed: an assessment or a problem. A
    group that staff have set stands; what the rule says is kept beside it. A new row is
    written only if something changed.
    """
    assessment = (
        Assessment.objects.of_household(household)
        .complete()
        .newest_first()
        .select_related("questionnaire", "threshold")
        .first()
    )
    if assessment is None:
        return None
    found = classify_by_need(_standing(assessment, household))
    current = (
        LivelihoodProfile.objects.current().select_for_update().filter(household=household).first()
    )
    if current is not None and _is_same(current, found, assessment):
        return current
    profile = _profile(household, assessment, found, at=at)
    if current is not None and current.overridden_by_id is not None:
        profile.group = current.group
        profile.overridden_by_id = current.overridden_by_id
        profile.overridden_at = current.overridden_at
        profile.override_note = current.override_note
    return _replace(current, profile, event="household.grouped", by=by, at=at)


def _standing(assessment: Assessment, household: Household) -> Standing:
    instrument = instrument_of(assessment.questionnaire)
    people = people_of(household, on=assessment.assessed_on)
    answers = read_answers(
        assessment.answers,
        instrument=instrument,
        members={str(pk) for pk in household.members.values_list("pk", flat=True)},
    )
    amounts = read_amounts(assessment.amounts)
    _, bands = bands_of(assessment.band_version)
    assert assessment.threshold is not None, "a complete assessment names its income line"
    result = score_assessment(
        instrument=instrument,
        answers=answers,
        amounts=amounts,
        people=people,
        line_thb=assessment.threshold.amount_thb,
        bands=bands,
    )
    return standing_of(
        result,
        answers=answers,
        amounts=amounts,
        people=people,
        failing=failed_dimensions(household),
    )


def _profile(
    household: Household, assessment: Assessment, found: Classification, *, at: datetime
) -> LivelihoodProfile:
    return LivelihoodProfile(
        household=household,
        assessment=assessment,
        group=found.group,
        rule_group=found.group,
        sub_types=[sub_type.value for sub_type in found.sub_types],
        primary=found.primary,
        rule=found.rule,
        rule_version=found.rule_version,
        reasons=list(found.reasons),
        decided_at=at,
    )


def _is_same(current: LivelihoodProfile, found: Classification, assessment: Assessment) -> bool:
    return (
        current.assessment_id == assessment.pk
        and current.rule_group == found.group
        and current.sub_types == list(found.sub_types)
        and current.rule == found.rule
        and current.rule_version == found.rule_version
        and current.reasons == list(found.reasons)
    )


def _replace(
    current: LivelihoodProfile | None,
    profile: LivelihoodProfile,
    *,
    event: str,
    by: User,
    at: datetime,
    reason: str = "",
) -> LivelihoodProfile:
    if current is not None:
        LivelihoodProfile.objects.filter(pk=current.pk).update(superseded_at=at)
    profile.save(force_insert=True)
    household = profile.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={
            "profile": str(profile.pk),
            "group": str(profile.group),
            "rule_group": str(profile.rule_group),
            "rule": f"{profile.rule} v{profile.rule_version}",
        },
        reason=reason,
    )
    mark_changed(area_codes=[household.area_id])
    return profile


@transaction.atomic
def override_group(
    *, household: Household, group: Group, note: str, by: User, at: datetime
) -> LivelihoodProfile:
    """Set a group against or beside the rule. The note is sealed: it may tell of a person.

    Raises PermissionDenied, and UnableToOverrideGroup without a note or an assessment.
    """
    permissions.check_can_override(by, household)
    if not note.strip():
        raise UnableToOverrideGroup("ระบุเหตุผลที่ปรับกลุ่ม")
    current = _current(household)
    profile = _copy(current, at=at)
    profile.group = group
    profile.overridden_by = by
    profile.overridden_at = at
    profile.override_note = note.strip()
    return _replace(current, profile, event="group.overridden", by=by, at=at)


@transaction.atomic
def clear_override(*, household: Household, by: User, at: datetime) -> LivelihoodProfile:
    """Let the rule hold again.

    Raises PermissionDenied, and UnableToOverrideGroup if no group was set by hand.
    """
    permissions.check_can_override(by, household)
    current = _current(household)
    if current.overridden_by_id is None:
        raise UnableToOverrideGroup("กลุ่มนี้เป็นไปตามเกณฑ์อยู่แล้ว")
    profile = _copy(current, at=at)
    profile.group = current.rule_group
    return _replace(current, profile, event="group.released", by=by, at=at)


def _current(household: Household) -> LivelihoodProfile:
    current = (
        LivelihoodProfile.objects.current().select_for_update().filter(household=household).first()
    )
    if current is None:
        raise UnableToOverrideGroup("ครัวเรือนนี้ยังไม่มีผลประเมิน จึงยังไม่มีกลุ่มให้ปรับ")
    return current


def _copy(profile: LivelihoodProfile, *, at: datetime) -> LivelihoodProfile:
    """Return an unsaved successor, as the rule says, without what staff had set."""
    return LivelihoodProfile(
        household=profile.household,
        assessment_id=profile.assessment_id,
        group=profile.rule_group,
        rule_group=profile.rule_group,
        sub_types=profile.sub_types,
        primary=profile.primary,
        rule=profile.rule,
        rule_version=profile.rule_version,
        reasons=profile.reasons,
        decided_at=at,
    )


def rank_households(*, province_code: str, year_be: int, by: User) -> dict[str, Classification]:
    """Say what rule CLS-2 would give each verified-poor household of a province and year.

    Reads only: the rule in use is CLS-1. Keys are household ids; the newest complete
    assessment of the year counts. Raises PermissionDenied below the province.
    """
    permissions.check_can_rank(by, province_code)
    rows = (
        Assessment.objects.complete()
        .filter(
            household__province_code=province_code,
            household__stage__in=[Stage.VERIFIED_POOR, Stage.IN_HELP],
            year_be=year_be,
            overall__isnull=False,
        )
        .order_by("household_id", "round", "assessed_on", "pk")
        .values_list("household_id", "overall")
    )
    scores = {str(household): overall for household, overall in rows if overall is not None}
    return classify_by_rank(scores)
