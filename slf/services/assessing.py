"""Filling in, completing, correcting and taking back an assessment."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households.models import Household
from households.workflow import Stage
from problems import services as problems
from problems.rules import UnknownIncomeThreshold
from slf import permissions
from slf.instrument import PROBLEM_RULES_V1
from slf.models import Assessment, AssessmentRevision, Questionnaire
from slf.scoring import Finding, find_problems, read_amounts, read_answers, score_assessment
from slf.services.following_up import follow_up
from slf.services.grouping import regroup
from slf.services.people import people_of
from slf.services.reference import active_questionnaire, bands_of, instrument_of
from slf.services.results import as_result, store_result
from slf.workflow import Period, QuestionnaireStatus, State

FIRST_REASON = "บันทึกผลประเมินครั้งแรก"
_EARLIEST_YEAR_BE = 2540


class UnableToAssess(Exception):
    """The assessment cannot be started, saved or completed. The message is for the user."""


class UnableToAssessStale(UnableToAssess):
    """Somebody saved meanwhile; `version` on the form is no longer the present one."""


@transaction.atomic
def start_assessment(
    *,
    household: Household,
    year_be: int,
    by: User,
    at: datetime,
    round: int = 1,
    period: Period = Period.BEFORE,
    assessed_on: date | None = None,
    questionnaire: Questionnaire | None = None,
) -> Assessment:
    """Return the assessment of this year, round and period, started if there is none yet.

    A complete one is returned as it is. Raises PermissionDenied, and UnableToAssess if
    the household has left the targets or the day or year is impossible.
    """
    permissions.check_can_assess(by, household)
    today = localdate(at)
    day = assessed_on or today
    if day > today:
        raise UnableToAssess("วันที่ประเมินต้องไม่เป็นวันในอนาคต")
    if not _EARLIEST_YEAR_BE <= year_be <= today.year + 544:
        raise UnableToAssess("ปีที่ประเมินต้องเป็น พ.ศ. และไม่เกินปีหน้า")
    if round < 1:
        raise UnableToAssess("ครั้งที่ประเมินต้องเริ่มจาก 1")
    existing = _of(household, year_be, round, period)
    if existing is not None:
        return existing
    if household.stage == Stage.EXITED:
        raise UnableToAssess("ครัวเรือนนี้พ้นเป้าหมายแล้ว")
    if questionnaire is not None and questionnaire.status == QuestionnaireStatus.DRAFT:
        raise UnableToAssess("แบบประเมินรุ่นนี้ยังเป็นร่าง")
    assessment, is_new = Assessment.objects.get_or_create(
        household=household,
        year_be=year_be,
        round=round,
        period=period,
        defaults={
            "questionnaire": questionnaire or active_questionnaire(),
            "assessed_on": day,
            "assessed_by": by,
            "updated_at": at,
        },
    )
    if is_new:
        _tell("assessment.started", assessment, by=by, at=at)
    return assessment


def _of(household: Household, year_be: int, round: int, period: Period) -> Assessment | None:
    return (
        Assessment.objects.of_household(household)
        .filter(year_be=year_be, round=round, period=period)
        .select_related("questionnaire")
        .first()
    )


@transaction.atomic
def save_answers(
    *,
    assessment: Assessment,
    version: int,
    by: User,
    at: datetime,
    answers: Mapping[str, Any] | None = None,
    amounts: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Assessment:
    """Keep some answers; codes and amounts that are not given stay as they were.

    A draft is only kept. A complete assessment is scored again at once, problems and
    group follow, and the history grows by one revision; then `reason` is required.

    Raises PermissionDenied; UnableToAssessStale if `version` is not the present one;
    UnableToAssess without a reason; slf.scoring.InvalidAnswers, naming every path.
    """
    current = _lock(assessment, version=version, by=by)
    is_correction = current.state == State.COMPLETE
    if is_correction and not reason.strip():
        raise UnableToAssess("ผลประเมินนี้เสร็จแล้ว ระบุเหตุผลที่แก้ไขคำตอบ")
    current.answers = _joined(current.answers, answers or {})
    current.amounts = _joined(current.amounts, amounts or {})
    _check_readable(current)
    if is_correction:
        return _finish(current, event="assessment.corrected", reason=reason.strip(), by=by, at=at)
    _put(current, ["answers", "amounts"], by=by, at=at)
    _tell("assessment.answered", current, by=by, at=at)
    return current


@transaction.atomic
def complete_assessment(
    *,
    assessment: Assessment,
    version: int,
    by: User,
    at: datetime,
    assessed_on: date | None = None,
) -> Assessment:
    """Score a draft, open the problems it shows, and put the household into its group.

    An assessment with too few answers completes too, marked incomplete and without an
    overall score. Raises PermissionDenied, UnableToAssessStale, and UnableToAssess if it
    is complete already, the day is impossible, or the year has no income line.
    """
    current = _lock(assessment, version=version, by=by)
    if current.state == State.COMPLETE:
        raise UnableToAssess("ผลประเมินนี้เสร็จแล้ว")
    if assessed_on is not None:
        current.assessed_on = assessed_on
    if current.assessed_on > localdate(at):
        raise UnableToAssess("วันที่ประเมินต้องไม่เป็นวันในอนาคต")
    current.assessed_by = by
    return _finish(current, event="assessment.completed", reason=FIRST_REASON, by=by, at=at)


@transaction.atomic
def record_assessment(
    *,
    household: Household,
    year_be: int,
    round: int,
    period: Period,
    answers: Mapping[str, Any],
    amounts: Mapping[str, Any],
    by: User,
    at: datetime,
    assessed_on: date | None = None,
    questionnaire: Questionnaire | None = None,
) -> Assessment:
    """Start, fill in and complete an assessment in one go; a draft is taken up.

    Raises what the three steps raise; a complete one of the same year, round and period
    is an UnableToAssess, never overwritten.
    """
    assessment = start_assessment(
        household=household,
        year_be=year_be,
        round=round,
        period=period,
        by=by,
        at=at,
        assessed_on=assessed_on,
        questionnaire=questionnaire,
    )
    if assessment.state == State.COMPLETE:
        raise UnableToAssess("ครัวเรือนนี้มีผลประเมินของปี ครั้ง และช่วงนี้แล้ว")
    saved = save_answers(
        assessment=assessment,
        version=assessment.version,
        answers=answers,
        amounts=amounts,
        by=by,
        at=at,
    )
    return complete_assessment(
        assessment=saved, version=saved.version, by=by, at=at, assessed_on=assessed_on
    )


@transaction.atomic
def restore_revision(
    *, revision: AssessmentRevision, version: int, reason: str, by: User, at: datetime
) -> Assessment:
    """Take answers back to what a revision said. History grows; nothing is removed.

    Raises PermissionDenied, UnableToAssessStale, and UnableToAssess without a reason or
    if the answers are the same already.
    """
    current = _lock(revision.assessment, version=version, by=by)
    if not reason.strip():
        raise UnableToAssess("ระบุเหตุผลที่ย้อนคำตอบ")
    if (current.answers, current.amounts) == (revision.answers, revision.amounts):
        raise UnableToAssess(f"คำตอบปัจจุบันตรงกับฉบับที่ {revision.number} อยู่แล้ว")
    current.answers, current.amounts = revision.answers, revision.amounts
    text = f"ย้อนไปฉบับที่ {revision.number}: {reason.strip()}"
    return _finish(current, event="assessment.restored", reason=text, by=by, at=at)


# ---- the steps they share ----------------------------------------------------------------


def _lock(assessment: Assessment, *, version: int, by: User) -> Assessment:
    """Return the row as it stands, held until the transaction ends, if `version` is its own."""
    permissions.check_can_assess(by, assessment.household)
    current = (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("household", "questionnaire")
        .get(pk=assessment.pk)
    )
    if current.household.stage == Stage.EXITED:
        raise UnableToAssess("ครัวเรือนนี้พ้นเป้าหมายแล้ว")
    if current.version != version:
        raise UnableToAssessStale("มีผู้บันทึกผลประเมินนี้หลังจากท่านเปิดหน้า กรุณาโหลดใหม่แล้วตรวจอีกครั้ง")
    return current


def _joined(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Lay what is given over what is kept; a code given as None is taken out."""
    return {code: value for code, value in {**kept, **given}.items() if value is not None}


