"""Who may do what with a household of ต.ช้างทอง, read as a table."""

from collections.abc import Callable

import pytest

from accounts.roles import Role
from households import permissions
from tests.factories import (
    DISTRICT,
    NEXT_SUBDISTRICT,
    OTHER_DISTRICT,
    PROVINCE,
    SUBDISTRICT,
    make_household,
    make_user,
)

# role, area, sees, verifies, edits, reveals
TABLE = [
    (Role.SURVEYOR, SUBDISTRICT, True, True, True, False),
    (Role.SURVEYOR, NEXT_SUBDISTRICT, False, False, False, False),
    (Role.TEAM_LEAD, SUBDISTRICT, True, True, True, True),
    (Role.DISTRICT_OFFICER, DISTRICT, True, True, True, True),
    (Role.DISTRICT_OFFICER, OTHER_DISTRICT, False, False, False, False),
    (Role.PROVINCE_OFFICER, PROVINCE, True, True, True, True),
    (Role.ANALYST, PROVINCE, False, False, False, False),
    (Role.AGENCY_OFFICER, PROVINCE, False, False, False, False),
    (Role.IMPORT_ADMIN, PROVINCE, False, False, False, False),
    (Role.SYSTEM_ADMIN, PROVINCE, False, False, False, False),
    (Role.AUDITOR, PROVINCE, False, False, False, False),
]


@pytest.mark.parametrize(("role", "area", "sees", "verifies", "edits", "reveals"), TABLE)
def test_rights_follow_role_and_area(
    role: Role, area: str, sees: bool, verifies: bool, edits: bool, reveals: bool, areas: None
) -> None:
    household = make_household()
    user = make_user(role, area)
    visible = type(household).objects.visible_to(user).filter(pk=household.pk).exists()
    assert visible == sees
    assert permissions.can_verify(user, household) == verifies
    assert permissions.can_update(user, household) == edits
    assert permissions.can_add_in(user, household.area_id) == edits
    assert permissions.can_propose_exit(user, household) == edits
    assert permissions.can_reveal(user, household) == reveals


@pytest.mark.parametrize("can", [permissions.can_search, permissions.can_add])
def test_functions_need_the_right_somewhere(can: Callable[..., bool], areas: None) -> None:
    assert can(make_user(Role.SURVEYOR, SUBDISTRICT))
    assert not can(make_user(Role.ANALYST, PROVINCE))
    assert not can(make_user())


def test_every_role_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(Role)
