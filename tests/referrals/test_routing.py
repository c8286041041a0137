"""Which agency a problem is proposed to: the most specific rule that fits, and why."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Agency, User
from accounts.roles import Role
from areas.models import Area
from households.models import Household
from households.workflow import Residence, Stage
from problems.rules import Dimension, ProblemCode
from referrals import services
from referrals.models import RoutingRule
from referrals.services import AGENCY_SLUGS, UnableToRefer, default_rules_for, propose_agency
from slf.instrument import Group
from slf.models import LivelihoodProfile
from slf.services import override_group, record_assessment
from slf.workflow import Period
from tests.factories import (
    DISTRICT,
    PROVINCE,
    SUBDISTRICT,
    VILLAGE,
    make_agency,
    make_household,
    make_member,
    make_user,
)
from tests.referrals.cases import AT, TODAY, make_problem, make_rule
from tests.slf.cases import YEAR_BE, make_case

pytestmark = pytest.mark.django_db


def winner(household: Household | None = None, **problem: Any) -> RoutingRule | None:
    return propose_agency(problem=make_problem(household, **problem), on=TODAY).rule


# ---- which rule ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({}, {"code": ProblemCode.HOME_UNFIT}),
        ({"area_id": VILLAGE}, {"code": ProblemCode.HOME_UNFIT}),
        ({"area_id": PROVINCE}, {"area_id": DISTRICT}),
        ({"area_id": SUBDISTRICT}, {"area_id": VILLAGE}),
        ({"priority": 1}, {"area_id": DISTRICT, "priority": 9}),
        ({"priority": 9}, {"priority": 1}),
        ({"code": ProblemCode.HOME_UNFIT}, {"code": ProblemCode.HOME_UNFIT, "age_from": 60}),
        ({"code": ProblemCode.HOME_UNFIT, "priority": 9}, {"age_from": 60, "priority": 1}),
    ],
)
def test_the_more_specific_rule_wins_in_whatever_order_they_were_added(
    weaker: dict[str, Any], stronger: dict[str, Any]
) -> None:
    for first_is_stronger in (True, False):
        RoutingRule.objects.all().delete()
        rules = [
            make_rule(**fields) for fields in (stronger, weaker)[:: (1, -1)[first_is_stronger]]
        ]
        wanted = rules[1] if first_is_stronger else rules[0]
        household = make_household(stage=Stage.VERIFIED_POOR)
        make_member(household, birth_date=date(1950, 1, 1))
        assert winner(household) == wanted


def test_of_equal_rules_the_older_one_stays() -> None:
    older = make_rule()
    make_rule()
    assert winner() == older


@pytest.mark.parametrize(
    "what",
    [
        {"dimension": Dimension.HEALTH},
        {"code": ProblemCode.NO_HOME},
        {"group": Group.LOWER20},
        {"area_id": "3001"},
        {"area_id": "31"},
        {"age_to": 14},
        {"age_from": 60},
        {"retired_at": AT, "retired_by": None},
    ],
)
def test_a_rule_that_does_not_fit_is_not_used(what: dict[str, Any]) -> None:
    make_rule(**what)
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, birth_date=date(1990, 1, 1))
    assert winner(household) is None


def test_an_agency_that_takes_no_more_is_not_proposed() -> None:
    make_rule(make_agency(is_active=False))
    assert winner() is None


def test_ages_are_of_the_members_named_else_of_whoever_lives_there() -> None:
    make_rule(age_to=14)
    household = make_household(stage=Stage.VERIFIED_POOR)
    parent = make_member(household, birth_date=date(1980, 1, 1))
    child = make_member(household, birth_date=date(2015, 1, 1))
    assert winner(household, members=(parent,), code=ProblemCode.HOME_UNFIT) is None

    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, birth_date=date(1980, 1, 1))
    away = make_member(
        household, birth_date=date(2015, 1, 1), residence=Residence.LISTED_NOT_LIVING
    )
    assert winner(household) is None
    away.residence = Residence.LISTED_AND_LIVING
    away.save()
    problem = household.problems.get()
    assert propose_agency(problem=problem, on=TODAY).rule is not None
    assert child.household != household


def test_both_ends_of_an_age_belong_to_it() -> None:
    make_rule(age_from=10, age_to=14)
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, birth_date=date(2012, 11, 21))
    problem = make_problem(household)
    assert propose_agency(problem=problem, on=date(2022, 11, 20)).rule is None
    for day in (date(2022, 11, 21), date(2027, 11, 20)):
        assert propose_agency(problem=problem, on=day).rule is not None
    assert propose_agency(problem=problem, on=date(2027, 11, 21)).rule is None


def test_the_group_that_holds_decides_also_one_that_staff_have_set() -> None:
    case = make_case()
    officer = make_user(Role.DISTRICT_OFFICER, DISTRICT)
    record_assessment(
        household=case.household,
        year_be=YEAR_BE,
        round=1,
        period=Period.BEFORE,
        answers=case.answers(),
        amounts=case.amounts(),
        by=officer,
        at=AT,
    )
    group = LivelihoodProfile.objects.current().get(household=case.household).group
    other = next(g for g in (Group.LOWER20, Group.UPPER20) if g != group)
    right, wrong = make_rule(group=group), make_rule(group=other)
    problem = case.household.problems.filter(dimension="living").first() or make_problem(
        case.household
    )
    assert propose_agency(problem=problem, on=TODAY).rule == right
    override_group(household=case.household, group=other, note="เยี่ยมแล้ว", by=officer, at=AT)
    assert propose_agency(problem=problem, on=TODAY).rule == wrong


# ---- why -------------------------------------------------------------------------------------
def test_the_reason_says_in_thai_what_fitted_and_names_nobody() -> None:
    agency = make_agency(short_name="พอช.")
    make_rule(
        agency,
        code=ProblemCode.HOME_UNFIT,
        area_id=DISTRICT,
        age_from=60,
    )
    household = make_household(stage=Stage.VERIFIED_POOR)
    old = make_member(household, first_name="ลับเฉพาะ", birth_date=date(1950, 1, 1))
    routing = propose_agency(problem=make_problem(household, members=(old,)), on=TODAY)
    assert routing.reason == (
        "ด้านความเป็นอยู่ · บ้านทรุดโทรมหรือสภาพไม่เหมาะสม · อายุ 60 ปีขึ้นไป · ใน อ.เฉลิมพระเกียรติ → พอช."
    )
    assert routing.agency == agency


def test_without_a_rule_it_says_so_and_where_to_add_one() -> None:
    routing = propose_agency(problem=make_problem(), on=TODAY)
    assert (routing.agency, routing.rule) == (None, None)
    assert "ยังไม่มีเกณฑ์" in routing.reason
    assert "จ.นครราชสีมา" in routing.reason
    assert "ตั้งค่า" in routing.reason


# ---- as staff set them -----------------------------------------------------------------------
def saved(by: User, **overrides: Any) -> RoutingRule:
    fields: dict[str, Any] = {
        "dimension": Dimension.LIVING,
        "area": Area.objects.get(pk=PROVINCE),
        "agency": overrides.pop("agency", None) or make_agency(),
    }
    return services.save_routing_rule(**(fields | overrides), by=by, at=AT)


def test_a_rule_takes_the_place_of_another_which_is_kept(province: User) -> None:
    old = saved(province)
    new = saved(province, code=ProblemCode.HOME_UNFIT, replaces=old)
    old.refresh_from_db()
    assert (old.retired_at, old.retired_by) == (AT, province)
    assert winner() == new
    with pytest.raises(UnableToRefer, match="เลิกใช้ไปแล้ว"):
        services.retire_routing_rule(rule=old, by=province, at=AT)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": ProblemCode.NO_ID_CARD}, "code"),
        ({"age_from": 20, "age_to": 10}, "age_to"),
        ({"age_from": 121}, "age_from"),
        ({"priority": 0}, "priority"),
        ({"priority": 1_000}, "priority"),
        ({"note": "ก" * 201}, "note"),
        ({"agency": {"area_id": "3001"}}, "agency"),
        ({"agency": {"is_active": False}}, "agency"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_beside_the_field(
    province: User, wrong: dict[str, Any], field: str
) -> None:
    if "agency" in wrong:
        wrong = {"agency": make_agency(**wrong["agency"])}
    with pytest.raises(UnableToRefer) as refusal:
        saved(province, **wrong)
    assert refusal.value.field == field
    assert not RoutingRule.objects.exists()


def test_only_who_may_sets_rules_and_only_in_own_areas(district: User, outsider: User) -> None:
    for person in (district, outsider):
        with pytest.raises(PermissionDenied):
            saved(person)
        with pytest.raises(PermissionDenied):
            services.retire_routing_rule(rule=make_rule(), by=person, at=AT)
        with pytest.raises(PermissionDenied):
            services.load_default_rules(province=Area.objects.get(pk=PROVINCE), by=person, at=AT)


# ---- defaults --------------------------------------------------------------------------------
@pytest.fixture
def offices(areas: None) -> dict[str, Agency]:
    return {slug: make_agency(code=f"{slug}-30") for slug in AGENCY_SLUGS}


def test_the_defaults_name_known_agencies_and_cover_every_dimension(areas: None) -> None:
    rules = default_rules_for(Area.objects.get(pk=PROVINCE))
    assert {rule.slug for rule in rules} == AGENCY_SLUGS.keys()
    assert {rule.dimension for rule in rules if rule.code is None} == set(Dimension)


@pytest.mark.parametrize(
    ("code", "born", "slug"),
    [
        (ProblemCode.BEDRIDDEN, 1950, "pho"),
        (ProblemCode.HOME_UNFIT, 1950, "codi"),
        (ProblemCode.NO_POWER_OR_WATER, 1950, "psd"),
        (ProblemCode.OUT_OF_SCHOOL, 2015, "peo"),
        (ProblemCode.EDUCATION_OTHER, 1990, "skr"),
        (ProblemCode.CANNOT_READ, 1990, "skr"),
        (ProblemCode.INCOME_BELOW_LINE, 1990, "cdd"),
        (ProblemCode.NO_ID_CARD, 1990, "dopa"),
        (ProblemCode.NO_WELFARE, 1990, "cgd"),
        (ProblemCode.NO_DISABILITY_CARD, 1990, "psd"),
    ],
)
def test_a_default_sends_a_problem_where_it_belongs(
    offices: dict[str, Agency], province: User, code: ProblemCode, born: int, slug: str
) -> None:
    korat = Area.objects.get(pk=PROVINCE)
    services.load_default_rules(province=korat, by=province, at=AT)
    household = make_household(stage=Stage.VERIFIED_POOR)
    make_member(household, birth_date=date(born, 1, 1))
    routing = propose_agency(problem=make_problem(household, code), on=TODAY)
    assert routing.agency == offices[slug]
    assert routing.rule is not None
    assert routing.rule.is_default


def test_defaults_are_loaded_for_the_agencies_there_are_and_only_once(province: User) -> None:
    korat = Area.objects.get(pk=PROVINCE)
    make_agency(code="codi-northeast")
    make_agency(code="psd-30", is_active=False)
    make_agency(code="pho-3001", area_id="3001")
    assert services.load_default_rules(province=korat, by=province, at=AT) == 3
    assert services.load_default_rules(province=korat, by=province, at=AT) == 0
    assert {rule.agency.code for rule in RoutingRule.objects.all()} == {"codi-northeast"}


def test_the_command_says_what_it_added_and_which_agencies_are_missing(province: User) -> None:
    make_agency(code="pho-30")
    out = StringIO()
    call_command("load_routing", PROVINCE, "--as", province.username, stdout=out)
    said = out.getvalue().splitlines()
    assert said[0] == "เพิ่มเกณฑ์ 2 ข้อ"
    assert len(said) == len(AGENCY_SLUGS)
    assert "codi-30" in out.getvalue()
    assert "pho-30" not in out.getvalue()


@pytest.mark.parametrize(
    ("code", "username"),
    [("99", "province"), ("3032", "province"), ("30", "x"), ("30", "surveyor")],
)
def test_the_command_refuses_with_a_sentence(
    province: User, surveyor: User, code: str, username: str
) -> None:
    with pytest.raises(CommandError):
        call_command("load_routing", code, "--as", username)
    assert not RoutingRule.objects.exists()
