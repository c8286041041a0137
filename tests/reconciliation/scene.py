"""Fourteen households of a district whose every place on the board is written beside them.

Year 2566, lists TPMAP (A) and ThaiQM (B):

    1–3  on both                       village 1; two people each
    4    on both, B says not poor      village 1; two people; conflict of the lists
    5–6  on TPMAP only                 village 1; one person each
    7    on TPMAP only, visit: not poor   village 2; one person; conflict with the visit
    8–9  on ThaiQM only                village 2; three people each
    10   on ThaiQM only, says not poor, visit: poor   village 2; nobody; conflict
    11   found in the field, on no list   village 2; four people; visited: poor
    12   vulnerable, on neither           village 3 of the tambon beside; one person
    13   merged into 1: nowhere           village 1
    14   on TPMAP of 2565 only: gone in 2566   village 1
"""

from datetime import UTC, date, datetime
from typing import Any

from accounts.roles import Role
from households.models import Household, SourceListing, Verification
from households.workflow import Outcome, Stage
from tests.factories import DISTRICT, make_household, make_member, make_user

YEAR = 2566
AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ONE, TWO, BESIDE = "30320101", "30320102", "30320201"


def home(area: str, people: int, *lists: Any, visit: Outcome | None = None) -> Household:
    """Make a household on lists given as "tpmap", or ("thaiqm", {"is_mpi_poor": False})."""
    household = make_household(area_id=area)
    for _ in range(people):
        make_member(household)
    for one in lists:
        source, more = (one, {}) if isinstance(one, str) else one
        fields = {"source": source, "year_be": YEAR} | more
        SourceListing.objects.create(household=household, **fields)
    if visit:
        Verification.objects.create(
            household=household,
            outcome=visit,
            visited_on=date(2026, 11, 10),
            recorded_at=AT,
            recorded_by=make_user(Role.SURVEYOR, DISTRICT),
            stage_before=household.stage,
            stage_date_before=household.stage_date,
        )
    return household


def set_scene() -> dict[int, Household]:
    no = {"is_mpi_poor": False}
    made = {number: home(ONE, 2, "tpmap", "thaiqm") for number in (1, 2, 3)}
    made[4] = home(ONE, 2, ("tpmap", {"is_mpi_poor": True}), ("thaiqm", no))
    made |= {number: home(ONE, 1, "tpmap") for number in (5, 6)}
    made[7] = home(TWO, 1, "tpmap", visit=Outcome.NOT_POOR)
    made |= {number: home(TWO, 3, "thaiqm") for number in (8, 9)}
    made[10] = home(TWO, 0, ("thaiqm", no), visit=Outcome.POOR)
    made[11] = home(TWO, 4, ("add_on", {"year_be": 2569}), visit=Outcome.POOR)
    made[12] = home(BESIDE, 1, "vulnerable")
    made[13] = home(ONE, 1, "tpmap", "thaiqm")
    Household.objects.filter(pk=made[13].pk).update(merged_into=made[1], stage=Stage.EXITED)
    made[14] = home(ONE, 1, ("tpmap", {"year_be": 2565}))
    # Who was on it before: 1 and 2 stayed, 3 was away a year and is back.
    for number, years in ((1, (2565,)), (2, (2565, 2564)), (3, (2564,))):
        for year in years:
            SourceListing.objects.create(household=made[number], source="tpmap", year_be=year)
    return made
