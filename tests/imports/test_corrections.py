"""The workbook of lines to mend: out, mended, and back."""

import io
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from openpyxl import Workbook, load_workbook

from accounts.models import User
from accounts.services import issue_token
from imports import services
from imports.models import ImportBatch
from imports.services.mending import Mending
from imports.services.running import WORK, latest_job
from imports.services.sheets import error_file
from imports.workflow import State
from jobs.services import run
from tests.imports.batches import AT, applied, apply, line, people, staged

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"


def book_of(batch: ImportBatch, by: User) -> Workbook:
    stream, _ = error_file(batch=batch, by=by, at=AT)
    with stream:
        return load_workbook(stream)


def column(book: Workbook, header: str) -> int:
    assert book.active is not None
    return [cell.value for cell in book.active[1]].index(header) + 1


def mended(book: Workbook, cells: Mapping[int, Mapping[str, Any]]) -> bytes:
    """Type into lines of the sheet: line → header → value."""
    sheet = book.active
    assert sheet is not None
    for number, values in cells.items():
        for header, value in values.items():
            sheet.cell(number, column(book, header)).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def send(batch: ImportBatch, content: bytes, by: User, name: str = "แก้แล้ว.xlsx") -> services.Report:
    return services.send_corrections(
        batch=batch, stream=io.BytesIO(content), name=name, by=by, at=AT
    )


def sums(report: services.Report) -> tuple[int, int, int, int]:
    return report.mended, report.still_wrong, report.unchanged, report.not_found


def broken(count: int) -> list[dict[str, Any]]:
    return [line(0), *(line(4 * n, {ID: f"{n}23"}) for n in range(1, count + 1))]


def test_only_the_mended_lines_are_taken_and_the_report_says_what_became_of_each(
    admin: User,
) -> None:
    batch = staged(broken(4), admin)
    book = book_of(batch, admin)
    content = mended(book, {2: {ID: line(4)[ID]}, 3: {ID: "12"}, 4: {ID: line(0)[ID]}})

    report = send(batch, content, admin)

    assert sums(report) == (1, 2, 1, 0)
    found = dict(batch.rows.values_list("row", "verdict"))
    assert found == {2: "accepted", 3: "accepted", 4: "rejected", 5: "held", 6: "rejected"}
    told = {each.place: each.text for each in report.told}
    assert "ไม่ใช่ตัวเลข 13 หลัก" in told["แผ่นงาน “แถวที่ต้องแก้” แถว 3 (แถวที่ 4 ของไฟล์เดิม)"]
    assert "มีอยู่แล้วในไฟล์" in told["แผ่นงาน “แถวที่ต้องแก้” แถว 4 (แถวที่ 5 ของไฟล์เดิม)"]
    assert batch.rows.get(row=4).open_payload().get("corrected") is None


def test_numbers_that_are_unknown_doubled_missing_or_settled_are_told_and_change_nothing(
    admin: User,
) -> None:
    batch = staged(broken(5), admin)
    book = book_of(batch, admin)
    good = line(4)[ID]
    content = mended(
        book,
        {
            2: {"แถวที่": 999, ID: good},
            3: {"แถวที่": 5, ID: good},
            4: {"แถวที่": "๕", ID: good},
            5: {"แถวที่": None, ID: good},
            6: {"แถวที่": 2, ID: good},
        },
    )

    report = send(batch, content, admin)

    assert sums(report) == (0, 0, 0, 5)
    texts = [each.text for each in report.told]
    assert "ไม่มีแถวเลขนี้" in texts[0]
    assert "มากกว่าหนึ่งแถว" in texts[1]
    assert "มากกว่าหนึ่งแถว" in texts[2]
    assert "ไม่มีเลขแถวเดิม" in texts[3]
    assert "ไม่ได้รอแก้แล้ว" in texts[4]
    batch.refresh_from_db()
    assert (batch.accepted, batch.rejected) == (1, 5)


