"""Counts of field work: per village, per person, and what visits say of the lists."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, OuterRef, Q, Subquery

from accounts.models import User
from areas.querysets import within
from fieldwork.coverage import JUDGING, SETTLING, Coverage, Tally, of_areas
from fieldwork.querysets import AssignmentQuerySet, BackCheckQuerySet
from fieldwork.workflow import Agreement, agreement
from households.models import SourceListing
from households.querysets import HouseholdQuerySet
from households.workflow import Source, Stage


@dataclass(slots=True)
class VillageProgress:
    """Work in one village: households that wait, and how far what was given is done."""

    code: str
    waiting: int = 0
    unassigned: int = 0
    open: int = 0
    late: int = 0
    done: int = 0

    @property
    def assigned(self) -> int:
        return self.open + self.done


@dataclass(slots=True)
class WorkerProgress:
    """Work of one person. `is_unowned` counts what they may not do any more."""

    surveyor: User
    open: int = 0
    late: int = 0
    done: int = 0
    unowned: int = 0

    @property
    def assigned(self) -> int:
        return self.open + self.done


def progress_by_village(
    *, households: HouseholdQuerySet, assignments: AssignmentQuerySet, today: date
) -> list[VillageProgress]:
    """Count per village, or per subdistrict where the village is unknown; two queries."""
    found: dict[str, VillageProgress] = {}
    standing = assignments.standing().filter(household=OuterRef("pk")).values("pk")[:1]
    waiting = (
        households.filter(stage=Stage.LISTED)
        .annotate(given=Subquery(standing))
        .values("area_id")
        .annotate(waiting=Count("pk"), unassigned=Count("pk", filter=Q(given__isnull=True)))
    )
    for row in waiting.order_by("area_id"):
        code = row["area_id"]
        found[code] = VillageProgress(code, waiting=row["waiting"], unassigned=row["unassigned"])
    given = (
        _workable(assignments)
        .values(code=F("household__area_id"))
        .annotate(
            done=Count("pk", filter=Q(is_visited=True)),
            open=Count("pk", filter=Q(is_visited=False)),
            late=Count("pk", filter=Q(is_visited=False, due_on__lt=today)),
        )
    )
    for work in given.order_by("code"):
        village = found.setdefault(work["code"], VillageProgress(work["code"]))
        village.done, village.open, village.late = work["done"], work["open"], work["late"]
    return [found[code] for code in sorted(found)]


def progress_by_worker(*, assignments: AssignmentQuerySet, today: date) -> list[WorkerProgress]:
    """Count per surveyor, the latest work first; three queries."""
    rows = (
        _workable(assignments)
        .values("surveyor")
        .annotate(
            done=Count("pk", filter=Q(is_visited=True)),
            open=Count("pk", filter=Q(is_visited=False)),
            late=Count("pk", filter=Q(is_visited=False, due_on__lt=today)),
        )
    )
    counts = {row["surveyor"]: row for row in rows.order_by("surveyor")}
    lost = dict(
        assignments.open()
        .unowned(on=today)
        .values_list("surveyor")
        .annotate(number=Count("pk"))
        .order_by("surveyor")
    )
    people = User.objects.filter(pk__in=counts).order_by("name", "pk")
    workers = [
        WorkerProgress(
            surveyor=person,
            open=counts[person.pk]["open"],
            late=counts[person.pk]["late"],
            done=counts[person.pk]["done"],
            unowned=lost.get(person.pk, 0),
        )
        for person in people
    ]
    return sorted(workers, key=lambda row: (-row.unowned, -row.late, -row.open))


def _workable(assignments: AssignmentQuerySet) -> AssignmentQuerySet:
    """Leave out what is no work any more although nobody visited it: who left or was merged."""
    gone = Q(household__stage=Stage.EXITED) | Q(household__merged_into__isnull=False)
    return assignments.standing().with_visit().exclude(gone & Q(is_visited=False))


# ---- second visits -----------------------------------------------------------------------
def agreement_by_surveyor(*, checks: BackCheckQuerySet) -> list[tuple[User, Agreement]]:
    """Compare the visits of each surveyor with those made again without knowing them."""
    pairs: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    rows = checks.compared().values_list(
        "verification__recorded_by", "verification__outcome", "outcome"
    )
    for surveyor, first, second in rows:
        pairs[surveyor].append((first, second))
    people = User.objects.filter(pk__in=pairs).order_by("name", "pk")
    return [(person, agreement(pairs[person.pk])) for person in people]


# ---- coverage and errors -----------------------------------------------------------------
_MISSED = (Source.MISSED.value, Source.ADD_ON.value)

# One pass over each table: a household is looked up nowhere row by row.
_TALLIES = """
WITH place AS MATERIALIZED (
    SELECT id, left(area_id, %(digits)s) AS code
    FROM households_household
    WHERE area_id >= %(low)s AND area_id < %(high)s AND merged_into_id IS NULL
), lists AS (
    SELECT listing.household_id,
           bool_or(listing.source = %(tpmap)s) AS in_tpmap,
           bool_or(listing.source = ANY(%(missed)s)) AS in_missed,
           bool_or(listing.source = %(vulnerable)s) AS in_vulnerable
    FROM households_sourcelisting AS listing JOIN place ON place.id = listing.household_id
    WHERE listing.source <> %(tpmap)s OR %(year)s = 0 OR listing.year_be = %(year)s
    GROUP BY listing.household_id
), verdicts AS (
    SELECT DISTINCT ON (found.household_id) found.household_id, found.outcome
    FROM households_verification AS found JOIN place ON place.id = found.household_id
    WHERE found.retracted_at IS NULL
    ORDER BY found.household_id, found.outcome = ANY(%(judging)s) DESC,
             found.outcome = ANY(%(settling)s) DESC, found.recorded_at DESC, found.id DESC
)
SELECT place.code, coalesce(in_tpmap, false), coalesce(in_missed, false),
       coalesce(in_vulnerable, false), verdicts.outcome, count(*)
FROM place
LEFT JOIN lists ON lists.household_id = place.id
LEFT JOIN verdicts ON verdicts.household_id = place.id
GROUP BY 1, 2, 3, 4, 5
"""


def coverage_by_area(*, area_code: str, year_be: int, digits: int) -> list[Coverage]:
    """Return the figures of the areas of `digits` digits inside an area; one query.

    Households that are protected are counted too. `year_be` 0 takes TPMAP of every year.
    What was found last of poor and not poor counts, whatever a later visit met; the rest as
    fieldwork.coverage says.
    """
    values: dict[str, Any] = {
        "digits": digits,
        "low": area_code,
        "high": area_code[:-1] + chr(ord(area_code[-1]) + 1),
        "tpmap": Source.TPMAP.value,
        "missed": list(_MISSED),
        "vulnerable": Source.VULNERABLE.value,
        "year": year_be,
        "judging": list(JUDGING),
        "settling": list(SETTLING),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TALLIES, values)
        return of_areas(Tally(*row) for row in cursor.fetchall())


def newest_list_year(area_code: str) -> int:
    """Return the newest year of TPMAP in an area, 0 if it was never listed."""
    rows = SourceListing.objects.filter(
        within([area_code], column="household__area_id"), source=Source.TPMAP
    )
    newest: int | None = rows.aggregate(newest=Max("year_be"))["newest"]
    return newest or 0
