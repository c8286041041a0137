"""The households behind a number of the board; tests hold each against its number."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from households.models import Household, SourceListing, Verification
from households.querysets import HouseholdQuerySet
from households.workflow import Outcome, Source
from reconciliation.figures import FIELD, LISTS, NAMES_THE_POOR

_THIS = OuterRef("pk")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which number: of what area and year, which two lists, or which combination of lists."""

    show: str
    area: str
    year_be: int
    a: str = ""
    b: str = ""
    lists: tuple[str, ...] = ()
    against: int = 0


def households_of(wanted: Wanted) -> HouseholdQuerySet:
    """Return the households the number counts, protected ones too: narrow with `visible_to`."""
    here = Household.objects.in_area(wanted.area).filter(merged_into__isnull=True)
    return here.filter(SHOWN[wanted.show](wanted))


# ---- on a list ---------------------------------------------------------------------------
def _lines(code: str, year_be: int) -> "QuerySet[SourceListing]":
    lines = SourceListing.objects.filter(household=_THIS, source=code)
    return lines if code == Source.ADD_ON else lines.filter(year_be=year_be)


def _visits() -> "QuerySet[Verification]":
    return Verification.objects.filter(household=_THIS, retracted_at__isnull=True)


def _on(code: str, year_be: int) -> Q:
    rows = _visits() if code == FIELD else _lines(code, year_be)
    return Q(Exists(rows))


def _exactly(wanted: Wanted) -> Q:
    """Fit those on these lists and on no other."""
    condition = Q()
    for code in LISTS:
        on = _on(code, wanted.year_be)
        condition &= on if code in wanted.lists else ~on
    return condition


def _field_only(wanted: Wanted) -> Q:
    listed = SourceListing.objects.filter(household=_THIS, year_be=wanted.year_be).exclude(
        source__in=[Source.ADD_ON, Source.AREA_FIGURES]
    )
    return _on(Source.ADD_ON, wanted.year_be) & ~Q(Exists(listed))


# ---- conflicts ---------------------------------------------------------------------------
def _says(code: str, flag: str, year_be: int, *, yes: bool) -> Q:
    """Fit where the list says so outright; one line with yes is a yes of the household."""
    if code == FIELD:
        return Q(pk__in=[])
    lines = _lines(code, year_be)
    said_yes = Q(Exists(lines.filter(**{flag: True})))
    return said_yes if yes else Q(Exists(lines.filter(**{flag: False}))) & ~said_yes


def _found(outcome: Outcome) -> Q:
    judged = _visits().filter(outcome__in=[Outcome.POOR, Outcome.NOT_POOR])
    newest = (
        Verification.objects.filter(
            household=OuterRef("household"),
            retracted_at__isnull=True,
            outcome__in=[Outcome.POOR, Outcome.NOT_POOR],
        )
        .order_by("-recorded_at", "-pk")
        .values("pk")[:1]
    )
    return Q(Exists(judged.filter(pk=Subquery(newest), outcome=outcome)))


def _claims_poor(code: str, year_be: int) -> Q:
    outright = _says(code, "is_mpi_poor", year_be, yes=True)
    if code not in NAMES_THE_POOR:
        return outright
    return _on(code, year_be) & ~_says(code, "is_mpi_poor", year_be, yes=False)


def _conflicting(wanted: Wanted) -> Q:
    a, b, year_be = wanted.a, wanted.b, wanted.year_be
    condition = Q(pk__in=[])
    for flag in ("is_mpi_poor", "has_welfare_card", "is_registered"):
        for one, other in ((a, b), (b, a)):
            condition |= _says(one, flag, year_be, yes=True) & _says(
                other, flag, year_be, yes=False
            )
    claims = _claims_poor(a, year_be) | _claims_poor(b, year_be)
    denies = _says(a, "is_mpi_poor", year_be, yes=False) | _says(
        b, "is_mpi_poor", year_be, yes=False
    )
    return condition | (_found(Outcome.NOT_POOR) & claims) | (_found(Outcome.POOR) & denies)


# ---- years -------------------------------------------------------------------------------
def _stood(wanted: Wanted, *, now: bool, before: bool, earlier: bool | None = None) -> Q:
    lines = SourceListing.objects.filter(household=_THIS, source=wanted.a)
    condition = Q()
    for wish, found in (
        (now, lines.filter(year_be=wanted.year_be)),
        (before, lines.filter(year_be=wanted.against)),
        (earlier, lines.filter(year_be__lt=wanted.against)),
    ):
        if wish is not None:
            condition &= Q(Exists(found)) if wish else ~Q(Exists(found))
    return condition


SHOWN: dict[str, Callable[[Wanted], Q]] = {
    "on": lambda w: _on(w.a, w.year_be),
    "both": lambda w: _on(w.a, w.year_be) & _on(w.b, w.year_be),
    "only-a": lambda w: _on(w.a, w.year_be) & ~_on(w.b, w.year_be),
    "only-b": lambda w: _on(w.b, w.year_be) & ~_on(w.a, w.year_be),
    "conflict": _conflicting,
    "field": _field_only,
    "exactly": _exactly,
    "before": lambda w: _stood(w, now=False, before=True) | _stood(w, now=True, before=True),
    "stayed": lambda w: _stood(w, now=True, before=True),
    "new": lambda w: _stood(w, now=True, before=False, earlier=False),
    "again": lambda w: _stood(w, now=True, before=False, earlier=True),
    "gone": lambda w: _stood(w, now=False, before=True),
}
