"""The households behind a figure of the overview: each condition says one figure.

What the figures mean is written in dashboards.services.counting; a test holds the number
of rows here against the figure there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Least
from django.utils.timezone import get_current_timezone, localdate

from households.models import Exit, SourceListing, Verification
from households.querysets import HouseholdQuerySet
from households.workflow import STAGE_AFTER, ExitReason, ExitState, Outcome, Source
from ppaos.lib.buddhist_era import OFFSET
from ppaos.lib.labelled import LabelledEnum
from problems.models import Problem
from problems.workflow import Resolution
from problems.workflow import Status as ProblemStatus
from referrals.models import Assistance, Referral
from referrals.workflow import ClosingReason, Status
from slf.models import Assessment, LivelihoodProfile
from slf.workflow import Period

_THIS = OuterRef("pk")
"""The household, in a condition on households."""
_SAME = OuterRef("household")
"""The household of a row, in a condition on that row."""


class Counted(LabelledEnum):
    """A figure of the overview that counts households; exits follow as exit-<reason>."""

    TARGET = "target", "ครัวเรือนเป้าหมาย"
    TARGET_LISTED = "target-listed", "เป้าหมายจาก TPMAP"
    TARGET_ADDED = "target-added", "เป้าหมายที่พบเพิ่ม (ตกหล่น)"
    ON_TPMAP = "tpmap", "อยู่ในบัญชี TPMAP"
    VISITED = "visited", "อยู่ใน TPMAP และสอบทานแล้ว"
    JUDGED = "judged", "อยู่ใน TPMAP สอบทานแล้วจนจริงหรือไม่จน"
    LEAKED = "leaked", "อยู่ใน TPMAP แต่ไม่จน (รั่วไหล)"
    FOUND_POOR = "found-poor", "สอบทานแล้วจนจริง"
    MISSED = "missed", "จนจริงแต่ไม่อยู่ใน TPMAP (ตกหล่น)"
    IN_NEED = "in-need", "เป้าหมายที่มีปัญหา รวมที่พ้นแล้วในปี"
    HELPED_SOME = "helped-some", "ช่วยแล้วอย่างน้อยหนึ่งด้าน"
    HELPED_ALL = "helped-all", "ช่วยแล้วครบทุกด้านที่มีปัญหา"
    AIDED = "aided", "ได้รับความช่วยเหลือในปี"
    ASSESSED = "assessed", "ประเมินทุนแล้วในปี"
    WITH_EVIDENCE = "with-evidence", "พ้นความยากจน มีผลประเมินก่อนและหลัง"


EXIT_PREFIX = "exit-"
CHOICES = [
    *Counted.choices(),
    *((f"{EXIT_PREFIX}{reason.value}", f"พ้นในปี: {reason.label}") for reason in ExitReason),
]


@dataclass(frozen=True, slots=True)
class Year:
    """A year (พ.ศ.) of work, from `starts` up to and without `ends`."""

    be: int
    today: date

    @property
    def starts(self) -> date:
        return date(self.be - OFFSET, 1, 1)

    @property
    def ends(self) -> date:
        return date(self.be - OFFSET + 1, 1, 1)

    @property
    def has_come(self) -> bool:
        """Say whether it is this year or later: lists named for later years count from now."""
        return self.be >= self.today.year + OFFSET

    def moment(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=get_current_timezone())


def year_of(be: int | None) -> Year:
    today = localdate()
    return Year(be or today.year + OFFSET, today)


def of_year(households: HouseholdQuerySet, year: Year) -> HouseholdQuerySet:
    """Narrow to those on any list by then, and not gone before."""
    gone = _approved_exits().filter(decided_at__lt=year.moment(year.starts))
    return households.filter(Exists(_listings(year)), ~Exists(gone))


def with_open_problem(dimension: str, year: Year) -> Q:
    """Fit those who stay and have the problem open at the end of the year."""
    found = _needs(year).filter(dimension=dimension)
    is_open = Q(status=ProblemStatus.OPEN.value) | Q(resolved_on__gte=year.ends)
    return Q(Exists(found.filter(is_open))) & _stays(year)


def at_level(level: int, year: Year) -> Q:
    """Fit whose newest assessment of the year gave this level; "after" goes before "before"."""
    newest = _assessments(year, of=_SAME).order_by("period", "-round", "-assessed_on", "-pk")
    return Q(Exists(_assessments(year).filter(pk=Subquery(newest.values("pk")[:1]), level=level)))


def in_group(group: str, year: Year) -> Q:
    profiles = LivelihoodProfile.objects.current().filter(household=_THIS, group=group)
    return Q(Exists(profiles)) & _stays(year)


def counted_as(code: str, year: Year) -> Q:
    """Fit the households that the figure `code` of the year counts."""
    if code.startswith(EXIT_PREFIX):
        return _left(year, [code.removeprefix(EXIT_PREFIX)])
    return _CONDITIONS[Counted(code)](year)


# ---- lists and visits ------------------------------------------------------------------
def _listings(year: Year) -> "QuerySet[SourceListing]":
    found = SourceListing.objects.filter(household=_THIS)
    return found if year.has_come else found.filter(year_be__lte=year.be)


def _on_tpmap(year: Year) -> Q:
    return Q(Exists(_listings(year).filter(source=Source.TPMAP.value)))


def _is_listed_target(year: Year) -> Q:
    """Fit where a line of the newest TPMAP list until then does not deny the target."""
    this_year = year.today.year + OFFSET
    lines = _listings(year).filter(source=Source.TPMAP.value)
    capped = lines.alias(list_year=Least("year_be", Value(this_year)))
    newest = (
        SourceListing.objects.filter(household=_SAME, source=Source.TPMAP.value)
        .alias(list_year=Least("year_be", Value(this_year)))
        .filter(list_year__lte=year.be)
        .order_by("-list_year")
        .values(newest=Least("year_be", Value(this_year)))[:1]
    )
    undenied = {"is_mpi_poor": False, "has_welfare_card": False}
    said = capped.filter(list_year=Subquery(newest))
    for name, denial in undenied.items():
        said = said.filter(Q(**{f"{name}__isnull": True}) | ~Q(**{name: denial}))
    return Q(Exists(said))


def _visits(year: Year, of: OuterRef = _THIS) -> "QuerySet[Verification]":
    return Verification.objects.filter(
        household=of, retracted_at__isnull=True, visited_on__lt=year.ends
    )


def _was_visited(year: Year) -> Q:
    settling = [outcome.value for outcome, stage in STAGE_AFTER.items() if stage is not None]
    return Q(Exists(_visits(year).filter(outcome__in=settling)))


def _found(year: Year, *outcomes: Outcome) -> Q:
    """Fit where the newest standing verdict of poor or not poor is one of these."""
    judging = [Outcome.POOR.value, Outcome.NOT_POOR.value]
    newest = _visits(year, of=_SAME).filter(outcome__in=judging).order_by("-recorded_at", "-pk")
    return Q(
        Exists(
            _visits(year).filter(
                pk=Subquery(newest.values("pk")[:1]), outcome__in=[o.value for o in outcomes]
            )
        )
    )


def _is_target(year: Year) -> Q:
    return _is_listed_target(year) | _found(year, Outcome.POOR)


def _is_added_target(year: Year) -> Q:
    return _found(year, Outcome.POOR) & ~_is_listed_target(year)


# ---- leaving ---------------------------------------------------------------------------
def _approved_exits() -> "QuerySet[Exit]":
    return Exit.objects.filter(household=_THIS, state=ExitState.APPROVED.value)


def _left(year: Year, reasons: list[str] | None = None) -> Q:
    found = _approved_exits().filter(
        decided_at__gte=year.moment(year.starts), decided_at__lt=year.moment(year.ends)
    )
    return Q(Exists(found if reasons is None else found.filter(reason__in=reasons)))


def _stays(year: Year) -> Q:
    return ~_left(year)


def _with_evidence(year: Year) -> Q:
    done = Assessment.objects.complete().filter(household=_THIS, year_be__lte=year.be)
    return (
        _left(year, [ExitReason.GRADUATED.value])
        & Q(Exists(done.filter(period=Period.BEFORE.value)))
        & Q(Exists(done.filter(period=Period.AFTER.value)))
    )


# ---- problems and help -----------------------------------------------------------------
def _needs(year: Year) -> "QuerySet[Problem]":
    """Problems open at the end of the year, or solved in it."""
    solved = Q(resolution=Resolution.SOLVED.value, resolved_on__gte=year.starts)
    return Problem.objects.filter(
        Q(status=ProblemStatus.OPEN.value) | solved, household=_THIS, opened_on__lt=year.ends
    )


def _completed(year: Year) -> Q:
    """Fit problems in whose dimension help is complete."""
    standing = Assistance.objects.standing()
    reported = Q(status__in=[Status.HELPED.value, Status.CHECKED.value])
    solved = Q(status=Status.CLOSED.value, closing_reason=ClosingReason.SOLVED.value)
    twins = Q(problem__status=ProblemStatus.OPEN.value) | Q(
        problem__resolution=Resolution.SOLVED.value, problem__resolved_on__gte=year.starts
    )
    referred = Referral.objects.filter(
        reported | solved,
        twins,
        Exists(standing.filter(referral=OuterRef("pk"), helped_on__lt=year.ends)),
        problem__household=_SAME,
        problem__dimension=OuterRef("dimension"),
        problem__opened_on__lt=year.ends,
    )
    by_list = standing.filter(
        household=_SAME,
        dimension=OuterRef("dimension"),
        referral__isnull=True,
        helped_on__gte=year.starts,
        helped_on__lt=year.ends,
    )
    return Q(Exists(referred)) | Q(Exists(by_list))


def _in_need(year: Year) -> Q:
    """Fit the base of the KPI: targets who lack something, and who rose out of it this year."""
    risen = [ExitReason.GRADUATED.value, ExitReason.CONTINUING_CARE.value]
    return _is_target(year) & (_stays(year) | _left(year, risen)) & Q(Exists(_needs(year)))


def _helped_some(year: Year) -> Q:
    return _in_need(year) & Q(Exists(_needs(year).filter(_completed(year))))


def _helped_all(year: Year) -> Q:
    return _in_need(year) & ~Q(Exists(_needs(year).filter(~_completed(year))))


def _aided(year: Year) -> Q:
    given = Assistance.objects.standing().filter(
        household=_THIS, helped_on__gte=year.starts, helped_on__lt=year.ends
    )
    return Q(Exists(given))


def _assessments(year: Year, of: OuterRef = _THIS) -> "QuerySet[Assessment]":
    return Assessment.objects.complete().filter(household=of, year_be=year.be)


_CONDITIONS: dict[Counted, Callable[[Year], Q]] = {
    Counted.TARGET: lambda year: _is_target(year) & _stays(year),
    Counted.TARGET_LISTED: lambda year: _is_listed_target(year) & _stays(year),
    Counted.TARGET_ADDED: lambda year: _is_added_target(year) & _stays(year),
    Counted.ON_TPMAP: _on_tpmap,
    Counted.VISITED: lambda year: _on_tpmap(year) & _was_visited(year),
    Counted.JUDGED: lambda year: _on_tpmap(year) & _found(year, Outcome.POOR, Outcome.NOT_POOR),
    Counted.LEAKED: lambda year: _on_tpmap(year) & _found(year, Outcome.NOT_POOR),
    Counted.FOUND_POOR: lambda year: _found(year, Outcome.POOR),
    Counted.MISSED: lambda year: _found(year, Outcome.POOR) & ~_on_tpmap(year),
    Counted.IN_NEED: _in_need,
    Counted.HELPED_SOME: _helped_some,
    Counted.HELPED_ALL: _helped_all,
    Counted.AIDED: _aided,
    Counted.ASSESSED: lambda year: Q(Exists(_assessments(year))),
    Counted.WITH_EVIDENCE: _with_evidence,
}
