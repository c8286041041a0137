from households.models import Household, Member
from households.services import citizen_id_indexes, identity_columns, sealed_citizen_id
from ppaos.lib import citizen_id
from ppaos.orm import keyring, unseal_cell
from tests.factories import make_household, make_member

DIGITS = citizen_id.generate(42)


def test_the_same_person_gets_the_same_columns_however_the_name_is_typed() -> None:
    one = identity_columns(
        first_name="น้ำผึ้ง", last_name="แก้ว", citizen_id=DIGITS, area_code="30320101"
    )
    other = identity_columns(
        first_name=" น้ําผึ้ง", last_name="เเก้ว ", citizen_id=DIGITS, area_code="303201"
    )
    assert one == other
    assert (one.name_key, one.province_code) == ("น้ำผึ้งแก้ว", "30")
    assert one.key_version == keyring().current_version


def test_without_an_id_there_is_neither_index_nor_key() -> None:
    columns = identity_columns(first_name="น้อย", last_name="", citizen_id=None, area_code="303201")
    assert (columns.citizen_id_index, columns.key_version) == (None, None)


def test_the_index_is_found_among_those_of_all_keys() -> None:
    columns = identity_columns(first_name="ก", last_name="ข", citizen_id=DIGITS, area_code="303201")
    assert citizen_id_indexes(DIGITS)[0] == columns.citizen_id_index


def test_a_cell_sealed_for_a_copy_opens_as_the_model_reads_it(areas: None) -> None:
    member = make_member(citizen_id=None)
    cell = sealed_citizen_id(member_id=member.pk, citizen_id=DIGITS)
    opened = unseal_cell(cell, table=Member._meta.db_table, column="citizen_id", pk=member.pk)
    assert opened == DIGITS
    assert sealed_citizen_id(member_id=member.pk, citizen_id=None) is None


def test_an_id_finds_its_household(areas: None) -> None:
    household = make_household()
    make_member(household, citizen_id=DIGITS)
    make_member(make_household())
    assert Household.objects.with_citizen_id(citizen_id_indexes(DIGITS)).get() == household
