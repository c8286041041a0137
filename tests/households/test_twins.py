"""While somebody is added, who may be there already is named, with the reason."""

from django.test import Client

from accounts.models import User
from households.services import Typed, twins_of
from ppaos.lib import citizen_id
from tests.factories import NEXT_SUBDISTRICT, SUBDISTRICT, make_household, make_member

DIGITS = citizen_id.generate(501)
MISTYPED = f"{DIGITS[:6]}{(int(DIGITS[6]) + 1) % 10}{DIGITS[7:]}"
"""One digit is wrong, so that the check digit is wrong as well."""


def person() -> None:
    make_member(citizen_id=DIGITS, first_name="ประเสริฐ", last_name="ทองดีงาม")


def test_a_mistyped_id_with_a_like_name_is_a_twin_with_its_reason(surveyor: User) -> None:
    person()
    assert not citizen_id.is_valid(MISTYPED)
    (twin,) = twins_of(
        people=[Typed("ปะเสริฐ", "ทองดีงาม", MISTYPED)], area_code=SUBDISTRICT, by=surveyor
    )
    assert "หลักเดียว" in twin.why


def test_a_near_id_of_another_name_is_a_stranger(surveyor: User) -> None:
    person()
    asked = [Typed("มานี", "ใจกล้า", MISTYPED)]
    assert twins_of(people=asked, area_code=SUBDISTRICT, by=surveyor) == []


def test_nobody_outside_the_area_is_named(next_surveyor: User) -> None:
    person()
    asked = [Typed("ประเสริฐ", "ทองดีงาม", MISTYPED)]
    assert twins_of(people=asked, area_code=NEXT_SUBDISTRICT, by=next_surveyor) == []


def test_the_form_warns_while_typing(client: Client, surveyor: User) -> None:
    person()
    make_household()
    client.force_login(surveyor)
    answer = client.post(
        "/households/new/twins/",
        {
            "subdistrict": SUBDISTRICT,
            "members-0-first_name": "ประเสริฐ",
            "members-0-last_name": "ทองดีงาม",
            "members-0-citizen_id": MISTYPED,
        },
    )
    page = answer.content.decode()
    assert "เพียงหลักเดียวหรือสลับหลักกัน" in page
    assert MISTYPED not in page


def test_neighbours_are_valid_and_one_slip_away() -> None:
    found = citizen_id.neighbours(DIGITS)
    assert DIGITS not in found
    assert all(citizen_id.is_valid(each) for each in found if each[0] != "9")
    assert DIGITS in citizen_id.neighbours(MISTYPED)
    swapped = f"{DIGITS[:10]}{DIGITS[11]}{DIGITS[10]}{DIGITS[12]}"
    assert DIGITS in citizen_id.neighbours(swapped) | {swapped}