def test_changed_headers_are_told_and_nothing_is_taken(admin: User) -> None:
    batch = staged(broken(2), admin)
    book = book_of(batch, admin)
    content = mended(book, {1: {ID: "เลขบัตร"}})

    with pytest.raises(services.UnableToDecide, match="หายไปหรือถูกเปลี่ยนชื่อ"):
        send(batch, content, admin)
    assert services.reports(batch)[0].error


def test_a_file_of_something_else_is_refused_in_words(admin: User) -> None:
    batch = staged(broken(2), admin)

    with pytest.raises(services.UnableToDecide, match="ไม่ใช่แผ่นงานของแถวที่ต้องแก้"):
        send(batch, "ชื่อ,นามสกุล\nก,ข\n".encode(), admin, name="อื่น.csv")
    with pytest.raises(services.UnableToDecide):
        send(batch, b"%PDF-1.7 not a table", admin, name="x.pdf")


def test_masked_ids_of_somebody_elses_workbook_are_not_read_back(
    admin: User, province: User
) -> None:
    wrong = line(4)[ID][:-1] + str((int(line(4)[ID][-1]) + 1) % 10)
    batch = staged([line(0), line(4, {ID: wrong}), line(8, {ID: "123"})], admin)
    book = book_of(batch, province)
    assert book.active is not None
    assert "x" in str(book.active.cell(2, column(book, ID)).value)
    content = mended(book, {2: {"นามสกุล": "พิมพ์ใหม่"}, 3: {ID: "1-xxxx-xxxxx-12-3"}})

    report = send(batch, content, admin)

    payload = batch.rows.get(row=3).open_payload()
    assert payload["corrected"] == {"last_name": "พิมพ์ใหม่"}
    assert batch.rows.get(row=3).codes == ["E_CID_CHECK"]
    assert sums(report) == (0, 2, 0, 0)
    assert any("ปิดบัง" in each.text for each in report.told)


def test_what_begins_like_a_formula_goes_out_harmless_and_comes_back_as_it_was(
    admin: User,
) -> None:
    batch = staged([line(0), line(4, {ID: "123", "ชื่อ": "=1+1"})], admin)
    book = book_of(batch, admin)
    content = mended(book, {2: {ID: line(4)[ID]}})

    send(batch, content, admin)

    assert batch.rows.get(row=3).open_payload()["corrected"] == {"citizen_id": line(4)[ID]}


def test_the_workbook_of_an_applied_import_brings_lines_that_follow(admin: User) -> None:
    batch = applied([*people(8), line(8, {ID: "123"})], admin)
    content = mended(book_of(batch, admin), {2: {ID: line(8)[ID]}})

    assert sums(send(batch, content, admin)) == (1, 0, 0, 0)
    batch.refresh_from_db()
    batch = apply(batch, admin)
    assert (batch.state, batch.effect["applied"]) == (State.APPLIED, 9)


