"""Each value says from which list of which year, or from whom, it came."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from households.models import Household, Member
from households.services import MemberDraft, update_member
from households.workflow import Residence
from imports.services.provenance import UNKNOWN, Origin, provenance_of
from tests.factories import make_household, make_member
from tests.imports.batches import AT, applied, people, undo

pytestmark = pytest.mark.django_db
# After every import, which ends by the clock.
LATER = AT + timedelta(days=36_500)
CODE = "30320000000"


def origins(household: Household) -> dict[tuple[str, str], Origin]:
    """Return (called, label) → origin, the household itself being called ""."""
    members = list(household.members.present().order_by("seq", "pk"))
    return {
        (each.row.full_name if isinstance(each.row, Member) else "", label): origin
        for each in provenance_of(household, members)
        for label, origin in each.fields
    }


def rename(member: Member, by: User) -> None:
    draft = MemberDraft(
        title=member.title,
        first_name="เปลี่ยนแล้ว",
        last_name=member.last_name,
        citizen_id=member.citizen_id,
        no_id_reason=member.no_id_reason,
        birth_date=member.birth_date,
        birth_year=member.birth_year,
        sex=member.sex,
        relation=member.relation,
        residence=Residence(member.residence),
        is_head=member.is_head,
    )
    update_member(member=member, version=member.version, draft=draft, by=by, at=LATER)


def test_lists_and_people_are_told_apart(admin: User, officer: User) -> None:
    applied(people(4), admin)
    applied([{**each, "บ้านเลขที่": "9"} for each in people(4)], admin)
    household = Household.objects.get(house_code=CODE)
    head = household.members.present().get(is_head=True)
    rename(head, officer)

    found = origins(household)

    head.refresh_from_db()
    assert found["", "รหัสบ้าน"].what.startswith("บัญชี TPMAP")
    assert found["", "รหัสบ้าน"].batch != found["", "ที่อยู่"].batch
    assert found[head.full_name, "ชื่อ"] == Origin("แก้ไขในระบบ", LATER, officer.name)
    assert found[head.full_name, "เพศ"].batch == found["", "รหัสบ้าน"].batch
    others = household.members.present().exclude(pk=head.pk)
    assert {found[other.full_name, "ชื่อ"].batch for other in others} == {found["", "รหัสบ้าน"].batch}


def test_what_an_import_said_is_gone_when_it_was_undone(admin: User) -> None:
    applied(people(4), admin)
    second = applied([{**each, "บ้านเลขที่": "9"} for each in people(4)], admin)
    undo(second, admin)
    found = origins(Household.objects.get(house_code=CODE))
    assert found["", "ที่อยู่"] == found["", "รหัสบ้าน"]


def test_what_nothing_tells_of_is_said_to_be_unknown(areas: None) -> None:
    household = make_household()
    make_member(household)
    assert set(origins(household).values()) == {UNKNOWN}


def test_the_panel_masks_ids_and_links_only_to_what_may_be_opened(
    client: Client, admin: User, officer: User
) -> None:
    applied(people(4), admin)
    household = Household.objects.get(house_code=CODE)
    client.force_login(officer)
    url = f"/households/{household.pk}/sources/"
    text = client.get(url, headers={"hx-request": "true"}).content.decode()
    assert "บัญชี TPMAP" in text
    assert "<html" not in text
    assert "/imports/" not in text
    for member in household.members.all():
        assert member.citizen_id is not None
        assert member.citizen_id not in text
    assert "<html" in client.get(url).content.decode()


def test_the_number_of_queries_does_not_grow(admin: User, officer: User, client: Client) -> None:
    applied(people(8), admin)
    household = Household.objects.get(house_code=CODE)
    client.force_login(officer)
    url = f"/households/{household.pk}/sources/"
    counts = []
    client.get(url)
    rename(household.members.present().get(is_head=True), officer)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for member in household.members.present().exclude(first_name="เปลี่ยนแล้ว"):
            rename(member, officer)
        for number in range(3):
            make_member(household, first_name=f"เพิ่ม{number}")
    assert counts[0] == counts[1]
