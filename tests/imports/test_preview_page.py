"""The pages of an import, as a person without JavaScript uses them."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from audit.models import Event
from households.models import Household, Member
from imports.models import ImportBatch
from imports.workflow import State
from ppaos.lib.workbook import inert
from tests.imports.batches import applied, csv_of, line, people, staged, upload, work

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"


@pytest.fixture
def as_admin(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def page(client: Client, name: str, batch: ImportBatch, **more: Any) -> str:
    address = reverse(f"imports:{name}", kwargs={"pk": batch.pk, **more})
    response = client.get(address)
    assert response.status_code == 200, response
    return response.content.decode()


def post(client: Client, name: str, batch: ImportBatch, **data: Any) -> str:
    """Post, follow to the next page, and return it."""
    number = {"number": data.pop("number")} if "number" in data else {}
    address = reverse(f"imports:{name}", kwargs={"pk": batch.pk, **number})
    response = client.post(address, data, follow=True)
    assert response.status_code == 200, response
    return response.content.decode()


def send(client: Client, content: bytes, **data: Any) -> Any:
    file = io.BytesIO(content)
    file.name = "รายชื่อ.csv"
    fields = {"file": file, "source": "tpmap", "year_be": "2567", **data}
    return client.post(reverse("imports:imports"), fields, follow=True)


def test_the_whole_way_from_upload_to_undo(as_admin: Client) -> None:
    response = send(as_admin, csv_of(people(12)), comment="ทดสอบ")
    batch = ImportBatch.objects.get()
    assert response.redirect_chain[-1][0] == f"/imports/{batch.pk}/"
    waiting = response.content.decode()
    assert "รับไฟล์แล้ว" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert f'hx-get="/imports/{batch.pk}/progress/"' in waiting

    work(batch)
    preview = page(as_admin, "detail", batch)
    assert "ตรวจก่อนนำเข้า" in preview
    assert "นำเข้า 12 แถว" in preview
    assert "ใหม่ 12 · เปลี่ยน 0 · เหมือนเดิม 0 · ครัวเรือนใหม่ 3" in preview
    assert "12 + 0 + 0 + 0 = 12" in preview
    assert "TPMAP 2567" in preview

    post(as_admin, "apply", batch)
    work(batch)
    done = page(as_admin, "detail", batch)
    assert "นำเข้าแล้ว 12 แถว" in done
    assert Member.objects.count() == 12

    effects = page(as_admin, "undo", batch)
    assert "ลบครัวเรือนที่การนำเข้านี้เพิ่ม 3 ครัวเรือน และบุคคล 12 คน" in effects
    post(as_admin, "undo", batch)
    work(batch)
    assert "ย้อนกลับแล้ว" in page(as_admin, "detail", batch)
    assert not Household.objects.exists()


def test_the_same_bytes_are_recognised_with_a_link(admin: User, as_admin: Client) -> None:
    content = csv_of(people(4))
    earlier = applied(content, admin)

    response = send(as_admin, content)

    text = response.content.decode()
    assert "ไฟล์นี้นำเข้าเป็นบัญชีและปีนี้แล้ว" in text
    assert f'href="/imports/{earlier.pk}/"' in text
    assert ImportBatch.objects.count() == 1
    send(as_admin, content, reimport_reason="แก้ทะเบียนแล้ว")
    assert ImportBatch.objects.count() == 2


def test_a_faulty_line_shows_row_column_value_reason_and_cure(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0), line(1, {ID: "1-2345-67890-12-3"}), line(2, {"รหัสบ้าน": ""})], admin)

    text = page(as_admin, "detail", batch)

    assert "เลขประจำตัวประชาชนผิด หลักสุดท้ายไม่ตรงกับ 12 หลักแรก" in text
    assert "ตรวจเลขกับบัตรหรือทะเบียนบ้านแล้วแก้ไข" in text
    assert ">1-xxxx-xxxxx-12-3</code>" in text
    assert "67890" not in text
    assert f'href="/imports/{batch.pk}/rows/4/"' in text
    only = as_admin.get(f"/imports/{batch.pk}/?code=H_NO_HOUSE").content.decode()
    assert "หลักสุดท้ายไม่ตรงกับ 12 หลักแรก</div></td>" in text
    assert "หลักสุดท้ายไม่ตรงกับ 12 หลักแรก</div></td>" not in only
    assert Event.objects.filter(event="import.issues-read").exists()


def test_a_held_line_is_corrected_in_a_form(admin: User, as_admin: Client) -> None:
    batch = staged([line(0), line(1, {"รหัสบ้าน": ""})], admin)
    form = page(as_admin, "row", batch, number=3)
    assert "ไม่มีรหัสบ้าน" in form
    assert 'value="ทดสอบ1"' in form

    refused = post(
        as_admin, "row", batch, number=3, decision="correct", **{"value-house_code": "12"}
    )
    assert "รหัสบ้านไม่ใช่ตัวเลข 11 หลัก" in refused
    post(
        as_admin, "row", batch, number=3, decision="correct", **{"value-house_code": "30320000000"}
    )
    batch.refresh_from_db()
    assert (batch.accepted, batch.held) == (2, 0)


def test_a_line_that_is_wrong_cannot_be_confirmed_as_it_stands(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0, {"รหัสบ้าน": ""}), line(1, {"ชื่อ": "", "นามสกุล": ""})], admin)

    assert 'value="accept"' in page(as_admin, "row", batch, number=2)
    assert 'value="accept"' not in page(as_admin, "row", batch, number=3)


def test_a_file_with_nothing_to_bring_in_asks_for_no_approval(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(n, {"ชื่อ": "", "นามสกุล": ""}) for n in range(30)], admin)

    text = page(as_admin, "detail", batch)

    assert "ยังไม่มีแถวใดนำเข้าได้" in text
    assert 'id="approval"' not in text


def test_a_decided_line_no_longer_waits_in_the_list_of_issues(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0), line(1, {"รหัสบ้าน": ""})], admin)
    assert '<span class="pill wait">รอยืนยัน</span>' in page(as_admin, "detail", batch)

    after = post(as_admin, "row", batch, number=3, decision="reject")

    assert '<span class="pill wait">รอยืนยัน</span>' not in after
    assert '<span class="pill plain">ไม่นำเข้า</span>' in after


def test_who_cannot_read_households_is_not_sent_to_them(admin: User, as_admin: Client) -> None:
    assert "ดูทะเบียนครัวเรือน" not in page(as_admin, "detail", applied(people(3), admin))


def test_every_line_is_listed_with_its_fate_and_the_reading_is_noted(
    admin: User, as_admin: Client
) -> None:
    batch = applied([*people(60), dict(line(0))], admin)

    text = page(as_admin, "rows", batch)
    assert "เพิ่มในทะเบียนแล้ว" in text
    assert "1-xxxx-xxxxx-00-" in text
    assert line(0)[ID] not in text
    skipped = as_admin.get(f"/imports/{batch.pk}/rows/?verdict=skipped").content.decode()
    assert "ซ้ำกับแถวก่อนหน้าทุกช่อง" in skipped
    event = Event.objects.filter(event="import.rows-read").earliest("at")
    assert (event.detail["first"], event.detail["rows"]) == (2, 50)
    following = text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "ทดสอบ55" in as_admin.get(f"/imports/{batch.pk}/rows/{following}").content.decode()


def test_the_error_workbook_gives_back_only_the_lines_to_mend(
    admin: User, as_admin: Client
) -> None:
    batch = staged([line(0), line(1, {ID: "123", "ชื่อ": "=1+1"})], admin)

    response = as_admin.get(f"/imports/{batch.pk}/errors.xlsx")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]

    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    headers, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert headers[-4:] == ["แถวที่", "รหัสข้อผิดพลาด", "คำอธิบาย", "รหัสการนำเข้า"]
    assert len(rows) == 1
    found = dict(zip(headers, rows[0], strict=True))
    assert (found["แถวที่"], found["รหัสข้อผิดพลาด"], found[ID]) == (3, "E_CID_LEN", "123")
    assert found["ชื่อ"] == "'=1+1"
    assert Event.objects.filter(event="import.errors-exported").count() == 1


def test_the_error_workbook_can_be_sent_back_once_mended(admin: User, as_admin: Client) -> None:
    batch = staged([line(0), line(1, {ID: "123"})], admin)
    response = as_admin.get(f"/imports/{batch.pk}/errors.xlsx")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    column = [cell.value for cell in sheet[1]].index(ID) + 1
    sheet.cell(2, column).value = line(1)[ID]
    mended = io.BytesIO()
    book.save(mended)

    again = staged(mended.getvalue(), admin, name="แก้แล้ว.xlsx")

    assert (again.state, again.accepted, again.rows_read) == (State.STAGED, 1, 1)


def test_the_template_is_read_without_a_question(admin: User, as_admin: Client) -> None:
    response = as_admin.get("/imports/templates/tpmap.xlsx")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    sheet = book.active
    assert sheet is not None
    cells = line(0)
    sheet.append([cells.get(str(header.value)) for header in sheet[1]])
    filled = io.BytesIO()
    book.save(filled)

    batch = staged(filled.getvalue(), admin, name="t1.xlsx")

    assert (batch.state, batch.accepted) == (State.STAGED, 1)


@pytest.mark.parametrize("text", ["=1+1", "+66", "-5", "@cmd", "\t=1"])
def test_no_text_that_goes_out_can_run(text: str) -> None:
    assert inert(text) == f"'{text}"


def test_a_lone_dash_and_plain_words_go_out_as_they_are() -> None:
    assert [inert(text) for text in ("-", "สมศรี", "25/2")] == ["-", "สมศรี", "25/2"]


def test_a_busy_import_is_asked_again_and_a_finished_one_reloads(
    admin: User, as_admin: Client
) -> None:
    batch = upload(people(4), admin)
    address = reverse("imports:progress", kwargs={"pk": batch.pk})

    assert "HX-Refresh" not in as_admin.get(address).headers
    work(batch)
    assert as_admin.get(address).headers["HX-Refresh"] == "true"


def test_columns_are_mapped_in_a_form(admin: User, as_admin: Client) -> None:
    renamed = [
        {("หมายเลข" if key == ID else key): value for key, value in each.items()}
        for each in people(4)
    ]
    batch = staged(renamed, admin)

    form = as_admin.get(f"/imports/{batch.pk}/", follow=True).content.decode()
    assert "คอลัมน์ใดคืออะไร" in form
    columns = {
        f"column-{i}": name for name, i in batch.layout["parts"][0]["guess"]["columns"].items()
    }
    index = batch.layout["parts"][0]["headers"].index("หมายเลข")
    post(
        as_admin,
        "mapping",
        batch,
        one_is_problem="1",
        **columns,
        **{f"column-{index}": "citizen_id"},
    )
    assert work(batch).state == State.STAGED


def test_an_approver_without_the_right_to_import_sees_and_cannot_apply(
    admin: User, province: User, client: Client
) -> None:
    batch = staged(people(4), admin)
    client.force_login(province)

    assert "นำเข้า 4 แถว" not in page(client, "detail", batch)
    assert client.post(f"/imports/{batch.pk}/apply/").status_code == 403


def test_the_preview_takes_a_fixed_number_of_queries(
    admin: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    few = staged([line(0), line(1, {ID: "123"})], admin)
    many = staged([line(0), *(line(n, {ID: "123"}) for n in range(1, 20))], admin)

    with django_assert_max_num_queries(20):
        page(as_admin, "detail", few)
    with django_assert_max_num_queries(20):
        page(as_admin, "detail", many)
