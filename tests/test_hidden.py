"""A household that moved, and one that must not be found, at every door of the table of rights.

The doors are those of tests/rights.py, so a new route is asked too. One maker serves all
routes that show its kind of thing: what is refused changes nothing.
"""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from accounts.roles import Permission, Role
from dashboards.services.counting import count_cells
from fieldwork.models import BackCheck
from fieldwork.services import coverage_by_area
from households.models import Exit, Household, ProtectedAccess, SourceListing
from households.workflow import Outcome
from imports.models import ImportRow
from quality import services as quality
from quality.models import QualityCell
from reconciliation.queries import signatures
from referrals.models import Referral
from tests import things
from tests.factories import (
    OTHER_PROVINCE,
    PROVINCE,
    SUBDISTRICT,
    VILLAGE,
    make_household,
    make_member,
    make_scope,
    make_user,
)
from tests.fieldwork.cases import visited
from tests.rights import RIGHTS, Line, Maker
from tests.rooms import addresses, fill, texts_of
from tests.test_census import FOUND, call, client_of, found_in

FAR_VILLAGE = "31010101"
OF_A_HOUSEHOLD = {
    (Permission.HOUSEHOLD_READ,),
    (Permission.REFERRAL_READ,),
    (Permission.BACK_CHECK,),
}
MARK = "นกขมิ้น"


def everything_in(province: str) -> User:
    """Return one who may everything there; what they may see is asked, not what they may do."""
    user = make_user()
    for role in Role:
        if role is not Role.AGENCY_OFFICER:
            make_scope(user, role, province)
    return user


def by_maker() -> list[Any]:
    """Return each maker with the (route, method) pairs that show what it makes."""
    makers: dict[Any, Maker] = {}
    served: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for name, line in RIGHTS.items():
        # What is named by a code is a village: it stays where it is.
        if line.kind != "thing" or not {"pk"} <= FOUND[name].arguments.keys():
            continue
        if line.see in OF_A_HOUSEHOLD and line.maker is not None:
            # Makers that are made for a status are alike if the status is.
            made_for = [cell.cell_contents for cell in line.maker.__closure__ or ()]
            key = (line.maker.__qualname__, str(made_for))
            makers[key] = line.maker
            served[key] += [(name, method) for method in sorted(line.needs)]
    return [
        pytest.param(makers[key], doors, id=f"{number}-{doors[0][0]}")
        for number, (key, doors) in enumerate(served.items())
    ]


def answers(
    doors: list[tuple[str, str]], user: User, arguments: dict[str, Any]
) -> dict[tuple[str, str], int]:
    return {
        (name, method): call(method, name, user, arguments).status_code for name, method in doors
    }


def name_staff(user: User) -> None:
    for household in Household.objects.filter(is_protected=True):
        ProtectedAccess.objects.create(
            household=household, user=user, granted_at=things.AT, granted_by=user
        )


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(("maker", "doors"), by_maker())
def test_every_door_closes_behind_a_move_and_opens_to_named_staff_only(
    maker: Maker, doors: list[tuple[str, str]], areas: None
) -> None:
    arguments = maker()
    old, new, named = (everything_in(place) for place in (PROVINCE, OTHER_PROVINCE, OTHER_PROVINCE))
    nowhere = dict.fromkeys(doors, 404)
    reads = [door for door in doors if door[1] == "GET" and not RIGHTS[door[0]].may_be_absent]

    assert answers(reads, new, arguments) == dict.fromkeys(reads, 404)
    Household.objects.update(area_id=FAR_VILLAGE)
    assert answers(doors, old, arguments) == nowhere
    assert 404 not in answers(reads, new, arguments).values()

    Household.objects.update(is_protected=True)
    assert answers(doors, new, arguments) == nowhere
    name_staff(named)
    assert 404 not in answers(reads, named, arguments).values()
    # What is done comes last: it may use its object up.
    done = answers([door for door in doors if door not in reads][:1], named, arguments)
    assert not {404, 500} & set(done.values()), done


