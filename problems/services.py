"""Opening and closing problems, keeping indicator results, and the reference data.

A household's livelihood group depends on its open problems; pages and the API therefore
go through `slf.services`, which calls these and looks at the group again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households.models import Household, Member
from households.workflow import Source, Stage
from problems import permissions, rules
from problems.models import (
    IncomeThreshold,
    Indicator,
    IndicatorResult,
    IndicatorSet,
    Problem,
    ProblemMember,
)
from problems.rules import Dimension, ProblemCode
from problems.workflow import Origin, Resolution, Status


class UnableToOpenProblem(Exception):
    """The problem cannot be recorded. The message is for the user."""


class UnableToResolveProblem(Exception):
    """The problem cannot be closed, or somebody closed it first. The message is for the user."""


class UnableToReopenProblem(Exception):
    """The closing cannot be taken back. The message is for the user."""


class UnableToRecordResult(Exception):
    """The indicator results cannot be kept. The message is for the user."""


# ---- problems ------------------------------------------------------------------------


@transaction.atomic
def open_problem(
    *,
    household: Household,
    code: ProblemCode,
    origin: Origin,
    opened_on: date,
    by: User,
    at: datetime,
    members: Collection[Member] = (),
    need_text: str = "",
) -> Problem:
    """Record that a household lacks something; the code says in which dimension.

    Raises PermissionDenied, and UnableToOpenProblem if the dimension already has an open
    problem, the household has left the targets, or a member is not of the household.
    """
    permissions.check_can_record(by, household)
    dimension = rules.dimension_of(code)
    if household.stage == Stage.EXITED:
        raise UnableToOpenProblem("ครัวเรือนนี้พ้นเป้าหมายแล้ว")
    if opened_on > localdate(at):
        raise UnableToOpenProblem("วันที่พบปัญหาต้องไม่เป็นวันในอนาคต")
    if any(member.household_id != household.pk for member in members):
        raise UnableToOpenProblem("มีสมาชิกที่ไม่ได้อยู่ในครัวเรือนนี้")
    try:
        with transaction.atomic():
            problem = Problem.objects.create(
                household=household,
                dimension=dimension,
                code=code,
                origin=origin,
                opened_on=opened_on,
                opened_by=by,
                need_text=need_text.strip() or None,
            )
    except IntegrityError:
        raise UnableToOpenProblem(f"มีปัญหา{dimension.label}ที่ยังเปิดอยู่แล้ว") from None
    _name_members(problem, members)
    _tell("problem.opened", problem, by=by, at=at)
    return problem


@transaction.atomic
def describe_problem(
    *, problem: Problem, code: ProblemCode, members: Collection[Member], by: User, at: datetime
) -> None:
    """Say more exactly what an open problem is and whom it concerns, in the same dimension.

    Raises PermissionDenied, and UnableToOpenProblem if it is closed or the code is of
    another dimension.
    """
    permissions.check_can_record(by, problem.household)
    if rules.dimension_of(code) != problem.dimension:
        raise UnableToOpenProblem("ปัญหานี้อยู่คนละมิติ")
    changed = Problem.objects.filter(pk=problem.pk, status=Status.OPEN).update(
        code=code, version=problem.version + 1
    )
    if changed != 1:
        raise UnableToOpenProblem("ปัญหานี้ปิดไปแล้ว")
    problem.refresh_from_db(fields=["code", "version"])
    problem.named.all().delete()
    _name_members(problem, members)
    _tell("problem.described", problem, by=by, at=at)


@transaction.atomic
def resolve_problem(
    *,
    problem: Problem,
    resolution: Resolution,
    resolved_on: date,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    """Close a problem: solved, or recorded by mistake.

    Raises PermissionDenied, and UnableToResolveProblem if it is closed already, the day
    is impossible, or a mistake is claimed without a reason.
    """
    permissions.check_can_record(by, problem.household)
    if not problem.opened_on <= resolved_on <= localdate(at):
        raise UnableToResolveProblem("วันที่ปิดต้องไม่ก่อนวันที่พบปัญหา และไม่เป็นวันในอนาคต")
    if resolution is Resolution.MISTAKEN and not reason.strip():
        raise UnableToResolveProblem("ระบุเหตุผลว่าบันทึกผิดอย่างไร")
    closed = Problem.objects.filter(pk=problem.pk, status=Status.OPEN).update(
        status=Status.RESOLVED,
        resolution=resolution,
        resolved_on=resolved_on,
        resolved_by=by,
        version=problem.version + 1,
    )
    if closed != 1:
        raise UnableToResolveProblem("ปัญหานี้ปิดไปแล้ว")
    problem.refresh_from_db()
    _tell("problem.resolved", problem, by=by, at=at, reason=reason.strip())


@transaction.atomic
def reopen_problem(*, problem: Problem, by: User, at: datetime, reason: str) -> None:
    """Take a closing back. The trail keeps who had closed it and when.

    Raises PermissionDenied, and UnableToReopenProblem without a reason, if it is open, or
    if the dimension has another open problem meanwhile.
    """
    permissions.check_can_record(by, problem.household)
    if not reason.strip():
        raise UnableToReopenProblem("ระบุเหตุผลที่เปิดปัญหาอีกครั้ง")
    try:
        with transaction.atomic():
            opened = Problem.objects.filter(pk=problem.pk, status=Status.RESOLVED).update(
                status=Status.OPEN,
                resolution=None,
                resolved_on=None,
                resolved_by=None,
                version=problem.version + 1,
            )
    except IntegrityError:
        raise UnableToReopenProblem(
            f"มีปัญหา{problem.get_dimension_display()}อื่นที่ยังเปิดอยู่แล้ว"
        ) from None
    if opened != 1:
        raise UnableToReopenProblem("ปัญหานี้ยังเปิดอยู่")
    problem.refresh_from_db()
    _tell("problem.reopened", problem, by=by, at=at, reason=reason.strip())


def _name_members(problem: Problem, members: Iterable[Member]) -> None:
    ProblemMember.objects.bulk_create(
        ProblemMember(problem=problem, member=member) for member in members
    )


def _tell(event: str, problem: Problem, *, by: User, at: datetime, reason: str = "") -> None:
    household = problem.household
    record(
        event=event,
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        reason=reason,
        detail={
            "problem": str(problem.pk),
            "dimension": str(problem.dimension),
            "code": str(problem.code),
            "resolution": problem.resolution,
        },
    )
    mark_changed(area_codes=[household.area_id])


# ---- indicator results -----------------------------------------------------------------


@transaction.atomic
def record_indicator_result(
    *,
    subject: Household | Member,
    source: Source,
    year_be: int,
    by: User,
    at: datetime,
    indicator_set: IndicatorSet | None = None,
    indicators: Mapping[int, bool | None] | None = None,
    dimensions: Mapping[Dimension, bool | None] | None = None,
) -> IndicatorResult:
    """Keep what one list says of a household or person in one year; the same list replaces.

    Indicators are True passed, False failed, None not known; dimensions are True failed.
    Dimensions that the list states win; the others follow from the indicators.
    Raises PermissionDenied, and UnableToRecordResult for indicators without their form.
    """
    household = subject if isinstance(subject, Household) else subject.household
    permissions.check_can_record(by, household)
    packed = rules.pack(indicators or {})
    if packed.known_bits and indicator_set is None:
        raise UnableToRecordResult("ระบุแบบ จปฐ. ของผลตัวชี้วัด")
    bits = combined_dimensions(
        stated=rules.pack_dimensions(dimensions or {}),
        derived=rules.dimension_results(packed, dimensions_of(indicator_set)),
    )
    result, _ = IndicatorResult.objects.update_or_create(
        household=subject if isinstance(subject, Household) else None,
        member=subject if isinstance(subject, Member) else None,
        source=source,
        year_be=year_be,
        defaults={
            "indicator_set": indicator_set,
            "known_bits": packed.known_bits,
            "passed_bits": packed.passed_bits,
            "dimension_known_bits": bits.known,
            "dimension_failed_bits": bits.failed,
        },
    )
    record(
        event="indicators.recorded",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={"result": str(result.pk), "source": source.value, "year_be": year_be},
    )
    mark_changed(area_codes=[household.area_id], year_be=year_be)
    return result


def combined_dimensions(
    *, stated: rules.DimensionBits, derived: rules.DimensionBits
) -> rules.DimensionBits:
    """Let the list's own dimension columns win; indicators fill in where it says nothing."""
    return rules.DimensionBits(
        known=stated.known | derived.known,
        failed=stated.failed | (derived.failed & ~stated.known),
    )


