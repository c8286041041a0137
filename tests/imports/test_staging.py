"""From the file to staged lines."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from imports import reading, services
from imports.models import ImportBatch, ImportRow
from imports.services.staging import stage
from imports.workflow import State
from jobs.models import Job
from jobs.services import UNEXPECTED
from tests.factories import make_user
from tests.imports.batches import AT, applied, csv_of, line, people, staged, undo, upload, work

pytestmark = pytest.mark.django_db

MIXED = [
    line(0),
    line(1),
    line(2, {"เลขประจำตัวประชาชน": "1234567890123"}),
    line(3, {"รหัสบ้าน": ""}),
    {**dict.fromkeys(line(0), ""), "ปีข้อมูล TPMAP": "รวมทั้งจังหวัด"},
    dict.fromkeys(line(0), ""),
    line(0),
    line(7, {"ตำบล": "นามน", "รหัสตำบล": "460201", "อำเภอ": "นามน", "จังหวัด": "กาฬสินธุ์"}),
]


def unwatched(stage_name: str, done: int, total: int | None) -> None:
    return None


def verdicts(batch: ImportBatch) -> dict[int, tuple[str, list[str]]]:
    return {row.row: (row.verdict, row.codes) for row in batch.rows.order_by("row")}


def test_every_line_has_its_verdict_and_the_counts_add_up(admin: User) -> None:
    batch = staged(MIXED, admin)

    assert (batch.state, batch.error) == (State.STAGED, "")
    assert (batch.rows_read, batch.lines_counted) == (8, 8)
    assert (batch.accepted, batch.held, batch.rejected, batch.skipped) == (2, 1, 2, 3)
    found = verdicts(batch)
    assert found[4] == ("rejected", ["E_CID_CHECK"])
    assert found[5] == ("held", ["H_NO_HOUSE"])
    assert [found[row][1] for row in (6, 7, 8)] == [["S_TOTAL"], ["S_BLANK"], ["S_REPEAT"]]
    assert found[9][0] == "rejected"
    assert services.issues_by_code(batch)["E_CID_CHECK"] == 1


def test_a_line_outside_the_uploaders_area_is_refused(areas: None) -> None:
    district = make_user(Role.IMPORT_ADMIN, "3032")
    elsewhere = line(4, {"ตำบล": "ในเมือง", "อำเภอ": "เมืองนครราชสีมา", "รหัสตำบล": "300101"})

    batch = staged([line(0), elsewhere], district)

    assert verdicts(batch)[3] == ("rejected", ["E_AREA_SCOPE"])
    assert batch.scope_codes == ["3032"]


def test_the_same_bytes_are_recognised_until_they_are_undone(admin: User) -> None:
    content = csv_of(people(4))
    first = applied(content, admin)

    with pytest.raises(services.AlreadyImported) as refusal:
        upload(content, admin)
    assert refusal.value.batch_id == first.pk
    assert upload(content, admin, year_be=2566).state == State.UPLOADED

    undo(first, admin)
    assert upload(content, admin).state == State.UPLOADED


def test_the_same_bytes_are_taken_again_for_a_reason(admin: User) -> None:
    content = csv_of(people(4))
    applied(content, admin)

    again = upload(content, admin, reimport_reason="แก้ทะเบียนแล้ว")

    assert again.state == State.UPLOADED
    assert Event.objects.filter(event="import.uploaded", reason="แก้ทะเบียนแล้ว").count() == 1


def test_the_database_refuses_the_same_bytes_twice(admin: User) -> None:
    batch = upload(people(4), admin)
    batch.pk = None

    with transaction.atomic(), pytest.raises(IntegrityError, match="importbatch_same_bytes_once"):
        ImportBatch.objects.create(
            file=batch.file,
            sha256=batch.sha256,
            source=batch.source,
            year_be=batch.year_be,
            scope_codes=["30"],
            uploaded_by=admin,
            uploaded_at=AT,
        )


@pytest.mark.parametrize(
    "counts", [{"rows_read": 3, "accepted": 2}, {"rows_read": 1, "accepted": 1, "skipped": 1}]
)
def test_the_database_refuses_counts_that_do_not_add_up(
    admin: User, counts: dict[str, int]
) -> None:
    batch = upload(people(4), admin)

    with transaction.atomic(), pytest.raises(IntegrityError, match="every_line_has_its_verdict"):
        ImportBatch.objects.filter(pk=batch.pk).update(**counts)


def test_the_database_refuses_a_staged_file_that_was_not_counted(admin: User) -> None:
    batch = upload(people(4), admin)

    with transaction.atomic(), pytest.raises(IntegrityError, match="counted_from_staged_on"):
        ImportBatch.objects.filter(pk=batch.pk).update(state=State.STAGED)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 not a table", "PDF"),
        ("ก,ข\n1,2\n".encode(), "ไม่พบบรรทัดหัวตาราง"),
        (csv_of([line(0)]).splitlines()[0], "ไม่มีข้อมูล"),
    ],
)
def test_what_cannot_be_read_fails_with_a_sentence(admin: User, content: bytes, words: str) -> None:
    batch = staged(content, admin)

    assert batch.state == State.FAILED
    assert words in batch.error
    assert Job.objects.get(subject_id=batch.pk).state == "failed"
    assert not ImportRow.objects.exists()


def test_a_file_that_breaks_its_reader_is_tried_three_times(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a step was announced before it broke must not count as progress."""
    tries: list[int] = []

    def broken(*_: Any, **__: Any) -> None:
        tries.append(1)
        raise RuntimeError("poison")

    monkeypatch.setattr(reading, "inspect", broken)
    batch = upload(people(1), admin)
    for _ in range(5):
        work(batch)
    services.settle()

    assert len(tries) == Job.objects.get(subject_id=batch.pk).attempts == 3
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (State.FAILED, UNEXPECTED)


