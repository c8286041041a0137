from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from audit.models import Event
from households.models import ConsentRecord, Household
from households.services import (
    ConsentDraft,
    UnableToConsent,
    UnableToUpdateStale,
    record_consent,
)
from households.workflow import Consent, LegalBasis
from tests.factories import make_household

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DRAFT: dict[str, Any] = {
    "answer": Consent.GIVEN,
    "answered_on": date(2026, 11, 18),
    "informant": "นางสมใจ ทดสอบ",
    "legal_basis": LegalBasis.PUBLIC_TASK,
    "covers_sensitive": True,
    "notice_version": "คำชี้แจงฉบับที่ 1",
}
FORM = {
    "answer": "given",
    "answered_on": "18/11/2569",
    "informant": "นางสมใจ ทดสอบ",
    "legal_basis": "public_task",
    "covers_sensitive": "on",
    "notice_version": "คำชี้แจงฉบับที่ 1",
}
WITHDRAWN = {
    "answer": Consent.REFUSED,
    "covers_sensitive": False,
    "legal_basis": LegalBasis.LAW,
}


@pytest.fixture
def household(areas: None) -> Household:
    return make_household(consent="not_asked", consent_date=None)


def answer(household: Household, by: User, **changes: Any) -> ConsentRecord:
    household.refresh_from_db()
    return record_consent(
        household=household,
        version=household.version,
        draft=ConsentDraft(**(DRAFT | changes)),
        by=by,
        at=AT,
    )


def test_the_newest_answer_holds_and_all_stay(household: Household, surveyor: User) -> None:
    answer(household, surveyor)
    answer(household, surveyor, **WITHDRAWN, answered_on=date(2026, 11, 20))
    household.refresh_from_db()
    assert (household.consent, household.consent_date) == ("refused", date(2026, 11, 20))
    kept = ConsentRecord.objects.filter(household=household).order_by("pk")
    assert [row.answer for row in kept] == ["given", "refused"]


def test_the_trail_names_no_person(household: Household, surveyor: User) -> None:
    answer(household, surveyor)
    event = Event.objects.get(event="consent.recorded", subject_id=str(household.pk))
    assert "สมใจ" not in str(event.detail)
    assert event.detail["basis"] == "public_task"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer": Consent.NOT_ASKED}, "answer"),
        ({"answered_on": date(2026, 11, 21)}, "answered_on"),
        ({"informant": " "}, "informant"),
        ({"notice_version": ""}, "notice_version"),
        (WITHDRAWN | {"legal_basis": LegalBasis.CONSENT}, "legal_basis"),
        (WITHDRAWN | {"covers_sensitive": True}, "covers_sensitive"),
    ],
)
def test_an_answer_that_cannot_be_right_says_where(
    changes: dict[str, Any], field: str, household: Household, surveyor: User
) -> None:
    with pytest.raises(UnableToConsent) as refusal:
        answer(household, surveyor, **changes)
    assert list(refusal.value.fields) == [field]
    assert not ConsentRecord.objects.exists()


def test_an_older_form_is_refused(household: Household, surveyor: User) -> None:
    answer(household, surveyor)
    with pytest.raises(UnableToUpdateStale):
        record_consent(
            household=household, version=1, draft=ConsentDraft(**DRAFT), by=surveyor, at=AT
        )


def test_others_may_not(household: Household, next_surveyor: User) -> None:
    with pytest.raises(PermissionDenied):
        answer(household, next_surveyor)


def test_the_page_keeps_an_answer_and_the_file_shows_its_ground(
    client: Client, surveyor: User, household: Household
) -> None:
    client.force_login(surveyor)
    url = f"/households/{household.pk}/consent/"
    form = FORM | {"version": str(household.version)}
    refused = client.post(url, form | {"answer": "refused"}).content.decode()
    assert "ครัวเรือนไม่ยินยอม จึงไม่รวมข้อมูลอ่อนไหว" in refused
    assert client.post(url, form).status_code == 302

    text = client.get(f"/households/{household.pk}/").content.decode()
    for expected in ("ภารกิจเพื่อประโยชน์สาธารณะ", "ผู้ให้คำตอบ นางสมใจ ทดสอบ", "รวมข้อมูลสุขภาพ"):
        assert expected in text
    assert "คำตอบที่ผ่านมา" in client.get(url).content.decode()


def test_an_answer_from_elsewhere_is_not_passed_off_as_this_one(
    client: Client, surveyor: User, household: Household
) -> None:
    answer(household, surveyor)
    Household.objects.filter(pk=household.pk).update(consent="refused")
    client.force_login(surveyor)
    assert "ยังไม่ได้บันทึกผู้ให้คำตอบ" in client.get(f"/households/{household.pk}/").content.decode()