def test_many_lines_are_taken_by_a_worker_and_nothing_is_applied_meanwhile(
    admin: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.IMPORT_CHUNK_LINES = 2
    monkeypatch.setattr("imports.services.corrections._IN_REQUEST_BYTES", 1)
    batch = staged(broken(5), admin)
    content = mended(book_of(batch, admin), {n: {ID: line(4 * (n - 1))[ID]} for n in range(2, 7)})

    report = send(batch, content, admin)
    assert (report.is_over, report.mended) == (False, 0)
    with pytest.raises(services.UnableToApply, match="กำลังรับแถวที่แก้"):
        services.order_apply(batch=batch, by=admin, at=AT)
    with pytest.raises(services.UnableToDecide, match="รอให้เสร็จ"):
        send(batch, content, admin)
    job = latest_job(batch)
    assert job is not None
    run(job_id=job.pk, work=WORK[job.kind])

    assert sums(services.reports(batch)[0]) == (5, 0, 0, 0)
    batch.refresh_from_db()
    assert (batch.accepted, batch.rejected, services.is_mending(batch)) == (6, 0, False)


def test_a_worker_that_takes_over_mends_on_behind_the_last_chunk(
    admin: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.IMPORT_CHUNK_LINES = 2
    monkeypatch.setattr("imports.services.corrections._IN_REQUEST_BYTES", 1)
    batch = staged(broken(5), admin)
    content = mended(book_of(batch, admin), {n: {ID: line(4 * (n - 1))[ID]} for n in range(2, 7)})
    send(batch, content, admin)
    job = latest_job(batch)
    assert job is not None

    whole, calls = Mending.settle, itertools.count()

    def dying(mending: Mending, keys: Iterable[str]) -> None:
        if next(calls) == 1:
            raise RuntimeError("died in the second chunk")
        whole(mending, keys)

    monkeypatch.setattr(Mending, "settle", dying)
    run(job_id=job.pk, work=WORK[job.kind])
    assert services.reports(batch)[0].mended == 2
    run(job_id=job.pk, work=WORK[job.kind])

    assert sums(services.reports(batch)[0]) == (5, 0, 0, 0)
    assert batch.chunks.filter(phase="mend").count() == 3


def test_it_is_sent_back_on_its_page_and_the_page_tells_line_by_line(
    admin: User, client: Client
) -> None:
    client.force_login(admin)
    batch = staged(broken(2), admin)
    content = mended(book_of(batch, admin), {2: {ID: line(4)[ID]}, 3: {ID: "9"}})

    page = client.post(
        f"/imports/{batch.pk}/corrections/",
        {"file": SimpleUploadedFile("แก้แล้ว.xlsx", content)},
        follow=True,
    ).content.decode()

    assert "รับแถวที่แก้แล้ว 1 แถว" in page
    assert "(แถวที่ 4 ของไฟล์เดิม)" in page
    assert line(4)[ID] not in page


def test_sent_as_a_new_list_the_page_leads_to_the_import_it_came_from(
    admin: User, client: Client
) -> None:
    client.force_login(admin)
    batch = staged(broken(2), admin)
    content = mended(book_of(batch, admin), {2: {ID: line(4)[ID]}, 3: {ID: line(8)[ID]}})

    again = staged(content, admin, name="แก้แล้ว.xlsx")

    page = client.get(f"/imports/{again.pk}/").content.decode()
    assert f'href="/imports/{batch.pk}/corrections/"' in page
    assert "ไฟล์นี้คือแถวที่แก้แล้ว" not in client.get(f"/imports/{batch.pk}/").content.decode()


def test_the_api_takes_mended_lines_and_tells_what_became_of_them(
    admin: User, client: Client
) -> None:
    token = issue_token(user=admin, by=admin, at=now()).token
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    batch = staged(broken(2), admin)
    content = mended(book_of(batch, admin), {2: {ID: line(4)[ID]}, 3: {ID: "9"}})
    address = f"/api/v1/imports/{batch.pk}/corrections/"

    answer = client.post(address, {"file": SimpleUploadedFile("แก้แล้ว.xlsx", content)})

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["mended"], told["still_wrong"], told["is_over"]) == (1, 1, True)
    assert client.get(address).json() == [told]
    wrong = client.post(address, {"file": SimpleUploadedFile("x.csv", "ก,ข\n1,2\n".encode())})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["file"])


def test_lines_of_another_import_are_not_taken_for_those_of_this_one(admin: User) -> None:
    other = staged(broken(4), admin)
    batch = staged([line(40), *(line(40 + 4 * n, {ID: f"{n}99"}) for n in range(1, 5))], admin)
    before = list(batch.rows.order_by("row").values_list("verdict", "payload"))
    content = mended(book_of(other, admin), {2: {ID: line(4)[ID]}})

    report = send(batch, content, admin)

    assert sums(report) == (0, 0, 0, 4)
    assert "เป็นของการนำเข้าอื่น" in report.told[0].text
    after = list(batch.rows.order_by("row").values_list("verdict", "payload"))
    assert [(v, bytes(p)) for v, p in after] == [(v, bytes(p)) for v, p in before]