def _check_readable(assessment: Assessment) -> None:
    read_answers(
        assessment.answers,
        instrument=instrument_of(assessment.questionnaire),
        members=_member_ids(assessment.household),
    )
    read_amounts(assessment.amounts)


def _member_ids(household: Household) -> set[str]:
    """Everybody ever registered in it: answers about somebody who left stay readable."""
    return {str(pk) for pk in household.members.values_list("pk", flat=True)}


def _put(assessment: Assessment, fields: Sequence[str], *, by: User, at: datetime) -> None:
    assessment.version += 1
    assessment.updated_at = at
    assessment.save(update_fields=[*fields, "version", "updated_at"])


_RESULT_FIELDS = (
    "answers",
    "amounts",
    "assessed_on",
    "assessed_by",
    "state",
    "human",
    "physical",
    "financial",
    "natural",
    "social",
    "overall",
    "level",
    "weakest",
    "is_incomplete",
    "band_version",
    "threshold",
    "detail",
)


def _finish(
    assessment: Assessment, *, event: str, reason: str, by: User, at: datetime
) -> Assessment:
    """Score, save, follow up in problems and group, and add a revision."""
    household = assessment.household
    findings_before = list(assessment.detail.get("findings", []))
    findings = _score(assessment)
    assessment.state = State.COMPLETE
    _put(assessment, _RESULT_FIELDS, by=by, at=at)
    try:
        follow_up(assessment, findings, findings_before, by=by, at=at)
    except problems.UnableToOpenProblem as error:  # opened by somebody else this very moment
        raise UnableToAssess(f"{error} กรุณาบันทึกอีกครั้ง") from error
    profile = regroup(household=household, by=by, at=at)
    AssessmentRevision.objects.create(
        assessment=assessment,
        number=assessment.revisions.count() + 1,
        answers=assessment.answers,
        amounts=assessment.amounts,
        results=as_result(assessment, profile),
        saved_by=by,
        saved_at=at,
        reason=reason,
    )
    _tell(event, assessment, by=by, at=at, reason=reason)
    mark_changed(area_codes=[household.area_id], year_be=assessment.year_be)
    return assessment


