"""What a sitting resolved about a case stands on the page of the case."""

import pytest
from django.test import Client

from accounts.models import User
from forums import services
from referrals.models import Referral
from tests.forums.cases import AT, make_held, make_resolution
from tests.referrals.cases import Cast, make_referral

pytestmark = pytest.mark.django_db
LINK = "/forums/resolutions/"


@pytest.fixture
def cast(areas: None) -> Cast:
    return Cast()


@pytest.fixture
def case(cast: Cast) -> Referral:
    """Return a case sent to an agency, with a resolution for it and one for another agency."""
    found = make_referral(cast=cast)
    by = cast.district
    item = services.take_up(forum=make_held(by=by), referrals=[found], by=by, at=AT)[0]
    make_resolution(item, text="ให้หน่วยงานนี้ซ่อมหลังคา", owner_agency=cast.agency)
    make_resolution(item, text="ให้อีกหน่วยงานสำรวจที่ดิน")
    return found


def shown(client: Client, who: User, case: Referral) -> str:
    client.force_login(who)
    response = client.get(f"/referrals/{case.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_office_reads_all_and_goes_on_to_the_forum(
    client: Client, cast: Cast, case: Referral
) -> None:
    page = shown(client, cast.district, case)
    assert "ให้หน่วยงานนี้ซ่อมหลังคา" in page
    assert "ให้อีกหน่วยงานสำรวจที่ดิน" in page
    assert LINK in page


def test_a_surveyor_reads_all_and_has_no_pages_to_go_to(
    client: Client, cast: Cast, case: Referral
) -> None:
    page = shown(client, cast.surveyor, case)
    assert "ให้อีกหน่วยงานสำรวจที่ดิน" in page
    assert LINK not in page


def test_an_agency_reads_what_it_has_to_carry_out(
    client: Client, cast: Cast, case: Referral
) -> None:
    page = shown(client, cast.officer, case)
    assert "ให้หน่วยงานนี้ซ่อมหลังคา" in page
    assert "ให้อีกหน่วยงานสำรวจที่ดิน" not in page
    assert LINK not in page