def test_a_reader_that_loses_lines_is_found_out(
    admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(people(6), admin)
    read = reading.read

    def lossy(*arguments: Any, **options: Any) -> Any:
        for chunk in read(*arguments, **options):
            yield replace(chunk, numbers=chunk.numbers[:-1], rows=chunk.rows[:-1])

    monkeypatch.setattr("imports.services.staging.reading.read", lossy)
    batch = work(batch)

    assert batch.state == State.FAILED
    assert "อ่านได้ 5 แถว แต่นับแยกได้ 6 แถว" in batch.error


def test_a_file_without_known_headers_asks_and_remembers(admin: User) -> None:
    renamed = [
        {("หมายเลข" if key == "เลขประจำตัวประชาชน" else key): value for key, value in each.items()}
        for each in people(4)
    ]
    batch = staged(renamed, admin)
    assert batch.state == State.NEEDS_MAPPING
    assert services.open_samples(batch)[0][3] == renamed[0]["หมายเลข"]

    columns = batch.layout["parts"][0]["guess"]["columns"] | {"citizen_id": "หมายเลข"}
    services.confirm_mapping(batch=batch, columns=columns, by=admin, at=AT)
    batch = work(batch)
    assert (batch.state, batch.accepted) == (State.STAGED, 4)

    again = staged([*renamed, {**renamed[0], "ชื่อ": "อื่น", "หมายเลข": ""}], admin)
    assert again.state == State.STAGED


def test_a_mapping_without_a_needed_column_is_refused(admin: User) -> None:
    batch = staged([{**line(0), "เลขประจำตัวประชาชน ": ""}], admin)
    assert batch.state == State.NEEDS_MAPPING

    with pytest.raises(services.UnableToDecide, match="ยังขาดคอลัมน์"):
        services.confirm_mapping(batch=batch, columns={"first_name": "ชื่อ"}, by=admin, at=AT)
    assert batch.state == State.NEEDS_MAPPING


def test_it_continues_behind_the_last_committed_line(admin: User, settings: Any) -> None:
    settings.IMPORT_CHUNK_LINES = 3
    doubled = line(9, {"เลขประจำตัวประชาชน": line(1)["เลขประจำตัวประชาชน"]})
    lines = [{**each, "ปีข้อมูล TPMAP": ""} for each in [*people(8), line(0), doubled]]
    whole = staged(lines, admin)
    stopped = upload(lines, admin, year_be=2566)

    def stopping(stage_name: str, done: int, total: int | None) -> None:
        if (stage_name, done) == ("อ่านและตรวจ", 9):
            raise ConnectionError("killed")

    with pytest.raises(ConnectionError):
        stage(batch=stopped, beat=stopping, at=AT)
    assert stopped.rows.count() == 6
    stage(batch=stopped, beat=unwatched, at=AT)

    # The repeat and the doubled ID lie behind the break, what they refer to before it.
    assert verdicts(stopped)[10] == ("skipped", ["S_REPEAT"])
    assert verdicts(stopped)[11] == ("held", ["H_DUP_IN_FILE"])
    assert verdicts(stopped) == verdicts(whole)


def test_a_person_of_the_list_is_nowhere_in_the_clear(admin: User) -> None:
    batch = applied([line(0, {"ชื่อ": "นกขมิ้น"}), *people(4)[1:]], admin)
    wanted = ("นกขมิ้น", line(0)["เลขประจำตัวประชาชน"])
    tables = ("importbatch", "importrow", "rowissue", "importchunk", "importchange")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM imports_{table} t")
            text = cursor.fetchone()[0]
            assert not [secret for secret in wanted if secret in text], table
    events = json.dumps(list(Event.objects.values_list("detail", flat=True)), ensure_ascii=False)
    assert not [secret for secret in wanted if secret in events]
    shown = services.show_rows(batch, batch.rows.filter(row=2), by=admin, at=AT)
    assert shown[0]["normalised"]["first_name"] == "นกขมิ้น"


def test_uploading_needs_the_right(officer: User, stranger: User) -> None:
    for user in (officer, stranger):
        with pytest.raises(PermissionDenied):
            upload(people(4), user)
    assert not ImportBatch.objects.exists()


def test_the_upload_is_an_event(admin: User) -> None:
    batch = upload(people(4), admin)

    event = Event.objects.get(event="import.uploaded")
    assert (event.actor, event.subject_id) == ("admin", str(batch.pk))
    assert event.detail["year_be"] == 2567
