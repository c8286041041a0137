from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from areas.models import Area
from audit.models import Event
from casework.services.printing import note_printed
from fieldwork.coverage import GroupCount
from fieldwork.models import BackCheck, BackCheckDraw
from fieldwork.services import (
    UnableToCheck,
    agreement_by_surveyor,
    appoint_checker,
    coverage_by_area,
    draw_back_checks,
    newest_list_year,
    record_back_check,
    set_share,
    settle_back_check,
)
from fieldwork.workflow import Settled
from households.models import Household, SourceListing
from households.services import note_read
from households.workflow import Outcome, Source, Stage
from tests.factories import (
    DISTRICT,
    NEXT_SUBDISTRICT,
    SUBDISTRICT,
    make_household,
    make_user,
)
from tests.fieldwork.cases import DUE, LATER, TODAY, drawn, visited, waiting

AFTER = LATER + timedelta(days=1)


def lots(by: User, seed: str = "seed", area: str = SUBDISTRICT) -> BackCheckDraw:
    return draw_back_checks(
        area=Area.objects.get(pk=area),
        visited_from=TODAY,
        visited_to=TODAY,
        by=by,
        at=LATER,
        seed=seed,
    )


def look(check: BackCheck, outcome: Outcome, **overrides: Any) -> bool | None:
    fields: dict[str, Any] = {
        "visited_on": AFTER.date(),
        "reason": "เยี่ยมแล้ว",
        "at": AFTER,
    } | overrides
    fields.setdefault("by", check.checker)
    return record_back_check(check=check, outcome=outcome, **fields)


# ---- drawing -----------------------------------------------------------------------------
def test_of_each_surveyor_the_share_is_drawn_and_the_seed_is_kept(
    district: User, surveyor: User
) -> None:
    other = make_user(Role.SURVEYOR, SUBDISTRICT)
    for household in waiting(10):
        visited(household, surveyor)
    for household in waiting(4):
        visited(household, other)
    set_share(area=Area.objects.get(pk="3032"), percent=20, by=district, at=LATER)
    set_share(area=Area.objects.get(pk="3032"), percent=50, surveyor=other, by=district, at=LATER)

    made = lots(district)

    assert made.seed == "seed"
    assert made.counts == {
        str(surveyor.pk): {"visits": 10, "percent": 20, "drawn": 2},
        str(other.pk): {"visits": 4, "percent": 50, "drawn": 2},
    }
    assert made.checks.count() == 4
    with pytest.raises(UnableToCheck, match="ครบตามสัดส่วน"):
        lots(district, seed="another")


def test_there_is_nothing_to_draw_where_nobody_was_visited(district: User, outsider: User) -> None:
    with pytest.raises(UnableToCheck, match="ไม่มีผลสอบทาน"):
        lots(district)
    with pytest.raises(PermissionDenied):
        lots(outsider)


# ---- the second visit --------------------------------------------------------------------
def test_the_first_visitor_does_not_check_an_own_visit(district: User, surveyor: User) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    with pytest.raises(UnableToCheck, match="ครั้งแรกเอง"):
        appoint_checker(check_ids=[check.pk], checker=surveyor, due_on=DUE, by=district, at=LATER)
    with pytest.raises(PermissionDenied, match="ครั้งแรก"):
        look(check, Outcome.POOR, by=surveyor)
    with pytest.raises(PermissionDenied, match="คนอื่น"):
        look(check, Outcome.POOR, by=district)


def test_a_second_visit_changes_nothing_of_the_household(surveyor: User) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    before = Household.objects.values().get(pk=check.verification.household_id)

    assert look(check, Outcome.NOT_POOR) is False

    assert Household.objects.values().get(pk=before["id"]) == before
    assert BackCheck.objects.to_settle().get() == check
    event = Event.objects.get(event="household.back-checked")
    assert (event.detail["agrees"], event.detail["is_blind"]) == (False, True)
    with pytest.raises(UnableToCheck, match="มีผู้บันทึก"):
        look(check, Outcome.POOR)


def test_who_had_seen_the_file_is_not_compared(surveyor: User) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    assert check.checker is not None
    note_read(household=check.verification.household, by=check.checker, at=LATER)

    assert look(check, Outcome.POOR) is None

    check.refresh_from_db()
    assert check.is_blind is False
    assert agreement_by_surveyor(checks=BackCheck.objects.all()) == []


def test_who_printed_the_file_is_not_compared(surveyor: User) -> None:
    printed = drawn(visited(waiting()[0], surveyor))
    assert printed.checker is not None
    note_printed(household=printed.verification.household, by=printed.checker, at=LATER)
    assert look(printed, Outcome.POOR) is None


def test_who_had_the_file_open_when_the_first_verdict_came_is_not_compared(surveyor: User) -> None:
    home, checker = waiting()[0], make_user(Role.SURVEYOR, SUBDISTRICT)
    first = visited(home, surveyor)
    # Looked at again so soon, which makes no second event.
    for minutes in (-5, 5):
        at = first.recorded_at + timedelta(minutes=minutes)
        note_read(household=home, by=checker, at=at)
    assert Event.objects.filter(event="household.read", actor_id=checker.pk).count() == 1
    assert look(drawn(first, checker), Outcome.POOR) is None


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"visited_on": AFTER.date() + timedelta(days=1)}, "อนาคต"),
        ({"visited_on": TODAY - timedelta(days=1)}, "ก่อนการเยี่ยมครั้งแรก"),
        ({"reason": " "}, "ระบุเหตุผล"),
    ],
)
def test_half_a_second_visit_is_refused(
    surveyor: User, overrides: dict[str, Any], message: str
) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    with pytest.raises(UnableToCheck, match=message):
        look(check, Outcome.NOT_FOUND, **overrides)
    assert BackCheck.objects.open().get() == check


