"""Every rule finds the row that breaks it, and not the one that just does not."""

import pytest

from accounts.models import User
from households.models import Household, Member
from households.workflow import Stage
from quality.rules import RULES
from quality.services import ask_in, found_rows, standing_rules
from tests.factories import PROVINCE, make_household
from tests.quality.breaking import PAIRS, TODAY, Row

pytestmark = pytest.mark.django_db


def breaks(code: str, row: Row, *areas: str) -> bool:
    standing = next(one for one in standing_rules(PROVINCE) if one.rule.code == code)
    ask = ask_in(standing, areas or (PROVINCE,), today=TODAY)
    return bool(found_rows(standing, ask).filter(pk=row.pk).exists())


def test_every_rule_has_its_pair() -> None:
    assert PAIRS.keys() == RULES.keys()


@pytest.mark.parametrize("code", sorted(PAIRS))
def test_a_rule_finds_what_breaks_it_and_nothing_else(code: str, areas: None) -> None:
    wrong, right = PAIRS[code]()
    assert isinstance(wrong, Member if RULES[code].of_members else Household)
    assert breaks(code, wrong)
    assert not breaks(code, right)
    assert not breaks(code, wrong, "3001"), "it must look only where it is asked"


def test_what_was_merged_or_has_left_is_held_against_no_rule(areas: None) -> None:
    survivor = make_household()
    for gone in ({"stage": Stage.EXITED}, {"stage": Stage.EXITED, "merged_into": survivor}):
        assert not breaks("no-people", make_household(**gone))


def test_every_rule_leads_to_a_page_that_is_there(areas: None, officer: User) -> None:
    household = make_household()
    for rule in RULES.values():
        url = rule.mend.url(household=household.pk, member=household.pk)
        assert str(household.pk) in url, rule.code


def test_codes_are_once_and_every_rule_says_why() -> None:
    assert all(rule.why and rule.title for rule in RULES.values())
    assert all(code == rule.code for code, rule in RULES.items())
