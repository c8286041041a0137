"""The screen on which somebody says how a file is read, with and without scripts; and the API."""

import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from imports import services
from imports.models import ImportBatch
from imports.services.parts import parts_of
from imports.workflow import State
from tests.imports.batches import AT, apply, csv_of, line, people, staged, work
from tests.imports.test_mapping import ID, OTHER, asked, renamed, table, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def show(client: Client, batch: ImportBatch) -> str:
    response = client.get(f"/imports/{batch.pk}/mapping/")
    assert response.status_code == 200, response
    assert response.headers["Cache-Control"] == "no-store"
    return response.content.decode()


def fields_of(text: str) -> dict[str, Any]:
    """Return what a browser would send of the form as it stands."""
    form = text.split('id="mapping"')[1].split("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in attributes and attributes["name"] != "csrfmiddlewaretoken":
            sent[attributes["name"]] = attributes.get("value", "on")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found = chosen or first
        assert found is not None
        sent[name] = found[1]
    return sent


def preview(client: Client, batch: ImportBatch, sent: dict[str, Any], **headers: str) -> str:
    response = client.post(f"/imports/{batch.pk}/mapping/preview/", sent, headers=headers)
    assert response.status_code == 200, response
    return response.content.decode()


def missing_ids(batch: ImportBatch) -> dict[str, str]:
    headers = list(parts_of(batch)[0].headers)
    return {
        f"column-{headers.index('หมายเลข')}": "citizen_id",
        f"column-{headers.index('เลขทะเบียนหลังคาเรือน')}": "house_code",
    }


def test_the_page_says_what_is_known_missing_and_read_past(admin: User, as_admin: Client) -> None:
    lines = [{**each, "หมายเหตุใหม่": "ก"} for each in people(6)]
    batch = asked(lines, admin)

    text = show(as_admin, batch)

    assert "รายชื่อคนจนเป้าหมาย TPMAP" in text
    assert re.search(r"” \d\d %", text)
    assert "ยังขาด <strong>เลขประจำตัวประชาชน</strong>" in text
    assert "“หมายเหตุใหม่”" in text
    assert "หัวตารางอยู่แถวที่ 1" in text


def test_the_samples_and_the_preview_hide_citizen_ids(admin: User, as_admin: Client) -> None:
    batch = asked(people(6), admin)

    text = show(as_admin, batch)
    shown = preview(as_admin, batch, {**fields_of(text), **missing_ids(batch)})

    for page in (text, shown):
        assert not [each[ID] for each in people(6) if each[ID] in page]
    assert "1-xxxx-xxxxx-00-5" in shown or "xxxx" in shown


def test_the_preview_shows_what_the_lines_would_become(admin: User, as_admin: Client) -> None:
    batch = asked([line(0, {"สุขภาพ": "1", "รายได้": "0"}), *people(6)[1:]], admin)
    sent = fields_of(show(as_admin, batch))

    text = preview(as_admin, batch, {**sent, **missing_ids(batch)})

    section = text.split('id="mapping-preview"')[1]
    assert "สมศรี ทดสอบ0" in section
    assert "ช้างทอง" in section
    assert "1 เม.ย. 2490" in section
    assert '<span class="pill late">สุขภาพ</span>' in section
    assert "ตกเกณฑ์ 2 · ไม่ตก 3" in section
    assert "พร้อมนำเข้า" in section
    assert section.count("<tr>") == 6
    batch.refresh_from_db()
    assert batch.state == State.NEEDS_MAPPING


def test_the_preview_follows_the_polarity(admin: User, as_admin: Client) -> None:
    batch = asked([line(0, {"สุขภาพ": "1", "รายได้": "0"}), *people(3)[1:]], admin)
    sent = {**fields_of(show(as_admin, batch)), **missing_ids(batch)}

    text = preview(as_admin, batch, {**sent, "one_is_problem": "0"})

    first = text.split('id="mapping-preview"')[1].split("</tr>")[1]
    assert '<span class="pill late">สุขภาพ</span>' not in first
    assert "ตกเกณฑ์ 1 · ไม่ตก 4" in first
    assert '<span class="pill late">รายได้</span>' in first


def test_a_script_gets_the_changing_part_alone(admin: User, as_admin: Client) -> None:
    batch = asked(people(3), admin)
    sent = fields_of(show(as_admin, batch))

    text = preview(as_admin, batch, sent, **{"HX-Request": "true"})

    assert text.lstrip().startswith('<div id="mapping-body">')
    assert "<html" not in text


def test_the_form_as_it_stands_is_confirmed(admin: User, as_admin: Client) -> None:
    batch = asked(people(4), admin)
    sent = {**fields_of(show(as_admin, batch)), **missing_ids(batch)}

    response = as_admin.post(f"/imports/{batch.pk}/mapping/", sent, follow=True)

    assert "ระบบกำลังอ่านไฟล์" in response.content.decode()
    assert work(batch).accepted == 4
    assert batch.options.get("reading", {}) == {}


def test_two_columns_for_one_thing_are_refused_beside_the_second(
    admin: User, as_admin: Client
) -> None:
    batch = asked(people(4), admin)
    headers = list(parts_of(batch)[0].headers)
    sent = {**fields_of(show(as_admin, batch)), **missing_ids(batch)}
    sent[f"column-{headers.index('นามสกุล')}"] = "first_name"

    response = as_admin.post(f"/imports/{batch.pk}/mapping/", sent)

    assert "คอลัมน์ “ชื่อ” เป็นชื่ออยู่แล้ว" in response.content.decode()
    batch.refresh_from_db()
    assert batch.state == State.NEEDS_MAPPING


def test_a_missing_column_is_refused_with_its_name(admin: User, as_admin: Client) -> None:
    batch = asked(people(4), admin)

    response = as_admin.post(f"/imports/{batch.pk}/mapping/", fields_of(show(as_admin, batch)))

    assert "ยังขาดคอลัมน์: " in response.content.decode()


def test_another_sheet_shows_its_own_columns_before_anything_is_read(
    admin: User, as_admin: Client
) -> None:
    content = workbook(
        {"ก": table(people(3)), "ข": table(renamed(people(5), OTHER)), "ค": table(people(2))}
    )
    batch = staged(content, admin, name="a.xlsx")
    assert batch.state == State.NEEDS_MAPPING
    sent = {**fields_of(show(as_admin, batch)), "sheet": "ข"}

    refused = as_admin.post(f"/imports/{batch.pk}/mapping/", sent).content.decode()

    assert "เปลี่ยนวิธีอ่านแล้ว" in refused
    assert "หมายเลข" in refused
    sent = fields_of(refused)
    assert sent["sheet"] == "ข"
    headers = list(renamed(people(1), OTHER)[0])
    sent[f"column-{headers.index('หมายเลข')}"] = "citizen_id"
    sent[f"column-{headers.index('เลขทะเบียนหลังคาเรือน')}"] = "house_code"
    as_admin.post(f"/imports/{batch.pk}/mapping/", sent)
    batch = work(batch)
    assert (batch.state, batch.rows_read) == (State.STAGED, 5)


def test_another_header_line_is_chosen_on_the_page(admin: User, as_admin: Client) -> None:
    rows = [["ชุดที่", "รายการ", "ผู้จัดทำ"], *[["-"]] * 15, *table(people(3))]
    batch = staged(workbook({"ก": rows}), admin, name="a.xlsx")
    sent = fields_of(show(as_admin, batch))

    text = preview(as_admin, batch, {**sent, "header_line-0": "17"})
    assert "สมศรี ทดสอบ0" in text.split('id="mapping-preview"')[1]
    as_admin.post(f"/imports/{batch.pk}/mapping/", fields_of(text))

    assert work(batch).rows_read == 3


def test_hidden_rows_are_counted_and_chosen_on_the_page(admin: User, as_admin: Client) -> None:
    content = workbook(
        {"ก": table(people(4))},
        lambda sheets: sheets["ก"].set_row(2, None, None, {"hidden": True}),
    )
    batch = staged(content, admin, name="a.xlsx")

    text = show(as_admin, batch)

    assert "แถวที่ซ่อนหรือกรองไว้ 1 แถว" in text
    assert "อ่านใหม่จะล้างผลตรวจเดิมทั้งหมด" in text
    as_admin.post(f"/imports/{batch.pk}/mapping/", {**fields_of(text), "hidden_rows": "skip"})
    assert (work(batch).skipped, batch.rows_read) == (1, 4)
    page = as_admin.get(f"/imports/{batch.pk}/").content.decode()
    assert "1 แถว ไม่รับ" in page
    assert "อ่านไฟล์ใหม่ด้วยวิธีอื่น" in page


def test_a_text_shows_its_first_lines_under_another_encoding(admin: User, as_admin: Client) -> None:
    batch = staged(csv_of(people(30)).decode("utf-8-sig").encode("cp874"), admin)
    text = show(as_admin, batch)
    assert '<option value="cp874" selected>' in text
    assert "20 แถวแรกของไฟล์" in text

    wrong = preview(as_admin, batch, {**fields_of(text), "encoding": "utf-8"})

    assert "อ่านตัวอักษรในไฟล์ไม่ได้" in wrong
    assert "สมศรี" in wrong


def test_parts_of_a_workbook_have_forms_of_their_own(admin: User, as_admin: Client) -> None:
    """A list whose sheets belong together is mapped sheet by sheet."""
    batch = staged(workbook({"ก": table(people(3)), "ข": table(people(2))}), admin, name="a.xlsx")
    [part] = parts_of(batch)
    both = [batch.layout["parts"][0], {**batch.layout["parts"][0], "sheet": "ข"}]
    batch.layout = {**batch.layout, "parts": both}
    batch.save()
    assert part.sheet == "ก"

    text = show(as_admin, batch)

    assert "คอลัมน์ของแผ่นงาน “ก”" in text
    assert "คอลัมน์ของแผ่นงาน “ข”" in text
    assert 'name="part-1-column-0"' in text


def test_what_is_busy_or_done_has_no_such_page(admin: User, as_admin: Client) -> None:
    batch = apply(staged(people(3), admin), admin)

    response = as_admin.get(f"/imports/{batch.pk}/mapping/")
    assert response.status_code == 302
    response = as_admin.post(f"/imports/{batch.pk}/mapping/", {})
    assert response.status_code in (200, 302)
    batch.refresh_from_db()
    assert batch.state == State.APPLIED


def test_questions_take_a_fixed_number_of_queries(
    admin: User, as_admin: Client, django_assert_max_num_queries: Any
) -> None:
    batch = asked(people(6), admin)

    with django_assert_max_num_queries(20):
        show(as_admin, batch)


# ---- the API ----
@pytest.fixture
def api(admin: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(admin)
    return client


def send(api: APIClient, batch: ImportBatch, body: dict[str, Any]) -> Any:
    return api.post(f"/api/v1/imports/{batch.pk}/mapping/", body, format="json")


def test_a_program_names_columns_sheet_and_the_rest(admin: User, api: APIClient) -> None:
    content = workbook({"ม.ค.": table(people(3)), "ก.พ.": table(renamed(people(5), OTHER))})
    batch = staged(content, admin, name="a.xlsx")
    columns = {
        name: list(line(0))[index] for name, index in parts_of(batch)[0].guess.columns.items()
    }
    columns |= {"citizen_id": "หมายเลข", "house_code": "เลขทะเบียนหลังคาเรือน"}
    body = {"mapping": columns, "sheet": "ก.พ.", "header_line": 1, "merged": "fill_down",
            "hidden_rows": "skip", "profile": "tpmap", "part": 0}  # fmt: skip

    response = send(api, batch, body)

    assert (response.status_code, response.json()["state"]) == (200, "uploaded")
    assert work(batch).rows_read == 5
    assert batch.options["reading"]["merged"] == "fill_down"


def test_the_older_body_still_stands(admin: User, api: APIClient) -> None:
    batch = asked(people(4), admin)
    columns = {**parts_of(batch)[0].guess.columns, "citizen_id": "หมายเลข",
               "house_code": "เลขทะเบียนหลังคาเรือน"}  # fmt: skip

    assert send(api, batch, {"columns": columns, "one_is_problem": True}).status_code == 200
    assert work(batch).accepted == 4


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 400),
        ({"encoding": "ebcdic"}, 400),
        ({"hidden_rows": "perhaps"}, 400),
        ({"mapping": {"citizen_id": "ไม่มี"}}, 400),
        ({"mapping": {"citizen_id": 1}, "part": 7}, 400),
        ({"mapping": {"citizen_id": 1}, "profile": "no_such"}, 400),
        ({"sheet": "ไม่มี"}, 400),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    admin: User, api: APIClient, body: dict[str, Any], code: int
) -> None:
    batch = staged(workbook({"ก": table(people(3))}), admin, name="a.xlsx")

    response = send(api, batch, body)

    assert response.status_code == code, response.json()
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (State.STAGED, 3)


