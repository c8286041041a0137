"""Who a line means, once somebody was asked: one of the register, or nobody yet."""

import pytest

from accounts.models import User
from households.models import Household, Member
from imports import services
from imports.models import ImportBatch, ImportRow
from imports.workflow import Decision
from ppaos.lib import citizen_id
from tests.imports.batches import AT, applied, apply, line, staged, state_of_register, undo

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"
ELSEWHERE = {"รหัสบ้าน": "30320000077", "บ้านเลขที่": "77", "หมู่ที่": "1"}


def namesake(admin: User) -> tuple[ImportBatch, Member]:
    """Stage somebody of the same name and birth as a person without an ID, in another house."""
    applied([line(0, {ID: ""})], admin)
    batch = staged([line(0, ELSEWHERE)], admin)
    row = batch.rows.get()
    assert (row.verdict, "H_POSSIBLE_DUP" in row.codes) == ("held", True)
    return batch, Member.objects.get()


def answer(batch: ImportBatch, admin: User, **who: object) -> ImportBatch:
    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)
    ImportRow.objects.filter(batch=batch).update(**who)
    return apply(batch, admin)


def test_the_chosen_member_moves_and_gets_the_missing_id(admin: User) -> None:
    batch, member = namesake(admin)
    before = state_of_register()
    answer(batch, admin, chosen_member=member)

    assert Member.objects.count() == 1
    member.refresh_from_db()
    assert member.household == Household.objects.get(house_code="30320000077")
    assert member.citizen_id == citizen_id.generate(0)

    undo(batch, admin)
    assert state_of_register() == before


def test_a_new_person_is_made_beside_the_namesake(admin: User) -> None:
    batch, member = namesake(admin)
    answer(batch, admin, is_new_person=True)

    other = Member.objects.exclude(pk=member.pk).get()
    assert (other.name_key, other.citizen_id) == (member.name_key, citizen_id.generate(0))
    member.refresh_from_db()
    assert member.citizen_id is None


def test_another_id_of_the_chosen_member_is_kept(admin: User) -> None:
    applied([line(0)], admin)
    member = Member.objects.get()
    batch = staged([line(0, {**ELSEWHERE, ID: citizen_id.generate(900)})], admin)
    ImportRow.objects.filter(batch=batch).update(chosen_member=member)
    batch = apply(batch, admin)

    member.refresh_from_db()
    assert (Member.objects.count(), member.citizen_id) == (1, citizen_id.generate(0))
    assert batch.issues.filter(code="W_REGISTER_KEPT", column="citizen_id").exists()


def test_nobody_is_new_whose_id_the_register_knows(admin: User) -> None:
    applied([line(0)], admin)
    batch = staged([line(0, ELSEWHERE)], admin)
    batch = answer(batch, admin, is_new_person=True)

    assert (batch.held, Member.objects.count()) == (1, 1)


def test_the_chosen_member_must_still_be_there(admin: User) -> None:
    batch, member = namesake(admin)
    services.decide_row(batch=batch, row=2, decision=Decision.ACCEPT, by=admin, at=AT)
    ImportRow.objects.filter(batch=batch).update(chosen_member=member)
    Member.objects.filter(pk=member.pk).update(left_on=AT.date(), left_reason="mistake")
    batch = apply(batch, admin)

    assert (batch.held, batch.accepted) == (1, 0)


def test_the_line_s_id_may_not_be_another_s_than_the_chosen_member(admin: User) -> None:
    applied([line(0), line(1, {ID: ""})], admin)
    chosen = Member.objects.get(citizen_id_index=None)
    batch = staged([line(0)], admin)
    ImportRow.objects.filter(batch=batch).update(chosen_member=chosen)
    batch = apply(batch, admin)

    assert (batch.held, batch.accepted) == (1, 0)
