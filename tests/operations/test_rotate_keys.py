import base64
import io
import os
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from files import services as files
from households.models import Household, Member
from households.services import interpret, matching
from imports.services import open_samples
from operations.services import rotate_keys
from ppaos.lib.crypto import UnableToUnseal, key_version
from tests.factories import make_household, make_member
from tests.imports import batches

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_everything_is_brought_under_the_new_key_and_the_old_one_can_go(
    settings: Settings, province: User
) -> None:
    household = make_household(phone="0812345678")
    people = [make_member(household) for _ in range(3)]
    ids = [person.citizen_id for person in people]
    file = files.store(
        stream=io.BytesIO(b"x" * 3_000_000),
        name="a",
        purpose="import",
        content_type="",
        by=None,
        at=AT,
    )
    old, new = django_settings.PPAOS_FIELD_KEYS, f"2:{new_key()}"

    settings.PPAOS_FIELD_KEYS = f"{new},{old}"
    assert ids[0] is not None
    wanted = interpret(ids[0])
    assert matching(wanted, by=province).get() == household, "found before the rotation"
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    assert "รุ่น 2" in out.getvalue()
    assert "รุ่น 1" not in out.getvalue()

    settings.PPAOS_FIELD_KEYS = new
    assert Household.objects.get().phone == "0812345678"
    assert [m.citizen_id for m in Member.objects.order_by("seq")] == ids
    assert set(Member.objects.values_list("key_version", flat=True)) == {2}
    assert matching(wanted, by=province).get() == household
    assert b"".join(files.pieces(file)) == b"x" * 3_000_000
    assert {key_version(chunk.sealed) for chunk in file.chunks.all()} == {2}

    call_command("rotate_keys", stdout=out)
    assert out.getvalue().count("เซลล์ 0 ดัชนี 0 ชิ้นไฟล์ 0") == 1


def test_files_on_their_way_and_second_factors_are_brought_along(
    settings: Settings, admin: User
) -> None:
    old, new = django_settings.PPAOS_FIELD_KEYS, f"2:{new_key()}"
    batch = batches.work(batches.upload(batches.people(8), by=admin))
    samples = open_samples(batch)
    lines = [row.open_payload() for row in batch.rows.order_by("row")]
    TOTP.activate(admin, "JBSWY3DPEHPK3PXP")
    assert samples
    assert lines

    settings.PPAOS_FIELD_KEYS = f"{new},{old}"
    report = rotate_keys()
    assert report.key_versions == [2]

    settings.PPAOS_FIELD_KEYS = new
    batch.refresh_from_db()
    assert open_samples(batch) == samples
    assert [row.open_payload() for row in batch.rows.order_by("row")] == lines
    assert decrypt(Authenticator.objects.get(user=admin).data["secret"]) == "JBSWY3DPEHPK3PXP"


def test_without_a_rotation_the_old_key_must_stay(settings: Settings) -> None:
    make_household(phone="0812345678")
    settings.PPAOS_FIELD_KEYS = f"2:{new_key()}"
    with pytest.raises(UnableToUnseal):
        _ = Household.objects.get().phone
