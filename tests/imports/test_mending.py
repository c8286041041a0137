"""Lines that were held or rejected: mended one by one, by the page, by reason, and too late."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from households.models import Household, Member
from imports import services
from imports.models import ImportBatch, ImportRow
from imports.services import RowAct
from imports.workflow import Decision, State, Verdict
from tests.factories import PROVINCE, make_user
from tests.imports.batches import (
    AT,
    applied,
    apply,
    line,
    people,
    staged,
    state_of_register,
    undo,
    work,
)

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"


def row_of(batch: ImportBatch, row: int) -> ImportRow:
    return batch.rows.get(row=row)


def correct(batch: ImportBatch, row: int, by: User, **values: str) -> ImportRow:
    return services.decide_row(
        batch=batch, row=row, decision=Decision.CORRECT, values=values, by=by, at=AT
    )


# ---- read by the same rules -------------------------------------------------------------
def test_a_rejected_line_is_corrected_and_what_was_typed_stands_beside_the_file(
    admin: User,
) -> None:
    batch = staged([line(0), line(1, {ID: "123"})], admin)
    assert row_of(batch, 3).verdict == Verdict.REJECTED

    mended = correct(batch, 3, admin, citizen_id=line(1)[ID])

    assert (mended.verdict, mended.codes, mended.action) == (Verdict.ACCEPTED, [], "new")
    payload = mended.open_payload()
    assert "123" in payload["raw"]
    assert payload["corrected"] == {"citizen_id": line(1)[ID]}
    assert not batch.issues.filter(row=3).exists()
    apply(batch, admin)
    assert Member.objects.count() == 2


def test_a_rejected_line_is_not_accepted_as_it_is(admin: User) -> None:
    batch = staged([line(0), line(1, {ID: "123"})], admin)

    with pytest.raises(services.UnableToDecide, match="แก้ค่านั้นก่อน"):
        services.decide_row(batch=batch, row=3, decision=Decision.ACCEPT, by=admin, at=AT)
    assert row_of(batch, 3).verdict == Verdict.REJECTED


def test_of_two_faults_one_is_mended_and_the_line_waits_for_the_other(admin: User) -> None:
    batch = staged([line(0), line(1, {ID: "123", "วันเกิด": "31/2/2500"})], admin)

    once = correct(batch, 3, admin, citizen_id=line(1)[ID])
    assert (once.verdict, once.codes, once.decision) == (Verdict.REJECTED, ["E_DATE"], "")
    twice = correct(batch, 3, admin, birth_date="1/2/2500")

    assert (twice.verdict, twice.decision) == (Verdict.ACCEPTED, "correct")
    assert set(twice.open_payload()["corrected"]) == {"citizen_id", "birth_date"}


def test_a_correction_that_names_somebody_of_another_line_is_held_again(admin: User) -> None:
    batch = staged([line(0), line(5, {ID: "123"})], admin)

    held = correct(batch, 3, admin, citizen_id=line(0)[ID])

    assert (held.verdict, held.codes, held.decision) == (Verdict.HELD, ["H_DUP_IN_FILE"], "")
    batch.refresh_from_db()
    assert (batch.accepted, batch.held, batch.rejected) == (1, 1, 0)


def test_a_correction_that_repeats_another_line_is_skipped(admin: User) -> None:
    batch = staged([line(0), {**line(0), ID: "123"}], admin)

    repeat = correct(batch, 3, admin, citizen_id=line(0)[ID])

    assert (repeat.verdict, repeat.codes) == (Verdict.SKIPPED, ["S_REPEAT"])
    batch.refresh_from_db()
    assert (batch.accepted, batch.skipped, batch.rows_read) == (1, 1, 2)


def test_two_lines_mended_at_once_do_not_become_one_person_twice(admin: User) -> None:
    batch = staged([line(0), line(5, {ID: "123"}), line(9, {ID: "124"})], admin)
    same = {"citizen_id": line(5)[ID]}

    refused = services.decide_rows(
        batch=batch,
        acts={3: RowAct(Decision.CORRECT, same), 4: RowAct(Decision.CORRECT, same)},
        by=admin,
        at=AT,
    )

    assert refused == {}
    assert [row_of(batch, n).verdict for n in (3, 4)] == [Verdict.ACCEPTED, Verdict.HELD]


def test_a_cell_that_was_a_formula_is_not_taken_for_blank_by_mending_another(admin: User) -> None:
    batch = staged([line(0), line(1, {"วันเกิด": "#N/A", "ชื่อ": ""})], admin)
    assert set(row_of(batch, 3).codes) >= {"E_CELL_ERROR"}

    mended = correct(batch, 3, admin, first_name="สมศรี")

    assert (mended.verdict, mended.codes) == (Verdict.REJECTED, ["E_CELL_ERROR"])


# ---- all of one reason ------------------------------------------------------------------
def test_lines_of_one_safe_reason_are_let_through_together_and_others_wait(admin: User) -> None:
    without = [line(n, {"รหัสบ้าน": "", "บ้านเลขที่": f"{n}/9"}) for n in range(1, 4)]
    batch = staged([line(0), *without, line(7, {"รหัสบ้าน": "", ID: line(0)[ID]})], admin)

    count = services.decide_code(
        batch=batch, code="H_NO_HOUSE", decision=Decision.ACCEPT, by=admin, at=AT
    )

    batch.refresh_from_db()
    assert (count, batch.accepted, batch.held) == (3, 4, 1)
    assert "H_DUP_IN_FILE" in row_of(batch, 6).codes


@pytest.mark.parametrize("code", ["H_DUP_IN_FILE", "H_POSSIBLE_DUP", "H_AREA_NEW"])
def test_what_may_be_somebody_else_is_never_let_through_together(admin: User, code: str) -> None:
    batch = staged([line(0), line(4, {ID: line(0)[ID]})], admin)

    with pytest.raises(services.UnableToDecide, match="ดูทีละแถว"):
        services.decide_code(batch=batch, code=code, decision=Decision.ACCEPT, by=admin, at=AT)


def test_all_lines_of_a_reason_are_left_out_and_one_of_them_taken_back_in(admin: User) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 4))], admin)

    services.decide_code(batch=batch, code="E_CID_LEN", decision=Decision.REJECT, by=admin, at=AT)
    assert services.to_mend_by_code(batch) == []
    correct(batch, 3, admin, citizen_id=line(1)[ID])

    batch.refresh_from_db()
    assert (batch.accepted, batch.rejected) == (2, 2)


# ---- who is who -------------------------------------------------------------------------
def test_a_line_is_said_to_be_somebody_else_or_the_same(admin: User) -> None:
    applied([line(0, {ID: ""})], admin)
    member = Member.objects.get()
    namesake = line(
        4,
        {
            "ชื่อ": "สมศรี",
            "นามสกุล": "ทดสอบ0",
            "วันเกิด": "1/4/2490",
            "รหัสตำบล": "303201",
            "ตำบล": "ช้างทอง",
        },
    )
    batch = staged([namesake], admin)
    (pair,) = services.show_pairs(batch, list(batch.rows.all()), by=admin, at=AT)
    assert [(p.id, p.has_same_id) for p in pair.people] == [(member.pk, False)]
    assert pair.people[0].listings == ("TPMAP 2567",)

    services.decide_row(
        batch=batch, row=2, decision=Decision.ACCEPT, member=member.pk, by=admin, at=AT
    )
    assert row_of(batch, 2).chosen_member_id == member.pk
    services.decide_row(
        batch=batch, row=2, decision=Decision.ACCEPT, is_new_person=True, by=admin, at=AT
    )
    apply(batch, admin)
    assert Member.objects.count() == 2


def test_nobody_is_a_new_owner_of_an_id(admin: User) -> None:
    applied(people(4), admin)
    batch = staged([line(4, {ID: line(0)[ID]})], admin)

    with pytest.raises(services.UnableToDecide, match="แก้เลขในแถวนี้ก่อน"):
        services.decide_row(
            batch=batch, row=2, decision=Decision.ACCEPT, is_new_person=True, by=admin, at=AT
        )


def test_a_person_who_is_not_alike_cannot_be_chosen(admin: User) -> None:
    applied(people(8), admin)
    stranger = Member.objects.get(last_name="ทดสอบ7")
    batch = staged([line(4, {ID: line(0)[ID]})], admin)

    with pytest.raises(services.UnableToDecide, match="ไม่ได้อยู่ในรายการ"):
        services.decide_row(
            batch=batch, row=2, decision=Decision.ACCEPT, member=stranger.pk, by=admin, at=AT
        )


# ---- after the import was applied -------------------------------------------------------
def test_a_line_mended_afterwards_follows_alone_and_undo_takes_all_back(admin: User) -> None:
    empty = state_of_register()
    batch = applied([*people(8), line(8, {ID: "123"})], admin)
    assert (Member.objects.count(), services.pending(batch)) == (8, 0)

    mended = correct(batch, 10, admin, citizen_id=line(8)[ID])
    assert (mended.verdict, mended.is_applied, mended.action) == ("accepted", False, "new")
    batch.refresh_from_db()
    assert (batch.state, services.pending(batch)) == (State.APPLIED, 1)
    before = set(Member.objects.values_list("pk", "version"))
    batch = apply(batch, admin)

    assert (batch.state, services.pending(batch), batch.effect["applied"]) == ("applied", 0, 9)
    assert before < set(Member.objects.values_list("pk", "version"))
    undo(batch, admin)
    assert not Household.objects.exists()
    assert state_of_register() == empty


def test_of_two_lines_for_one_person_the_later_does_not_displace_who_is_in(admin: User) -> None:
    batch = applied([line(0), line(4, {ID: line(0)[ID]})], admin)

    with pytest.raises(services.UnableToDecide, match="แถว 2 เป็นบุคคลเดียวกันและอยู่ในทะเบียนแล้ว"):
        services.decide_row(batch=batch, row=3, decision=Decision.ACCEPT, by=admin, at=AT)
    assert row_of(batch, 2).is_applied


def test_a_line_that_is_in_the_register_is_not_decided_again(admin: User) -> None:
    batch = applied(people(4), admin)

    with pytest.raises(services.UnableToDecide, match="ไม่ได้รอ"):
        correct(batch, 2, admin, first_name="อื่น")


def test_with_nothing_mended_there_is_nothing_to_apply_again(admin: User) -> None:
    batch = applied([*people(4), line(5, {ID: "123"})], admin)

    with pytest.raises(services.UnableToApply, match="ไม่มีแถวที่พร้อมนำเข้า"):
        services.order_apply(batch=batch, by=admin, at=AT)


# ---- the second person ------------------------------------------------------------------
def test_an_order_that_was_prepared_before_counts_the_lines_as_they_are(
    admin: User, settings: Any
) -> None:
    batch = staged([*people(4), line(5, {ID: "123"}), line(6, {ID: "124"})], admin)
    settings.IMPORT_STOP_TROUBLE_PERCENT = 40
    before = ImportBatch.objects.get(pk=batch.pk)
    for row in (2, 3, 4):
        batch.rows.filter(row=row).update(verdict=Verdict.HELD)
    correct(batch, 6, admin, citizen_id=line(5)[ID])
    batch.options["mendings"] = ["sent in the meantime"]
    batch.save(update_fields=["options"])

    services.order_apply(batch=before, by=admin, at=AT)

    assert before.state == State.AWAITING_APPROVAL
    assert before.options["mendings"] == ["sent in the meantime"]


def test_mending_after_approval_was_asked_withdraws_the_request(
    admin: User, province: User, district: User, client: Client
) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 4))], admin)
    services.order_apply(batch=batch, by=admin, at=AT)
    assert [each.pk for each in services.waiting_for(province)] == [batch.pk]
    assert services.waiting_for(admin) == []
    # Who may approve is told where each day begins, and nobody else.
    for user, is_told in ((province, True), (admin, False), (district, False)):
        client.force_login(user)
        assert (f"/imports/{batch.pk}/" in client.get("/").content.decode()) is is_told, user

    correct(batch, 3, admin, citizen_id=line(1)[ID])

    batch.refresh_from_db()
    assert batch.state == State.STAGED
    assert Event.objects.filter(event="import.approval-withdrawn").exists()
    with pytest.raises(services.UnableToMove):
        services.approve(batch=batch, by=province, at=AT)


def test_an_approval_answers_the_request_that_was_seen(admin: User, province: User) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 4))], admin)
    services.order_apply(batch=batch, by=admin, at=AT)

    with pytest.raises(services.UnableToMove, match="ตรวจอีกครั้ง"):
        services.approve(batch=batch, by=province, at=AT, asked="2026-01-01T00:00:00+00:00")
    services.approve(batch=batch, by=province, at=AT, asked=services.request_stamp(batch))
    assert batch.state == State.APPLYING


def test_who_typed_values_into_lines_does_not_approve_them(admin: User, province: User) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 5))], admin)
    typist = make_user(Role.IMPORT_ADMIN, PROVINCE)
    correct(batch, 3, typist, citizen_id=line(1)[ID])
    batch.refresh_from_db()
    services.order_apply(batch=batch, by=typist, at=AT)
    assert batch.state == State.AWAITING_APPROVAL

    with pytest.raises(services.UnableToApply, match="เป็นผู้แก้ค่า"):
        services.approve(batch=batch, by=typist, at=AT)
    services.approve(batch=batch, by=province, at=AT)
    assert batch.state == State.APPLYING


def test_who_approved_did_not_approve_what_was_mended_since(
    admin: User, province: User, settings: Any
) -> None:
    applied(people(8), admin)
    changed = [line(n, {"ชื่อ": "อื่น"}) for n in range(8)]
    batch = staged([changed[0], *(each | {ID: "123"} for each in changed[1:])], admin)
    services.order_apply(batch=batch, by=admin, at=AT)
    services.approve(batch=batch, by=province, at=AT)
    work(batch)
    for number in range(1, 6):
        correct(batch, number + 2, admin, citizen_id=changed[number][ID])
    batch.refresh_from_db()
    assert batch.effect["members_updated"] == 6

    settings.IMPORT_STOP_PEOPLE_CHANGED = 4
    with pytest.raises(services.UnableToApply, match="เกินเกณฑ์ความปลอดภัย"):
        services.order_apply(batch=batch, by=admin, at=AT)
    settings.IMPORT_STOP_PEOPLE_CHANGED = 5
    services.order_apply(batch=batch, by=admin, at=AT)
    assert batch.state == State.APPLYING


def test_who_may_approve_is_named_without_the_uploader(admin: User, province: User) -> None:
    batch = staged(people(4), admin)

    named = services.approvers(batch, on=AT.date())

    assert named.names == (province.name,)


def test_many_possible_duplicates_need_a_second_person(admin: User, settings: Any) -> None:
    applied(people(8), admin)
    moved = [line(n + 100, {ID: line(n)[ID]}) for n in range(3)]
    batch = staged([*moved, *(line(n) for n in range(200, 210))], admin)
    assert services.safety_reasons(batch) == []

    settings.IMPORT_STOP_DUPLICATES = 2

    assert services.safety_reasons(batch) == ["มีแถวที่อาจซ้ำกับคนหรือบ้านในทะเบียน 3 แถว"]


# ---- the grid ---------------------------------------------------------------------------
@pytest.fixture
def as_admin(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def test_a_page_of_lines_is_saved_at_once_and_errors_stand_beside_the_cells(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0), line(1, {ID: "123"}), line(5, {ID: "124"}), line(9, {ID: "9"})], admin)
    address = f"/imports/{batch.pk}/fix/?code=E_CID_LEN"
    assert 'name="v-3-citizen_id" value="123"' in as_admin.get(address).content.decode()
    posted = {
        "rows": ["3", "4", "5"],
        "v-3-citizen_id": line(1)[ID],
        "v-4-citizen_id": "777",
        "v-5-citizen_id": "9",
    }

    answer = as_admin.post(address, posted)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="v-4-citizen_id" value="777"' in page
    assert 'aria-describedby="e-4-citizen_id"' in page
    assert "เลขประจำตัวประชาชนไม่ใช่ตัวเลข 13 หลัก" in page
    found = dict(batch.rows.values_list("row", "verdict"))
    assert found == {2: "accepted", 3: "accepted", 4: "rejected", 5: "rejected"}
    assert row_of(batch, 4).open_payload().get("corrected") is None


def test_one_line_is_saved_by_itself_where_there_is_script(admin: User, as_admin: Client) -> None:
    batch = staged([line(0), line(1, {ID: "123"}), line(5, {ID: "124"})], admin)
    posted = {
        "rows": ["3", "4"],
        "only": "3",
        "v-3-citizen_id": line(1)[ID],
        "v-4-citizen_id": line(5)[ID],
    }

    answer = as_admin.post(f"/imports/{batch.pk}/fix/", posted, headers={"HX-Request": "true"})

    assert "บันทึกแล้ว: พร้อมนำเข้า" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert row_of(batch, 4).verdict == Verdict.REJECTED


def test_the_grid_takes_a_fixed_number_of_queries(
    admin: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 30))], admin)

    with django_assert_max_num_queries(14):
        as_admin.get(f"/imports/{batch.pk}/fix/")


def test_pairs_and_changes_take_a_fixed_number_of_queries(
    admin: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    applied(people(24), admin)
    moved = [line(n + 100, {ID: line(n)[ID]}) for n in range(12)]
    changed = [line(n, {"ชื่อ": "เปลี่ยน"}) for n in range(12, 24)]
    batch = staged([*moved, *changed], admin)

    with django_assert_max_num_queries(26):
        page = as_admin.get(f"/imports/{batch.pk}/duplicates/").content.decode()
    assert page.count("คนเดียวกันกับ") == 10
    assert line(0)[ID] not in page
    with django_assert_max_num_queries(26):
        page = as_admin.get(f"/imports/{batch.pk}/changes/").content.decode()
    assert "เปลี่ยน" in page


def test_old_and_new_values_stand_side_by_side_before_and_after(
    admin: User, as_admin: Client
) -> None:
    applied(people(4), admin)
    batch = staged([line(1, {"นามสกุล": "แก้ใหม่"})], admin)

    for _ in ("before", "after"):
        (shown,) = services.show_changes(batch, list(batch.rows.all()), by=admin, at=AT)
        told = {change.label: (change.old, change.new) for change in shown.changes}
        assert told["นามสกุล"] == ("ทดสอบ1", "แก้ใหม่")
        if batch.state != State.APPLIED:
            batch = apply(batch, admin)


# ---- what an undo would do --------------------------------------------------------------
def test_an_undo_is_foreseen_field_by_field_and_nothing_of_it_stays(
    admin: User, as_admin: Client
) -> None:
    applied(people(4), admin)
    batch = applied([line(1, {"นามสกุล": "จากบัญชี"})], admin)
    assert "ย้อนกลับได้ทั้งหมด" in as_admin.get(f"/imports/{batch.pk}/undo/").content.decode()
    Member.objects.filter(last_name="จากบัญชี").update(last_name="คนแก้")
    before = state_of_register()

    page = as_admin.get(f"/imports/{batch.pk}/undo/").content.decode()

    assert "สิ่งที่จะคงไว้ และเพราะอะไร" in page
    assert all(name in page for name in ("ทดสอบ1", "จากบัญชี", "คนแก้"))
    assert state_of_register() == before
    assert not batch.changes.exclude(conflict="").exists()


def test_who_is_asked_to_approve_finds_it_in_their_list(
    admin: User, province: User, client: Client
) -> None:
    batch = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 4))], admin)
    services.order_apply(batch=batch, by=admin, at=AT)

    client.force_login(province)
    assert 'id="to-approve"' in client.get("/imports/").content.decode()
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "ค่าเริ่มต้นของระบบ ปรับได้" in page
    assert f'name="asked" value="{services.request_stamp(batch)}"' in page
    client.force_login(admin)
    assert 'id="to-approve"' not in client.get("/imports/").content.decode()


def seen(client: Client, batch: ImportBatch) -> dict[str, str]:
    page = client.get(f"/imports/{batch.pk}/fix/").content.decode()
    return dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', page))


def test_a_page_that_was_opened_before_takes_back_nobody_s_work(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0), line(1, {"รหัสบ้าน": ""}), line(5, {ID: "124"})], admin)
    batch.rows.filter(row=3).update(verdict=Verdict.HELD, codes=["H_NO_HOUSE"])
    address = f"/imports/{batch.pk}/fix/"
    opened = seen(as_admin, batch)
    assert set(opened) == {"seen-3", "seen-4"}
    correct(batch, 3, admin, first_name="มะลิ")

    answer = as_admin.post(
        address,
        {
            "rows": ["3", "4"],
            **opened,
            "v-3-first_name": line(1)["ชื่อ"],
            "v-4-citizen_id": line(5)[ID],
        },
    )

    assert row_of(batch, 3).open_payload()["corrected"] == {"first_name": "มะลิ"}
    assert row_of(batch, 4).verdict == Verdict.ACCEPTED
    assert "มีผู้แก้แถวนี้หลังจากท่านเปิดหน้านี้" in answer.content.decode()


def test_a_page_takes_numbers_of_lines_only(admin: User, as_admin: Client) -> None:
    batch = staged([line(0), line(1, {ID: "123"})], admin)

    far = ["9" * 30, "9" * 5_000]
    for posted in ({"only": "²"}, {"rows": ["²", "3"]}, {"only": far[0]}, {"rows": far}):
        answer = as_admin.post(f"/imports/{batch.pk}/fix/", posted)
        assert answer.status_code == 302