def dimensions_of(indicator_set: IndicatorSet | None) -> dict[int, Dimension]:
    """Return indicator number → dimension of a form, as the reference table says now.

    One query. An indicator without a dimension counts in none.
    """
    if indicator_set is None:
        return {}
    rows = indicator_set.indicators.filter(dimension__isnull=False)
    return {row.number: Dimension(row.dimension or "") for row in rows}


def failed_dimensions(household: Household) -> frozenset[Dimension]:
    """Return the dimensions with an open problem: what holds a household in the targets."""
    return frozenset(
        Dimension(code)
        for code in Problem.objects.filter(household=household)
        .open()
        .values_list("dimension", flat=True)
    )


@dataclass(frozen=True, slots=True)
class ListedDimensions:
    """What one list of one year says: how many people (or the house, as 1) fail where."""

    source: str
    year_be: int
    failed: tuple[tuple[Dimension, int], ...]


def listed_dimensions(household: Household) -> list[ListedDimensions]:
    """Return what the lists say of a household and its people, the newest first. One query."""
    counts: dict[tuple[str, int], dict[Dimension, int]] = {}
    for result in IndicatorResult.objects.of_household(household).order_by(
        "-year_be", "source", "pk"
    ):
        found = counts.setdefault((result.get_source_display(), result.year_be), {})
        for dimension in rules.unpack_dimensions(result.dimension_failed_bits):
            found[dimension] = found.get(dimension, 0) + 1
    return [
        ListedDimensions(source, year, tuple((d, found[d]) for d in rules.DIMENSIONS if d in found))
        for (source, year), found in counts.items()
    ]


