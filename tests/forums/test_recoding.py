"""An announcement gives an area another code: its rules, sittings and resolutions go along."""

from datetime import date

from accounts.models import User
from accounts.roles import Role
from areas.models import Area
from areas.services import Recode
from dashboards.queries import summary
from forums.models import Forum
from forums.permissions import can_manage
from forums.services import suggestions
from households.models import Household
from households.services import recode_areas
from referrals.services import propose_agency
from tests.factories import DISTRICT, OTHER_DISTRICT, PROVINCE, make_agency, make_user
from tests.forums.cases import AT, TODAY, make_case, make_forum, make_item, make_resolution
from tests.referrals.cases import make_problem, make_rule

NEW, NEWER = "3098", "3099"


def recode(old: str, new: str) -> None:
    recode_areas(
        changes=[Recode(old, new, "อำเภอใหม่")],
        on=TODAY,
        reason="ประกาศกระทรวงมหาดไทย",
        by=make_user(Role.PROVINCE_OFFICER, PROVINCE),
        at=AT,
    )


def test_a_rule_of_an_area_holds_under_the_codes_that_take_its_place(areas: None) -> None:
    own, wider = make_agency(area_id=DISTRICT), make_agency()
    make_rule(wider)
    make_rule(own, area_id=DISTRICT)
    problem = make_problem()
    assert propose_agency(problem=problem, on=TODAY).agency == own
    for old, new in ((DISTRICT, NEW), (NEW, NEWER)):
        recode(old, new)
        problem.household = Household.objects.get(pk=problem.household_id)
        assert problem.household.area_id.startswith(new)
        assert propose_agency(problem=problem, on=TODAY).agency == own
    # What stands beside is left to the rule of the province.
    problem.household.area_id = f"{OTHER_DISTRICT}0101"
    assert propose_agency(problem=problem, on=TODAY).agency == wider


def test_a_sitting_goes_on_under_the_new_code(areas: None) -> None:
    case = make_case()
    planned = make_forum(held_on=date(2026, 12, 20))
    resolution = make_resolution()
    recode(DISTRICT, NEW)
    planned = Forum.objects.get(pk=planned.pk)
    # Somebody who came after the announcement holds the new code only.
    came_after = make_user(Role.DISTRICT_OFFICER, NEW)

    assert planned in Forum.objects.visible_to(came_after)
    assert can_manage(came_after, planned)
    found = suggestions(forum=planned, by=came_after, on=TODAY)
    assert (found.overdue, found.resolutions) == ([case], [resolution])
    # What was resolved under the old code comes back to a sitting planned under the new one.
    next_one = make_forum(area_code=NEW, held_on=date(2026, 12, 21))
    assert next_one.items.filter(resolution=resolution).exists()
    assert make_item(next_one).forum == next_one
    elsewhere = make_user(Role.DISTRICT_OFFICER, OTHER_DISTRICT)
    assert not Forum.objects.visible_to(elsewhere).exists()
    assert not can_manage(elsewhere, planned)


def test_the_figures_of_the_new_code_count_its_sittings(areas: None, province: User) -> None:
    make_resolution()
    make_forum()
    recode(DISTRICT, NEW)
    found = summary(area=Area.objects.get(pk=NEW), year_be=2569, user=province, at=AT)
    assert found.forums is not None
    assert (found.forums.held, found.forums.planned, found.forums.open_resolutions) == (1, 1, 1)