def shown_to(user: User, marks: set[str], rooms: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """Return which marks each list, board, sheet and search shows this person."""
    page, program = client_of(user, program=False), client_of(user, program=True)
    shown: dict[str, set[str]] = {}
    for name, arguments, question in addresses(rooms):
        client = program if name.startswith("api:") else page
        answer = client.get(FOUND[name].path(**arguments) + question)
        assert answer.status_code < 500, name
        seen = marks - {str(value) for value in arguments.values()}
        text = texts_of(answer)
        shown[name] = shown.get(name, set()) | {mark for mark in seen if mark in text}
    sheet = page.post(FOUND["casework:export"].path())
    assert sheet.status_code == 200
    written = texts_of(sheet)
    shown["export"] = {mark for mark in marks if mark in written}
    for number, text in enumerate((MARK, *marks)):
        found = page.post(FOUND["casework:search"].path(), {"q": text}, follow=True)
        shown[f"page search {number}"] = found_in(found, marks - {text})
        asked = {"house_code": text} if text.isdigit() else {"name": text}
        found_by_api = FOUND["api:households-search"].path()
        answer = program.post(found_by_api, asked, content_type="application/json")
        assert found.status_code == 200
        assert answer.status_code in {200, 400}
        shown[f"program search {number}"] = found_in(answer, marks - {text})
    return {name: found for name, found in shown.items() if found}


@pytest.fixture
def marked(areas: None) -> Household:
    household = make_household(house_no=f"99/{MARK}", lat="14.9", lon="102.1")
    make_member(household, first_name=MARK, last_name="เหลืองอ่อน", is_head=True)
    return household


def marks_of(household: Household) -> set[str]:
    people = household.members.values_list("pk", flat=True)
    return {str(household.pk), MARK, str(household.house_code), *map(str, people)}


SHOWN_TO_THE_NAMED = {
    *("casework:households", "api:households", "quality:violations", "api:quality-violations"),
    *("reconciliation:rows", "duplicates:pairs", "api:duplicates", "referrals:exits"),
    *("api:exits", "referrals:referrals", "api:referrals", "api:assignments"),
    *("fieldwork:village", "fieldwork:village-print", "fieldwork:worker"),
    *("forums:detail", "forums:print", "forums:resolutions", "forums:resolution"),
    *("api:forum", "api:resolution", "api:resolutions"),
    *("imports:rows", "imports:detail", "imports:fix", "imports:row", "imports:changes"),
    *("imports:duplicates", "imports:errors", "api:import-rows", "api:import-issues"),
    "api:import-errors",
}
"""Where a room shows the household by name, key or code, so that hiding it there is proved."""


def test_no_list_board_sheet_or_search_shows_a_protected_household(marked: Household) -> None:
    rooms = fill(marked, MARK)
    user, named = everything_in(PROVINCE), everything_in(PROVINCE)
    marks = marks_of(marked)
    Household.objects.filter(pk=marked.pk).update(is_protected=True)
    name_staff(named)
    # Whoever protects sees a key and a code, so that somebody can be named; who reads the trail
    # of what was done sees keys.
    key = {str(marked.pk)}
    assert shown_to(user, marks, rooms) == {"households:protected": key, "accounts:audit": key}
    # The marks would be found: who is named is shown them. No file has them, whoever asks.
    seen = shown_to(named, marks, rooms)
    assert SHOWN_TO_THE_NAMED - seen.keys() == set()
    assert "export" not in seen
    Household.objects.update(is_protected=False)
    assert "export" in shown_to(user, marks, rooms)


def test_no_list_board_sheet_or_search_shows_a_household_that_moved_away(
    marked: Household,
) -> None:
    rooms = fill(marked, MARK)
    old, new = everything_in(PROVINCE), everything_in(OTHER_PROVINCE)
    marks = marks_of(marked)
    Household.objects.filter(pk=marked.pk).update(area_id=FAR_VILLAGE)
    marked.members.update(province_code=OTHER_PROVINCE)
    # A line that waits is not in the register: to mend it, the office reads what its file says.
    ImportRow.objects.filter(is_applied=False).delete()
    assert shown_to(old, marks, rooms) == {"accounts:audit": {str(marked.pk)}}
    seen = shown_to(new, marks, rooms)
    assert {"casework:households", "api:households", "referrals:exits", "export"} <= seen.keys()


def owners() -> list[Any]:
    """Return doors that open to one person: who proposed, or who was asked to go and look."""
    return [
        pytest.param(name, line, id=name)
        for name, line in RIGHTS.items()
        if line.see is None and line.maker in {things.a_back_check, things.an_exit}
    ]


@pytest.mark.parametrize(("name", "line"), owners())
def test_what_is_ones_own_closes_too_when_the_household_may_not_be_found(
    name: str, line: Line, areas: None
) -> None:
    assert line.maker is not None
    arguments = line.maker()
    pk = arguments["pk"]
    owner = (
        BackCheck.objects.get(pk=pk).checker
        if line.maker is things.a_back_check
        else Exit.objects.get(pk=pk).proposed_by
    )
    Household.objects.update(is_protected=True)
    for method in line.needs:
        assert call(method, name, owner, arguments).status_code == 404, method
    Household.objects.update(is_protected=False, area_id=FAR_VILLAGE)
    for method in line.needs:
        assert call(method, name, owner, arguments).status_code == 404, method
    Household.objects.update(area_id=VILLAGE)
    for method in sorted(line.needs):
        assert call(method, name, owner, arguments).status_code != 404, method


def test_a_name_that_is_over_or_of_another_place_opens_nothing(marked: Household) -> None:
    Household.objects.update(is_protected=True)
    over, elsewhere = everything_in(PROVINCE), everything_in(OTHER_PROVINCE)
    for user, until in ((over, date(2020, 1, 1)), (elsewhere, None)):
        ProtectedAccess.objects.create(
            household=marked,
            user=user,
            granted_at=things.AT,
            granted_by=user,
            valid_until=until,
        )
        assert call("GET", "casework:case-file", user, {"pk": marked.pk}).status_code == 404


def test_the_agency_asked_keeps_its_referral_without_an_address(areas: None) -> None:
    arguments = things.a_referral()()
    Household.objects.update(
        is_protected=True, house_no=f"99/{MARK}", road=MARK, soi=MARK, village_name=MARK
    )
    for household in Household.objects.all():
        household.phone = "0899999999"
        household.save()
    referral = Referral.objects.get(pk=arguments["pk"])
    officer = make_user(Role.AGENCY_OFFICER, PROVINCE, referral.agency)
    marks = {MARK, "0899999999", VILLAGE, "ช้างทอง"}
    for name in ("casework:referral", "api:referral", "referrals:referrals", "api:referrals"):
        given = {} if name.endswith("s") else arguments
        answer = call("GET", name, officer, given)
        assert answer.status_code == 200
        assert found_in(answer, marks) == set(), name


def figures() -> dict[str, Any]:
    """Return every kind of number that is told of an area."""
    quality.count_all(at=things.AT)
    cells = QualityCell.objects.order_by("rule", "area_code").values_list(
        "rule", "area_code", "found"
    )
    return {
        "dashboard": count_cells([""], on=things.AT.date()),
        "coverage": coverage_by_area(area_code=PROVINCE, year_be=2569, digits=8),
        "lists": signatures(PROVINCE, 2569, digits=8),
        "quality": list(cells),
    }


def test_figures_count_a_protected_household_like_any_other(marked: Household) -> None:
    SourceListing.objects.create(household=marked, source="tpmap", year_be=2569)
    make_member(marked, citizen_id=None)
    visited(marked, make_user(Role.SURVEYOR, SUBDISTRICT), Outcome.NOT_POOR)
    before = figures()
    assert all(before.values())
    Household.objects.update(is_protected=True)
    assert figures() == before
    # Each of them would be less without it.
    Household.objects.update(area_id=FAR_VILLAGE)
    after = figures()
    assert all(after[kind] != before[kind] for kind in before)
