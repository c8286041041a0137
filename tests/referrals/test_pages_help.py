"""Help recorded by an agency's officer on a phone, its photos, and taking it back."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from referrals.models import Assistance, AssistancePhoto, Referral
from referrals.workflow import Status
from tests.factories import PROVINCE, make_agency, make_user
from tests.referrals.cases import Cast, give_help, make_photo, make_referral

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(areas: None) -> Cast:
    return Cast()


@pytest.fixture
def referral(cast: Cast) -> Referral:
    return make_referral(Status.ACCEPTED, cast=cast)


def picture(name: str = "บ้าน.jpg") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "olive").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")


def post(client: Client, user: User, referral: Referral, **facts: Any) -> Any:
    client.force_login(user)
    body = {
        "version": referral.version,
        "kind": "house_repair",
        "amount_thb": "๑๒,๕๐๐.๕๐ บาท",
        "helped_on": "20/11/2569",
    }
    return client.post(f"/referrals/{referral.pk}/assistance/", body | facts)


def test_help_is_recorded_with_its_photos(client: Client, cast: Cast, referral: Referral) -> None:
    client.force_login(cast.officer)
    form = client.get(f"/referrals/{referral.pk}/assistance/").content.decode()
    assert 'enctype="multipart/form-data"' in form
    assert "multiple" in form

    response = post(client, cast.officer, referral, people="3", photos=[picture(), picture()])

    assert response["Location"] == f"/referrals/{referral.pk}/"
    given = Assistance.objects.get()
    assert (given.amount_thb, given.people, given.photos.count()) == (Decimal("12500.50"), 3, 2)
    referral.refresh_from_db()
    assert referral.status == "accepted"


def test_a_form_that_is_sent_twice_records_one_help(
    client: Client, cast: Cast, referral: Referral
) -> None:
    client.force_login(cast.officer)
    key = client.get(f"/referrals/{referral.pk}/assistance/").context["form"]["key"].value()
    post(client, cast.officer, referral, key=key)
    again = post(client, cast.officer, referral, key=key)
    assert "บันทึกความช่วยเหลือรายการนี้ไว้แล้ว" in again.content.decode()
    assert [str(row.pk) for row in Assistance.objects.all()] == [str(key)]


def test_the_last_help_reports_the_result_with_it(
    client: Client, cast: Cast, referral: Referral
) -> None:
    post(client, cast.officer, referral, result="partly", note="เหลือห้องน้ำ")
    referral.refresh_from_db()
    assert (referral.status, referral.result) == ("helped", "partly")
    assert referral.reported_by == cast.officer


def test_a_result_that_comes_too_late_records_no_help_either(
    client: Client, cast: Cast, referral: Referral
) -> None:
    seen = referral.version
    Referral.objects.filter(pk=referral.pk).update(version=seen + 1)
    response = post(client, cast.officer, referral, result="solved")
    assert "ไปก่อนแล้ว" in response.content.decode()
    assert "๑๒,๕๐๐.๕๐ บาท" in response.content.decode()
    assert not Assistance.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_thb", "-5"),
        ("amount_thb", "ฟรี"),
        ("amount_thb", ""),
        ("helped_on", "31/12/2590"),
        ("people", "0"),
        ("kind", "jet"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: Client, cast: Cast, referral: Referral, field: str, value: str
) -> None:
    response = post(client, cast.officer, referral, **{field: value})
    assert field in response.context["form"].errors
    assert not Assistance.objects.exists()


def test_zero_baht_is_help_too(client: Client, cast: Cast, referral: Referral) -> None:
    post(client, cast.officer, referral, amount_thb="0")
    assert Assistance.objects.get().amount_thb == 0


def test_too_many_photos_and_what_is_no_photo_are_refused(
    client: Client, cast: Cast, referral: Referral
) -> None:
    many = post(client, cast.officer, referral, photos=[picture() for _ in range(6)])
    assert "ไม่เกิน 5 รูป" in many.content.decode()
    text = SimpleUploadedFile("note.jpg", b"no picture", content_type="image/jpeg")
    wrong = post(client, cast.officer, referral, photos=[text])
    assert "photos" in wrong.context["form"].errors
    assert not Assistance.objects.exists()


def test_photos_as_large_as_phones_make_them_are_let_in(
    client: Client, cast: Cast, referral: Referral
) -> None:
    content = b"\0" * (settings.REQUEST_MOST_BYTES + 1)
    response = post(client, cast.officer, referral, photos=[SimpleUploadedFile("a.jpg", content)])
    assert "photos" in response.context["form"].errors  # it was read, and is no picture
    elsewhere = client.post(
        f"/referrals/{referral.pk}/accept/", {"photos": SimpleUploadedFile("a.jpg", content)}
    )
    assert elsewhere.status_code == 413


def test_before_it_is_accepted_nothing_is_recorded(client: Client, cast: Cast) -> None:
    waiting = make_referral(cast=cast)
    response = post(client, cast.officer, waiting)
    assert "บันทึกความช่วยเหลือได้หลังรับดำเนินการ" in response.content.decode()
    assert not Assistance.objects.exists()


# ---- photos ----------------------------------------------------------------------------------
def test_a_photo_is_shown_to_who_sees_the_referral_and_kept_by_no_browser(
    client: Client, cast: Cast, referral: Referral
) -> None:
    give_help(referral, cast.officer, photos=[make_photo()])
    address = f"/referrals/{referral.pk}/photos/{AssistancePhoto.objects.get().pk}/"
    for user in (cast.officer, cast.district, cast.surveyor):
        client.force_login(user)
        response = client.get(address)
        assert response["Content-Type"] == "image/jpeg"
        assert "no-store" in response["Cache-Control"]
        assert Image.open(io.BytesIO(response.content)).format == "JPEG"


def test_a_photo_of_another_agency_is_not_there(
    client: Client, cast: Cast, referral: Referral
) -> None:
    give_help(referral, cast.officer, photos=[make_photo()])
    photo = AssistancePhoto.objects.get()
    other = Cast()
    theirs = make_referral(Status.ACCEPTED, cast=other)
    client.force_login(other.officer)
    assert client.get(f"/referrals/{referral.pk}/photos/{photo.pk}/").status_code == 404
    # Not by way of a referral of one's own either.
    assert client.get(f"/referrals/{theirs.pk}/photos/{photo.pk}/").status_code == 404


# ---- taking back -------------------------------------------------------------------------------
def test_help_is_taken_back_with_a_reason(client: Client, cast: Cast, referral: Referral) -> None:
    given = give_help(referral, cast.officer)
    address = f"/referrals/{referral.pk}/assistance/{given.pk}/retract/"
    client.force_login(cast.officer)
    assert "ไม่นับเป็นความช่วยเหลือ" in client.get(address).content.decode()
    assert "reason" in client.post(address).context["form"].errors
    client.post(address, {"reason": "บันทึกซ้ำ"})
    given.refresh_from_db()
    assert given.retracted_reason == "บันทึกซ้ำ"
    again = client.post(address, {"reason": "อีกครั้ง"})
    assert "ถูกถอนไปแล้ว" in again.content.decode()


def test_a_surveyor_takes_no_help_back(client: Client, cast: Cast, referral: Referral) -> None:
    given = give_help(referral, cast.officer)
    client.force_login(cast.surveyor)
    address = f"/referrals/{referral.pk}/assistance/{given.pk}/retract/"
    assert client.post(address, {"reason": "ไม่จริง"}).status_code == 403


def test_help_of_another_referral_is_not_there(
    client: Client, cast: Cast, referral: Referral
) -> None:
    given = give_help(referral, cast.officer)
    other = make_referral(Status.ACCEPTED, cast=cast)
    client.force_login(cast.officer)
    address = f"/referrals/{other.pk}/assistance/{given.pk}/retract/"
    assert client.get(address).status_code == 404


def test_only_the_agency_asked_records_help(client: Client, cast: Cast, referral: Referral) -> None:
    other = make_user(Role.AGENCY_OFFICER, PROVINCE, make_agency())
    assert post(client, other, referral).status_code == 404
    assert post(client, cast.district, referral).status_code == 403
