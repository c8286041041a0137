import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction

from areas.models import Area, Level
from households.models import Household
from ppaos.lib.crypto import UnableToUnseal
from ppaos.orm import seal_cell, unseal_cell, uuid7

PHONE = "0812345678"


@pytest.fixture
def household(db: None) -> Household:
    for code, level in [
        ("30", Level.PROVINCE),
        ("3032", Level.DISTRICT),
        ("303201", Level.SUBDISTRICT),
    ]:
        Area.objects.create(code=code, level=level, parent_id=code[:-2] or None, name=code)
    return Household.objects.create(
        house_code="30320000001", area_id="303201", stage_date="2026-11-01", phone=PHONE
    )


def stored(household: Household) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM households_household WHERE id = %s", [household.pk])
        return bytes(cursor.fetchone()[0])


def test_it_reads_back_what_was_written(household: Household) -> None:
    assert Household.objects.get(pk=household.pk).phone == PHONE


def test_the_column_holds_no_plain_text(household: Household) -> None:
    assert PHONE.encode() not in stored(household)


def test_saving_unchanged_rows_keeps_the_ciphertext(household: Household) -> None:
    before = stored(household)
    Household.objects.get(pk=household.pk).save()
    assert stored(household) == before


def test_a_ciphertext_moved_to_another_row_does_not_open(household: Household) -> None:
    other = Household.objects.create(
        house_code="30320000002", area_id="303201", stage_date="2026-11-01"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_household SET phone = %s WHERE id = %s",
            [stored(household), other.pk],
        )
    with pytest.raises(UnableToUnseal):
        _ = Household.objects.get(pk=other.pk).phone


def test_it_cannot_be_searched_or_set_without_its_row(household: Household) -> None:
    with pytest.raises(FieldError):
        Household.objects.filter(phone=PHONE).exists()
    with pytest.raises(FieldError), transaction.atomic():
        Household.objects.update(phone=PHONE)
    assert Household.objects.filter(phone__isnull=False).count() == 1


def test_a_deferred_column_is_read_when_asked_for(household: Household) -> None:
    assert Household.objects.defer("phone").get(pk=household.pk).phone == PHONE


def test_cells_written_around_the_model_open_in_the_model(household: Household) -> None:
    blob = seal_cell("ใหม่", table="households_household", column="phone", pk=household.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_household SET phone = %s WHERE id = %s", [blob, household.pk]
        )
    assert Household.objects.get(pk=household.pk).phone == "ใหม่"
    opened = unseal_cell(
        stored(household), table="households_household", column="phone", pk=household.pk
    )
    assert opened == "ใหม่"
    assert seal_cell(None, table="t", column="c", pk=1) is None


def test_keys_rise_and_are_version_7() -> None:
    keys = [uuid7() for _ in range(10_000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert {key.version for key in keys} == {7}