def test_agreement_is_told_per_surveyor(district: User, surveyor: User) -> None:
    set_share(area=Area.objects.get(pk="3032"), percent=100, by=district, at=LATER)
    for household in waiting(4):
        visited(household, surveyor)
    lots(district)
    checker = make_user(Role.SURVEYOR, SUBDISTRICT)
    ids = list(BackCheck.objects.values_list("pk", flat=True))
    appoint_checker(check_ids=ids, checker=checker, due_on=DUE, by=district, at=LATER)
    found = [Outcome.POOR, Outcome.POOR, Outcome.POOR, Outcome.NOT_POOR]
    for check, outcome in zip(BackCheck.objects.all(), found, strict=True):
        look(check, outcome)

    ((who, how_far),) = agreement_by_surveyor(checks=BackCheck.objects.visible_to(district))
    assert (who, how_far.compared, how_far.agreed) == (surveyor, 4, 3)
    assert how_far.rate == Decimal("0.75")


# ---- settling ----------------------------------------------------------------------------
def test_the_office_settles_and_the_second_verdict_moves_the_household(
    district: User, surveyor: User
) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    look(check, Outcome.NOT_POOR)
    check.refresh_from_db()

    settle_back_check(check=check, settled=Settled.SECOND, reason="มีรถยนต์", by=district, at=AFTER)

    household = check.verification.household
    household.refresh_from_db()
    assert household.stage == Stage.VERIFIED_NOT_POOR
    assert household.verifications.count() == 2
    assert not BackCheck.objects.to_settle().exists()
    with pytest.raises(UnableToCheck, match="มีผู้ตัดสิน"):
        settle_back_check(check=check, settled=Settled.FIRST, reason="x", by=district, at=AFTER)


def test_the_first_verdict_can_stand_and_visitors_do_not_settle(
    district: User, province: User, surveyor: User
) -> None:
    check = drawn(visited(waiting()[0], surveyor), checker=district)
    with pytest.raises(UnableToCheck, match="ไม่ได้ขัดกัน"):
        settle_back_check(check=check, settled=Settled.FIRST, reason="x", by=province, at=AFTER)
    look(check, Outcome.REFUSED)
    with pytest.raises(UnableToCheck, match="คนอื่นตัดสิน"):
        settle_back_check(check=check, settled=Settled.FIRST, reason="x", by=district, at=AFTER)
    settle_back_check(check=check, settled=Settled.FIRST, reason="จนจริง", by=province, at=AFTER)
    household = check.verification.household
    household.refresh_from_db()
    assert (household.stage, household.verifications.count()) == (Stage.VERIFIED_POOR, 1)


def test_second_visits_are_seen_by_the_office_and_who_makes_them(
    district: User, surveyor: User, outsider: User
) -> None:
    check = drawn(visited(waiting()[0], surveyor))
    assert check.checker is not None
    for person, sees in ((district, 1), (check.checker, 1), (surveyor, 0), (outsider, 0)):
        assert BackCheck.objects.visible_to(person).count() == sees


# ---- coverage from rows --------------------------------------------------------------------
def listed(area: str, source: Source, year: int = 2567) -> Household:
    household = make_household(area_id=area)
    SourceListing.objects.create(household=household, source=source, year_be=year)
    return household


def test_coverage_is_counted_from_the_rows(district: User) -> None:
    """By hand: 5 listed of 2567; 2 poor, 1 not poor, 1 met nobody, 1 not visited; 1 poor beside."""
    village = "30320101"
    tpmap = [listed(village, Source.TPMAP) for _ in range(5)]
    visited(tpmap[0], district)
    visited(tpmap[1], district)
    visited(tpmap[1], district, Outcome.REFUSED)  # looked past: it was found poor before
    visited(tpmap[2], district, Outcome.NOT_POOR)
    visited(tpmap[3], district, Outcome.NOT_FOUND)
    visited(listed(village, Source.ADD_ON), district)
    listed("30320201", Source.VULNERABLE)
    older = listed(village, Source.TPMAP, year=2562)
    merged = listed(village, Source.TPMAP)
    Household.objects.filter(pk=merged.pk).update(merged_into=older, stage=Stage.EXITED)

    one, two = coverage_by_area(area_code=DISTRICT, year_be=2567, digits=6)

    assert (one.code, two.code) == (SUBDISTRICT, NEXT_SUBDISTRICT)
    assert (one.tpmap.households, one.tpmap.visited) == (5, 4)
    assert (one.tpmap.poor, one.tpmap.not_poor) == (2, 1)
    assert one.tpmap.coverage == Decimal("0.6")
    assert one.inclusion_error == Decimal("0.3333")
    assert one.exclusion_error == Decimal("0.3333")
    assert (one.missed.households, one.everyone.households) == (1, 7)
    assert two.vulnerable.households == 1
    assert newest_list_year("3032") == 2567
    every_year = coverage_by_area(area_code=DISTRICT, year_be=0, digits=4)
    assert every_year[0].tpmap.households == 6


def test_who_moved_after_they_were_found_poor_stays_found_poor(district: User) -> None:
    moved = listed("30320101", Source.TPMAP)
    visited(moved, district)
    visited(moved, district, Outcome.MOVED)
    visited(listed("30320101", Source.TPMAP), district, Outcome.DECEASED)

    (one,) = coverage_by_area(area_code=DISTRICT, year_be=2567, digits=6)

    assert one.tpmap == GroupCount(households=2, visited=2, settled=2, poor=1, not_poor=0)
    assert one.tpmap.coverage == 1
    assert one.inclusion_error == 0
