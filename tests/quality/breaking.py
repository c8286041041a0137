"""For each rule, one row that breaks it and one that just does not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.roles import Role
from households.models import Household, Member, SourceListing, Verification
from households.workflow import Consent, Outcome, Stage
from tests.factories import DISTRICT, make_household, make_member, make_user
from tests.referrals.cases import make_problem, make_referral

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NORTH, EAST = Decimal("15.000000"), Decimal("102.200000")

Row = Household | Member
Pair = tuple[Row, Row]


def poor(**overrides: Any) -> Household:
    """Make a target that breaks nothing about consent and place by itself."""
    fields: dict[str, Any] = {
        "stage": Stage.VERIFIED_POOR,
        "consent": Consent.GIVEN,
        "consent_date": date(2026, 11, 1),
    }
    return make_household(**(fields | overrides))


def visit(household: Household, by: User | None = None, **overrides: Any) -> Verification:
    fields: dict[str, Any] = {
        "outcome": Outcome.POOR,
        "visited_on": date(2026, 11, 10),
        "recorded_at": AT - timedelta(days=1),
        "recorded_by": by or make_user(Role.SURVEYOR, DISTRICT),
        "stage_before": household.stage,
        "stage_date_before": household.stage_date,
    }
    return Verification.objects.create(household=household, **(fields | overrides))


def at_point(north: Decimal, **overrides: Any) -> Household:
    return make_household(lat=north, lon=EAST, **overrides)


def people(right: dict[str, Any], wrong: dict[str, Any]) -> Callable[[], Pair]:
    return lambda: (make_member(**wrong), make_member(**right))


def born_late() -> Pair:
    wrong, right = (make_member(birth_date=date(year, 6, 1)) for year in (2024, 2023))
    for member in (wrong, right):
        SourceListing.objects.create(
            household=member.household, member=member, source="tpmap", year_be=2566
        )
    return wrong, right


def twice() -> Pair:
    same: dict[str, Any] = {
        "first_name": "สมหญิง",
        "last_name": "ทดสอบคู่",
        "birth_date": date(1980, 2, 3),
    }
    wrong = make_member(**same)
    make_member(**same)
    return wrong, make_member(**(same | {"birth_date": date(1980, 2, 4)}))


def heaped() -> Pair:
    """Three of ten in one village are born on 1 January, one of ten in another."""
    first = []
    for village, heap in (("30320101", 3), ("30320102", 1)):
        home = make_household(area_id=village)
        born = [date(1970, 1, 1)] * heap + [date(1970, 5, 5)] * (10 - heap)
        made = [make_member(home, birth_date=day) for day in born]
        first.append(made[0])
    return first[0], first[1]


def elsewhere() -> Pair:
    return (
        make_household(house_code="31010000001"),
        make_household(house_code="30010000001"),
    )


def crowd() -> Pair:
    standing = [at_point(NORTH) for _ in range(5)]
    return standing[0], at_point(NORTH + 1)


def far() -> Pair:
    near = [at_point(NORTH + Decimal(number) / 1000) for number in range(9)]
    return at_point(NORTH + 1), near[0]


def old_assessment() -> Pair:
    return poor(stage_date=date(2025, 11, 20)), poor(stage_date=date(2025, 11, 21))


def no_problem() -> Pair:
    right = poor()
    make_problem(right)
    return poor(), right


def bare_problem() -> Pair:
    wrong, right = poor(), poor()
    for household, need in ((wrong, None), (right, "รถเข็น")):
        problem = make_problem(household)
        problem.need_text = need
        problem.save()
    return wrong, right


def live_referral() -> Pair:
    wrong, right = poor(), poor()
    for household in (wrong, right):
        make_referral(problem=make_problem(household))
    Household.objects.filter(pk=wrong.pk).update(stage=Stage.EXITED)
    return wrong, right


def against_visit() -> Pair:
    wrong, right = poor(), poor()
    for household, outcome in ((wrong, Outcome.NOT_POOR), (right, Outcome.POOR)):
        visit(household, outcome=outcome)
    return wrong, right


def never_verified() -> Pair:
    wrong, right = make_household(), make_household()
    for household, days in ((wrong, 181), (right, 180)):
        SourceListing.objects.create(household=household, source="tpmap", year_be=2566)
        Household.objects.filter(pk=household.pk).update(created_at=AT - timedelta(days=days))
    return wrong, right


def without_proof() -> Pair:
    wrong, right = poor(), poor()
    visit(wrong)
    visit(right, lat=NORTH, lon=EAST, accuracy_m=5)
    return wrong, right


def hurried() -> Pair:
    quick, slow = make_user(Role.SURVEYOR, DISTRICT), make_user(Role.SURVEYOR, DISTRICT)
    first = []
    for surveyor, visits in ((quick, 41), (slow, 40)):
        homes = [make_household() for _ in range(visits)]
        first.append(homes[0])
        for home in homes:
            visit(home, surveyor)
    return first[0], first[1]


def head(wrong: bool) -> Household:
    home = make_household()
    make_member(home, is_head=not wrong)
    return home


PAIRS: dict[str, Callable[[], Pair]] = {
    "no-id": people({"citizen_id": None, "no_id_reason": "ไม่มีบัตร"}, {"citizen_id": None}),
    "no-birth": people(
        {"birth_date": None, "birth_year": 1970}, {"birth_date": None, "birth_year": None}
    ),
    "too-old": people({"birth_date": date(1916, 1, 1)}, {"birth_date": date(1915, 12, 31)}),
    "born-late": born_late,
    "same-person-twice": twice,
    "no-surname": people({}, {"last_name": ""}),
    "title-against-sex": people({"title": "นาง", "sex": "female"}, {"title": "นาง", "sex": "male"}),
    "child-title": people(
        {"title": "ด.ช.", "birth_date": date(2011, 1, 1)},
        {"title": "ด.ช.", "birth_date": date(2010, 12, 31)},
    ),
    "child-as-head": people(
        {"is_head": True, "birth_date": date(2011, 1, 1)},
        {"is_head": True, "birth_date": date(2012, 1, 1)},
    ),
    "birth-years-differ": people({"birth_year": 1970}, {"birth_year": 1971}),
    "heaped-births": heaped,
    "temporary-code": lambda: (
        make_household(house_code=None, temporary_code="ชคร-1"),
        make_household(),
    ),
    "code-of-elsewhere": elsewhere,
    "no-people": lambda: (make_household(), head(wrong=False)),
    "no-head": lambda: (head(wrong=True), head(wrong=False)),
    "no-position": lambda: (poor(), poor(lat=NORTH, lon=EAST)),
    "same-point": crowd,
    "far-from-tambon": far,
    "consent-not-asked": lambda: (
        poor(consent=Consent.NOT_ASKED, consent_date=None),
        poor(),
    ),
    "old-assessment": old_assessment,
    "poor-no-problem": no_problem,
    "problem-no-need": bare_problem,
    "gone-live-referral": live_referral,
    "stage-against-visit": against_visit,
    "never-verified": never_verified,
    "visit-without-proof": without_proof,
    "too-many-a-day": hurried,
}
