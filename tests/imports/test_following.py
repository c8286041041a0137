"""How far an import is, its place in the queue, what holds it up, and how it is stopped."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from files.services import purge
from imports import services, tasks
from imports.apply.running import _Run
from imports.models import ImportBatch, ImportChunk
from imports.services.following import GAVE_WAY, LEFT_BEHIND
from imports.services.running import WORK, latest_job
from imports.workflow import Phase, State
from jobs.models import Job
from jobs.services import DISK_FULL, Lease, run, take_turn
from jobs.workflow import State as JobState
from ppaos.orm import uuid7
from problems.services import load_reference_data
from tests.factories import PASSWORD, make_user
from tests.imports.batches import (
    AT,
    applied,
    csv_of,
    people,
    staged,
    state_of_register,
    upload,
    work,
)

pytestmark = pytest.mark.django_db


def job_of(batch: ImportBatch) -> Job:
    job = latest_job(batch)
    assert job is not None
    return job


def change(batch: ImportBatch, **columns: Any) -> None:
    Job.objects.filter(pk=job_of(batch).pk).update(**columns)


def files(count: int, by: User, *, first: int = 0) -> list[ImportBatch]:
    return [
        upload(people(4 * (first + number + 1)), by, name=f"ไฟล์ {first + number}.csv")
        for number in range(count)
    ]


# ---- progress -------------------------------------------------------------------------
def test_speed_is_that_of_the_last_seconds_and_gives_the_time_left(admin: User) -> None:
    batch = upload(people(4), admin)
    lease = take_turn(queue="imports")
    assert lease is not None
    begun = now()
    for second, done in ((0, 0), (100, 10_000), (110, 10_500), (120, 11_000)):
        beat(lease, begun + timedelta(seconds=second), done=done)

    shown = services.progress(batch, at=begun)
    assert (shown["done"], shown["total"]) == (11_000, 12_000)
    assert shown["rows_per_second"] == 50, "since the upload it was 92"
    assert shown["seconds_left"] == 20
    assert (shown["queue_place"], shown["waiting_for"]) == (None, "")


def beat(lease: Lease, moment: Any, *, done: int) -> None:
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr("jobs.services.leases.now", lambda: moment)
        lease.heartbeat(stage="อ่านและตรวจ", done=done, total=12_000)


def test_each_takeover_is_counted_and_shown(admin: User, client: Client) -> None:
    batch = upload(people(4), admin)
    for _ in range(3):
        lease = take_turn(queue="imports")
        assert lease is not None
        lease.made_progress()
        Job.objects.update(lease_until=now() - timedelta(seconds=1))
        assert services.progress(batch, at=now())["waiting_for"] == LEFT_BEHIND
    assert take_turn(queue="imports") is not None
    assert services.progress(batch, at=now())["resumed"] == 3

    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/progress/")
    assert "ทำต่อ 3 ครั้ง" in page.content.decode()
    assert "hx-get" in page.content.decode()
    assert "HX-Refresh" not in page


def test_the_page_asks_no_more_once_the_work_is_over(admin: User, client: Client) -> None:
    load_reference_data()
    batch = staged(people(4), admin)
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/progress/")
    assert "hx-get" not in page.content.decode()
    assert page["HX-Refresh"] == "true"


def test_the_place_in_the_queue_is_shown(admin: User, client: Client) -> None:
    first, second, third = files(3, admin)
    assert take_turn(queue="imports") is not None
    places = [services.progress(each, at=now())["queue_place"] for each in (first, second, third)]
    assert places == [None, 1, 2]
    client.force_login(admin)
    assert "รอคิว ลำดับที่ 2" in client.get(f"/imports/{third.pk}/").content.decode()
    assert "รอคิว ลำดับที่ 2" in client.get("/imports/").content.decode()


def test_what_holds_the_work_up_is_said(admin: User, client: Client) -> None:
    batch = upload(people(4), admin)
    client.force_login(admin)
    for columns, text in (
        ({"waits_until": now() + timedelta(minutes=1), "error": DISK_FULL}, DISK_FULL),
        ({"waits_until": None, "error": "", "turn_at": now()}, GAVE_WAY),
    ):
        change(batch, **columns)
        assert text in client.get(f"/imports/{batch.pk}/progress/").content.decode()


# ---- the queue ---------------------------------------------------------------------------
def test_a_fourth_file_that_would_wait_is_refused_and_the_others_are_named(
    admin: User, province: User, client: Client
) -> None:
    """One runs, three wait; other people are not touched by that."""
    waiting = files(4, admin)[1:]
    with pytest.raises(services.QueueFull) as refusal:
        files(1, admin, first=9)
    assert [batch.pk for batch in refusal.value.waiting] == [batch.pk for batch in waiting]
    assert all(f"ไฟล์ {number}.csv" in str(refusal.value) for number in (1, 2, 3))
    assert ImportBatch.objects.count() == 4

    client.force_login(admin)
    form = {"source": "tpmap", "year_be": "2567"}
    file = io.BytesIO(csv_of(people(44)))
    file.name = "อีกไฟล์.csv"
    page = client.post("/imports/", {**form, "file": file})
    assert "ท่านมีไฟล์รอคิวอยู่แล้ว 3 ไฟล์" in page.content.decode()
    assert all(f"/imports/{batch.pk}/" in page.content.decode() for batch in waiting)

    other = make_user(Role.IMPORT_ADMIN, "30")
    files(1, other, first=10)
    services.cancel_import(batch=waiting[0], by=admin, at=AT)
    files(1, admin, first=9)


def test_the_api_refuses_it_with_a_code_of_its_own(admin: User) -> None:
    files(4, admin)
    client = Client()
    signed_in = client.post(
        "/api/v1/token/",
        {"username": admin.username, "password": PASSWORD},
        content_type="application/json",
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {signed_in.json()['token']}"
    file = io.BytesIO(csv_of(people(44)))
    file.name = "อีกไฟล์.csv"
    answer = client.post("/api/v1/imports/", {"source": "tpmap", "year_be": "2567", "file": file})
    assert (answer.status_code, answer.json()["code"]) == (409, "queue_full")
    detail = client.get(f"/api/v1/imports/{ImportBatch.objects.latest('uploaded_at').pk}/").json()
    assert set(detail["progress"]) == {
        *("stage", "done", "total", "rows_per_second", "seconds_left", "resumed"),
        *("queue_place", "waiting_for"),
    }


# ---- stopping ------------------------------------------------------------------------------
def test_stopping_an_apply_takes_back_what_is_written_and_says_so_first(
    admin: User, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_reference_data()
    settings.IMPORT_CHUNK_LINES = 8
    before = state_of_register()
    batch = staged(people(40), admin)
    services.order_apply(batch=batch, by=admin, at=AT)
    seen: list[str] = []
    client.force_login(admin)
    one_chunk = _Run._one_chunk

    def stop_after_two(run: _Run) -> bool:
        is_more = one_chunk(run)
        if run.number == 2 and not seen:
            seen.append(client.get(f"/imports/{batch.pk}/cancel/").content.decode())
            client.post(f"/imports/{batch.pk}/cancel/")
        return is_more

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(_Run, "_one_chunk", stop_after_two)
        job = job_of(batch)
        run(job_id=job.pk, work=services.apply_work)

    assert "หยุดและย้อนกลับ" in seen[0]
    assert "ลบครัวเรือนที่เขียนไปแล้ว 4 ครัวเรือน และบุคคล 16 คน" in seen[0]
    batch.refresh_from_db()
    assert batch.state == State.UNDOING
    assert ImportChunk.objects.filter(batch=batch, phase=Phase.APPLY).count() == 2
    assert Job.objects.get(kind="imports.apply").state == JobState.CANCELLED

    assert work(batch).state == State.UNDONE
    assert state_of_register() == before
    told = Event.objects.filter(subject_id=str(batch.pk))
    assert told.filter(event="import.stopped").count() == 1
    assert not told.filter(event__in=["import.applied", "import.undo-ordered"]).exists()


def test_a_file_that_is_read_is_given_up_by_a_page_that_says_what_that_does(
    admin: User, client: Client
) -> None:
    batch = upload(people(4), admin)
    lease = take_turn(queue="imports")
    client.force_login(admin)
    assert (
        "ไม่มีข้อมูลใดจากไฟล์นี้เข้าทะเบียน" in client.get(f"/imports/{batch.pk}/cancel/").content.decode()
    )
    client.post(f"/imports/{batch.pk}/cancel/")
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED
    assert lease is not None
    assert job_of(batch).state == JobState.CANCELLED


# ---- history -------------------------------------------------------------------------------
def test_the_history_tells_of_each_file_and_narrows(admin: User, client: Client) -> None:
    load_reference_data()
    batch = applied(people(4), admin, comment="จากอำเภอ")
    client.force_login(admin)
    services.write_error_workbook(io.BytesIO(), batch=batch, by=admin, at=AT)
    page = client.get("/imports/").content.decode()
    for text in (batch.sha256, "จากอำเภอ", "รายชื่อ.csv", "เก็บถึง", "แถวที่ต้องแก้", str(admin)):
        assert text in page
    for query, is_there in (
        ("source=tpmap", True),
        ("source=bmn", False),
        ("year_be=2567", True),
        ("year_be=2560", False),
        ("state=applied", True),
        ("state=undone", False),
        (f"person={admin.pk}", True),
        (f"person={uuid7()}", True),
        ("year_be=ไม่ใช่ปี", True),
    ):
        found = client.get(f"/imports/?{query}").content.decode()
        assert (f"/imports/{batch.pk}/" in found) == is_there, query


def test_an_import_shows_what_was_done_with_it_and_by_whom(admin: User, client: Client) -> None:
    load_reference_data()
    batch = applied(people(4), admin)
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/").content.decode()
    for text in ("ส่งไฟล์", "อ่านและตรวจไฟล์ครบทุกแถว", "สั่งบันทึกการนำเข้าเข้าทะเบียน", "ระบบทำเอง"):
        assert text in page


def test_the_file_comes_back_byte_for_byte_to_those_who_may_see_whole_ids(
    admin: User, client: Client
) -> None:
    load_reference_data()
    content = csv_of(people(4))
    batch = staged(content, admin)
    client.force_login(admin)
    answer = client.get(f"/imports/{batch.pk}/file/")
    assert answer.getvalue() == content
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(event="import.file-downloaded")
    assert (event.subject_id, event.actor_id) == (str(batch.pk), admin.pk)

    approver = make_user(Role.PROVINCE_OFFICER, "30")
    client.force_login(approver)
    assert client.get(f"/imports/{batch.pk}/").status_code == 200
    assert client.get(f"/imports/{batch.pk}/file/").status_code == 403
    with pytest.raises(PermissionDenied):
        services.original_file(batch=batch, by=approver, at=AT)
    assert Event.objects.filter(event="import.file-downloaded").count() == 1

    purge(file=batch.file, at=AT)
    client.force_login(admin)
    assert client.get(f"/imports/{batch.pk}/file/").status_code == 302
    assert Event.objects.filter(event="import.file-downloaded").count() == 1


# ---- tasks ---------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", sorted(WORK))
def test_each_kind_of_work_has_a_task_that_takes_whatever_turn_it_is(
    kind: str, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message of one kind may find the turn of another: each must know them all."""
    batch = upload(people(4), admin)
    done: list[str] = []
    for each in WORK:
        monkeypatch.setitem(WORK, each, lambda lease, each=each: done.append(each))  # type: ignore[misc]
    getattr(tasks, kind.partition(".")[2])(str(job_of(batch).pk))
    assert done == ["imports.stage"]
    assert job_of(batch).state == JobState.DONE