def _score(assessment: Assessment) -> tuple[Finding, ...]:
    """Put the result onto the row, under the versions it has or else the newest."""
    if assessment.threshold is None:
        try:
            assessment.threshold = problems.income_threshold(assessment.year_be)
        except UnknownIncomeThreshold as error:
            raise UnableToAssess(str(error)) from error
    instrument = instrument_of(assessment.questionnaire)
    people = people_of(assessment.household, on=assessment.assessed_on)
    assessment.band_version, bands = bands_of(assessment.band_version)
    result = score_assessment(
        instrument=instrument,
        answers=read_answers(
            assessment.answers, instrument=instrument, members=_member_ids(assessment.household)
        ),
        amounts=read_amounts(assessment.amounts),
        people=people,
        line_thb=assessment.threshold.amount_thb,
        bands=bands,
    )
    findings = find_problems(result, people=people, rules=PROBLEM_RULES_V1)
    store_result(
        assessment,
        result,
        findings=findings,
        people=people,
        questions={item.code: item.question for item in instrument.items},
        line_thb=assessment.threshold.amount_thb,
    )
    return findings


def _tell(event: str, assessment: Assessment, *, by: User, at: datetime, reason: str = "") -> None:
    household = assessment.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        reason=reason,
        detail={
            "assessment": str(assessment.pk),
            "questionnaire": str(assessment.questionnaire_id),
            "year_be": assessment.year_be,
            "round": assessment.round,
            "period": str(assessment.period),
            "answered": len(assessment.answers),
            "version": assessment.version,
        },
    )