def test_the_services_speak_of_the_screen_s_choices(admin: User) -> None:
    batch = staged(people(3), admin)
    services.read_as(
        batch=batch,
        parts={0: services.PartChoice(parts_of(batch)[0].guess.columns)},
        by=admin,
        at=AT,
    )
    assert work(batch).accepted == 3


def test_a_choice_about_hidden_rows_is_kept_beside_the_chosen_sheet(
    admin: User, as_admin: Client
) -> None:
    content = workbook(
        {"ก": table(people(3)), "ข": [["ชื่อเรื่อง"], [], *table(people(4))]},
        lambda sheets: sheets["ข"].set_row(4, None, None, {"hidden": True}),
    )
    batch = staged(content, admin, name="a.xlsx")
    services.confirm_mapping(batch=batch, reading={"sheet": "ข"}, by=admin, at=AT)
    batch = work(batch)
    sent = {**fields_of(show(as_admin, batch)), "hidden_rows": "skip"}

    shown = preview(as_admin, batch, sent)
    assert fields_of(shown)["hidden_rows"] == "skip"
    as_admin.post(f"/imports/{batch.pk}/mapping/", fields_of(shown))
    batch = work(batch)

    assert batch.options["reading"] == {"sheets": ["ข"], "hidden_rows": "skip"}
    assert (batch.accepted, batch.skipped, batch.rows_read) == (3, 1, 4)
