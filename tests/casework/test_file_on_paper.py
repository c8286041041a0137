"""A household's file on paper: whole names, masked IDs, who printed it, and long ones too."""

from datetime import UTC, date, datetime

import pypdfium2
import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from households.models import Household, SourceListing
from households.services import record_verification
from households.workflow import Outcome, Stage
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
# Every kind of mark upon mark: they are what a wrongly set text loses.
NAMES = (
    ("นาง", "สมใจ", "ตั้งมั่นทั้งกลุ่มปู่ป้า"),
    ("นางสาว", "ญาณิ์", "บริสุทธิ์ศักดิ์ ณ อยุธยา"),
    ("เด็กชาย", "น้ำใจ", "ฟื้นฝั่งเรืองฤทธิ์"),
)


@pytest.fixture
def household(areas: None) -> Household:
    household = make_household(house_no="35/1", stage=Stage.LISTED)
    for number, (title, first, last) in enumerate(NAMES):
        make_member(household, title=title, first_name=first, last_name=last, is_head=number == 0)
    return household


def pages(client: Client, user: User, household: Household) -> list[str]:
    """Return the text of each page, as a reader of the file finds and copies it."""
    client.force_login(user)
    response = client.get(f"/households/{household.pk}/file.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    document = pypdfium2.PdfDocument(response.content)
    try:
        # Lines are broken where the column ends, also within a name.
        return [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]
    finally:
        document.close()


def test_names_come_out_whole_and_ids_masked(
    client: Client, surveyor: User, household: Household
) -> None:
    text = "".join(pages(client, surveyor, household)).replace(" ", "")
    for title, first, last in NAMES:
        assert f"{title}{first}{last}".replace(" ", "") in text
    for member in household.members.all():
        assert member.citizen_id is not None
        assert citizen_id.mask(member.citizen_id) in text
        assert member.citizen_id not in text
        assert citizen_id.display(member.citizen_id) not in text


def test_every_page_says_who_printed_it_and_which_page_it_is(
    client: Client, surveyor: User, household: Household
) -> None:
    for number in range(60):
        record_verification(
            household=household,
            outcome=Outcome.NOT_FOUND,
            visited_on=date(2026, 11, 1),
            reason=f"ไม่มีคนอยู่บ้าน เพื่อนบ้านบอกว่าไปทำงานต่างจังหวัด ครั้งที่ {number}",
            by=surveyor,
            at=AT,
        )
        member = make_member(household, last_name="นามสกุลยาวมาก" * 6)
        SourceListing.objects.create(
            household=household, member=member, source="tpmap", year_be=2566, is_mpi_poor=True
        )
    found = pages(client, surveyor, household)
    assert len(found) > 5
    for number, text in enumerate(found, start=1):
        assert f"หน้า {number} จาก {len(found)}" in text
        assert f"พิมพ์โดย {surveyor.name}" in text
    assert "ครั้งที่ 59" in "".join(found)


def test_what_people_wrote_is_never_taken_for_markup(
    client: Client, surveyor: User, household: Household
) -> None:
    written = '#panic("x") = [$ \\ "หลังคารั่ว" *หนา*'
    record_verification(
        household=household,
        outcome=Outcome.NOT_POOR,
        visited_on=date(2026, 11, 1),
        reason=written,
        by=surveyor,
        at=AT,
    )
    text = "".join(pages(client, surveyor, household)).replace(" ", "")
    assert written.replace(" ", "") in text


def test_printing_is_an_event_that_the_story_tells(
    client: Client, surveyor: User, household: Household
) -> None:
    pages(client, surveyor, household)
    event = Event.objects.get(event="file.printed", subject_id=str(household.pk))
    assert event.actor_id == surveyor.pk
    assert "พิมพ์แฟ้มครัวเรือน" in client.get(f"/households/{household.pk}/").content.decode()


def test_others_print_nothing(client: Client, next_surveyor: User, household: Household) -> None:
    client.force_login(next_surveyor)
    assert client.get(f"/households/{household.pk}/file.pdf").status_code == 404
    assert not Event.objects.filter(event="file.printed").exists()
