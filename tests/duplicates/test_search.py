"""Pairs that may be one are found with their reasons; what was judged stays judged."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from duplicates import services
from duplicates.models import Candidate, Search
from duplicates.services import finding, searching
from duplicates.services.scoring import ENOUGH
from duplicates.workflow import Clue, Kind, RunState, State
from households.models import Household, Member
from jobs.models import Job
from jobs.services import run
from jobs.workflow import State as JobState
from ppaos.lib import citizen_id
from tests.factories import make_household, make_member

AT = datetime(2099, 11, 20, 3, 0, tzinfo=UTC)
"""Later than every row made here: a search looks at what changed before it."""
BORN = date(1970, 5, 17)


def search(at: datetime = AT) -> list[Candidate]:
    services.run_search(search=Search.objects.create(asked_at=at), at=at)
    return list(Candidate.objects.open().likeliest_first())


def pair(**other: object) -> tuple[Member, Member]:
    fields: dict[str, Any] = {"first_name": "ประเสริฐ", "last_name": "ทองดีงาม", "birth_date": BORN}
    one = make_member(**fields, citizen_id=citizen_id.generate(1))
    return one, make_member(**(fields | {"citizen_id": None} | other))


def test_the_same_name_and_birthday_without_an_id_is_a_pair_with_its_reasons(areas: None) -> None:
    one, other = pair()
    (found,) = search()
    assert {found.one, found.other} == {one.pk, other.pk}
    assert found.kind == Kind.PERSON
    assert set(found.clues) >= {Clue.SAME_NAME, Clue.SAME_BIRTHDAY, Clue.ONE_WITHOUT_ID}
    assert found.score >= ENOUGH


def test_a_misspelled_name_is_found(areas: None) -> None:
    pair(first_name="ปะเสริฐ")
    (found,) = search()
    assert Clue.LIKE_NAME in found.clues


def test_an_id_with_two_digits_swapped_is_found(areas: None) -> None:
    digits = citizen_id.generate(1)
    swapped = f"{digits[:9]}{digits[10]}{digits[9]}{digits[11]}"
    near = f"{swapped}{citizen_id.check_digit(swapped)}"
    if near == digits:
        near = sorted(citizen_id.neighbours(digits))[0]
    pair(citizen_id=near)
    (found,) = search()
    assert Clue.NEAR_ID in found.clues


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": date(1950, 1, 1)},
        {"citizen_id": citizen_id.generate(777_777)},
        {"first_name": "มานี", "last_name": "ใจกล้า"},
    ],
    ids=["another year of birth", "another ID", "another name"],
)
def test_two_people_are_no_pair(areas: None, other: dict[str, object]) -> None:
    pair(**other)
    assert search() == []


def test_twins_with_neighbouring_ids_are_no_pair(areas: None) -> None:
    digits = citizen_id.generate(10)
    near = sorted(citizen_id.neighbours(digits))[0]
    home = make_household()
    make_member(home, first_name="สมชาย", last_name="ทองดี", birth_date=BORN, citizen_id=digits)
    make_member(home, first_name="วรรณา", last_name="ทองดี", birth_date=BORN, citizen_id=near)
    assert search() == []


def test_somebody_who_left_by_mistake_and_somebody_with_that_id_are_a_pair(areas: None) -> None:
    digits = citizen_id.generate(20)
    make_member(
        citizen_id=digits, first_name="มานะ", left_on=date(2026, 1, 1), left_reason="mistake"
    )
    make_member(citizen_id=digits, first_name="ปิติ")
    (found,) = search()
    assert Clue.SAME_ID in found.clues


def test_a_person_who_moved_is_no_pair_with_themselves(areas: None) -> None:
    digits = citizen_id.generate(20)
    make_member(citizen_id=digits, left_on=date(2026, 1, 1), left_reason="moved")
    make_member(citizen_id=digits)
    assert search() == []


def test_households_that_share_two_people_are_a_pair(areas: None) -> None:
    one, other = make_household(house_no="12"), make_household(house_no="12")
    for number, name in enumerate(("ประเสริฐ", "วรรณา")):
        for home in (one, other):
            make_member(
                home,
                first_name=name,
                last_name="ทองดีงาม",
                birth_date=BORN + timedelta(days=number),
                citizen_id=None,
            )
    found = [row for row in search() if row.kind == Kind.HOUSEHOLD]
    assert [{row.one, row.other} for row in found] == [{one.pk, other.pk}]
    assert set(found[0].clues) == {Clue.SAME_HOUSE, Clue.SHARED_MEMBERS}


def test_not_the_same_is_remembered_until_one_of_both_changes(areas: None, district: User) -> None:
    _, other = pair()
    (found,) = search()
    services.say_distinct(candidate=found, reason="ลูกพี่ลูกน้อง", by=district, at=AT)
    Member.objects.filter(pk=other.pk).update(relation="บุตร", updated_at=AT)
    assert search(AT + timedelta(days=1)) == []
    assert Candidate.objects.get().state == State.DISTINCT
    Member.objects.filter(pk=other.pk).update(
        birth_date=None, birth_year=1970, updated_at=AT + timedelta(days=1)
    )
    (again,) = search(AT + timedelta(days=2))
    assert again.pk == found.pk
    assert again.reason == ""


def test_only_what_changed_is_looked_at_again(areas: None) -> None:
    pair()
    search()
    Candidate.objects.all().delete()
    assert search(AT + timedelta(days=1)) == []


def test_a_pair_that_was_mended_is_no_longer_proposed(areas: None) -> None:
    _, other = pair()
    assert len(search()) == 1
    Member.objects.filter(pk=other.pk).update(
        first_name="มานี", name_key="มานีใจกล้า", updated_at=AT + timedelta(days=1)
    )
    assert search(AT + timedelta(days=2)) == []


def test_clusters_put_pairs_together_and_show_only_what_is_in_scope(
    areas: None, district: User, outsider: User
) -> None:
    for _ in range(3):
        make_member(first_name="ประเสริฐ", last_name="ทองดีงาม", birth_date=BORN, citizen_id=None)
    assert len(search()) == 3
    (cluster,) = services.clusters(by=district)
    assert len(cluster.households) == 3
    assert services.clusters(by=outsider) == []


def test_merged_households_are_in_no_cluster(areas: None, district: User) -> None:
    one, other = pair()
    search()
    services.merge_households(
        survivor=one.household,
        merged=other.household,
        versions=(1, 1),
        choices={},
        pairs=[services.Pairing(survivor=one.pk, merged=other.pk)],
        reason="บ้านเดียวกัน",
        by=district,
        at=AT,
    )
    assert services.clusters(by=district) == []
    assert not Household.objects.visible_to(district).filter(pk=other.household_id).exists()


# ---- when it begins ----------------------------------------------------------------------
def test_no_search_begins_while_a_list_is_read_or_written(
    areas: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 1)
    make_member(make_household(), first_name="ประเสริฐ")
    job = Job.objects.create(
        kind="imports.stage", subject_id=uuid.uuid4(), queue="imports", created_at=AT
    )
    assert searching.order_search_after_much(at=AT) is None
    assert not Search.objects.exists()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=AT)
    assert searching.order_search_after_much(at=AT) == Search.objects.get()


def test_a_search_lets_a_waiting_list_go_first_and_goes_on_later(
    areas: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with one process of the worker, which the search holds when the list comes."""
    for number in range(5):
        make_member(first_name="ประเสริฐ", last_name=f"ทองดีงาม{number}")
    asked = searching.order_search(by=None, at=AT)
    job = Job.objects.get(subject_id=asked.pk)
    list_job = Job(
        kind="imports.stage",
        subject_id=uuid.uuid4(),
        queue="imports",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    blocks: list[int] = []
    block = finding.block

    def slowly(number: int) -> None:
        block(number)
        blocks.append(number)
        if len(blocks) == len(finding.BLOCKS) + 2:
            list_job.save()

    monkeypatch.setattr(searching, "PORTION", 2)
    monkeypatch.setattr(finding, "block", slowly)
    run(job_id=job.pk, work=services.search_work)
    job.refresh_from_db()
    asked.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    # It stopped at the next step, in its second portion, and kept the first one.
    assert len(blocks) == len(finding.BLOCKS) + 2
    assert (asked.state, asked.people) == (RunState.WAITING, 2)

    run(job_id=job.pk, work=services.search_work)
    assert len(blocks) == len(finding.BLOCKS) + 2, "the list still waits"

    Job.objects.filter(pk=list_job.pk).update(state=JobState.DONE, finished_at=AT)
    run(job_id=job.pk, work=services.search_work)
    job.refresh_from_db()
    asked.refresh_from_db()
    assert (job.state, asked.state) == (JobState.DONE, RunState.DONE)
    # Nobody was looked at twice.
    assert asked.people == Member.objects.count()


def test_portions_find_what_one_look_finds(areas: None, monkeypatch: pytest.MonkeyPatch) -> None:
    two_by_two = [(make_household(), make_household()) for _ in range(2)]
    for one, other in two_by_two:
        for born in (date(1970, 5, 17), date(1990, 1, 2)):
            name = f"ประเสริฐ{born.year}"
            make_member(one, first_name=name, last_name="ทองดีงาม", birth_date=born)
            make_member(
                other, first_name=name, last_name="ทองดีงาม", birth_date=born, citizen_id=None
            )
    once = {(each.one, each.other, each.score) for each in search()}
    assert any(Candidate.objects.filter(kind=Kind.HOUSEHOLD))
    Candidate.objects.all().delete()
    Search.objects.all().delete()
    monkeypatch.setattr(searching, "PORTION", 1)
    assert {(each.one, each.other, each.score) for each in search()} == once