# ---- reference data --------------------------------------------------------------------


def income_threshold(year_be: int) -> IncomeThreshold:
    """Return the income line in force for a year (พ.ศ.): of the newest version that covers it.

    Raises problems.rules.UnknownIncomeThreshold if no row covers the year.
    """
    covering = IncomeThreshold.objects.covering(year_be)
    row = covering.order_by("-version", "-year_from", "pk").first()
    if row is None:
        raise rules.UnknownIncomeThreshold(f"ยังไม่มีเกณฑ์รายได้ของปี {year_be}")
    return row


def income_lines() -> tuple[rules.IncomeLine, ...]:
    """Return every income line, those of the newest version first: the first that covers counts."""
    rows = IncomeThreshold.objects.order_by("-version", "-year_from", "pk")
    return tuple(
        rules.IncomeLine(
            year_from=row.year_from,
            year_to=row.year_to,
            amount_thb=row.amount_thb,
            source=row.source,
            is_confirmed=row.is_confirmed,
        )
        for row in rows
    )


@transaction.atomic
def load_reference_data() -> int:
    """Add the forms and income lines that the product ships; return how many rows were new.

    Safe to repeat: a version that is there is left as people may have filled it in.
    """
    added = sum(_load_set(spec) for spec in rules.SETS)
    if not IncomeThreshold.objects.filter(version=1).exists():
        added += len(
            IncomeThreshold.objects.bulk_create(
                IncomeThreshold(
                    version=1,
                    year_from=line.year_from,
                    year_to=line.year_to,
                    amount_thb=line.amount_thb,
                    source=line.source,
                    is_confirmed=line.is_confirmed,
                )
                for line in rules.INCOME_THRESHOLDS_V1
            )
        )
    return added


def _load_set(spec: rules.IndicatorSetSpec) -> int:
    row, is_new = IndicatorSet.objects.get_or_create(
        code=spec.code,
        version=spec.version,
        defaults={
            "name": spec.name,
            "year_from": spec.year_from,
            "year_to": spec.year_to,
            "size": len(spec.indicators),
        },
    )
    if not is_new:
        return 0
    Indicator.objects.bulk_create(
        Indicator(
            indicator_set=row,
            number=indicator.number,
            wording=indicator.wording,
            section=indicator.section,
            unit=indicator.unit,
            age_min=indicator.age_min,
            age_max=indicator.age_max,
            dimension=indicator.dimension,
            counts_in_tpmap=indicator.dimension is not None,
        )
        for indicator in spec.indicators
    )
    return 1 + len(spec.indicators)
