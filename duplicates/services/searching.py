"""Looking for pairs among what changed: nightly, after an import, or when somebody asks."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from audit.services import record
from duplicates import permissions
from duplicates.models import Candidate, Search
from duplicates.services import finding
from duplicates.services.scoring import ENOUGH, Home, Person, compare, compare_homes
from duplicates.workflow import Clue, Kind, RunState, State
from households.models import Member
from jobs.models import Job
from jobs.services import Lease, enqueue, is_any_queue_busy
from jobs.workflow import State as JobState

SEARCH_TASK = "duplicates.search"
MOST_PER_PERSON = 20
"""Pairs kept of one person, the likeliest: a name like "ไม่ทราบ" must not flood the page."""
MANY = 200
"""New people after whom nobody waits for the night: an import."""
Beat = Callable[[str], None]
"""Called between parts with what is being done."""
_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_AT_ONCE = 2_000


def ask_for_search(*, by: User, at: datetime) -> Search:
    """Let a worker look now. Raises PermissionDenied."""
    permissions.check_can_look(by)
    return order_search(by=by, at=at)


@transaction.atomic
def order_search(*, by: User | None, at: datetime) -> Search:
    """Let a worker look for pairs among what changed; one that waits already will do."""
    waiting = Search.objects.filter(state=RunState.WAITING).order_by("asked_at").last()
    if waiting is not None:
        live = Job.objects.filter(subject_id=waiting.pk, state__in=JobState.live())
        if live.exists():
            return waiting
    search = waiting or Search.objects.create(asked_at=at, asked_by=by)
    enqueue(kind=SEARCH_TASK, subject_id=search.pk, by=by, at=at)
    return search


def order_search_after_much(*, at: datetime) -> Search | None:
    """Let a worker look when many people came into the register since it last looked.

    Not while a list is read or written: the search holds a process of the worker for
    minutes, and more people may still come. Whoever asks every few minutes asks again.
    """
    if is_any_queue_busy():
        return None
    last = Search.objects.filter(state=RunState.DONE).order_by("looked_at").last()
    since = last.looked_at if last and last.looked_at else _FIRST_DAY
    came = Member.objects.filter(created_at__gte=since).values("pk")[:MANY]
    return order_search(by=None, at=at) if len(came) == MANY else None


def search_work(lease: Lease) -> None:
    """Do the search of a job."""
    search = Search.objects.get(pk=lease.subject_id)
    if search.state == RunState.WAITING:
        run_search(search=search, at=now(), beat=lambda stage: lease.heartbeat(stage=stage))


def run_search(*, search: Search, at: datetime, beat: Beat | None = None) -> None:
    """Find pairs among what changed since the search before, score them, keep what is enough."""
    beat = beat or _silent
    last = Search.objects.filter(state=RunState.DONE).order_by("looked_at").last()
    since = last.looked_at if last and last.looked_at else _FIRST_DAY
    with finding.gathered(since=since) as fresh:
        for number in finding.BLOCKS:
            beat("จัดกลุ่มชื่อและที่อยู่")
            finding.block(number)
        opened = finding.near_ids(lambda: beat("เทียบเลขประจำตัวที่ใกล้กัน"))
        found = _score(beat)
    _finish(search, found, since=since, at=at, people=fresh, opened=opened)


@transaction.atomic
def _finish(
    search: Search, found: "Found", *, since: datetime, at: datetime, people: int, opened: int
) -> None:
    _store(found, since=since, at=at)
    search.state, search.looked_at = RunState.DONE, at
    search.people, search.found = people, len(found)
    search.save(update_fields=["state", "looked_at", "people", "found"])
    record(
        event="duplicates.searched",
        subject=search,
        by=search.asked_by,
        at=at,
        detail={"people": people, "pairs": len(found), "ids_opened": opened},
    )


def _silent(stage: str) -> None:
    """Nobody watches."""


Found = dict[tuple[uuid.UUID, uuid.UUID], Candidate]


def _score(beat: Beat) -> Found:
    """Compare the pairs, person by person and then household by household."""
    found: Found = {}
    people: dict[uuid.UUID, Person] = {}
    for pairs in finding.pairs():
        beat("เทียบรายคู่")
        people = finding.persons({key for pair in pairs for key in pair[:2]})
        for one, other, is_near in pairs:
            score = compare(people[one], people[other], near_id=is_near)
            if score.points < ENOUGH:
                continue
            found[one, other] = _candidate(
                Kind.PERSON, people[one], people[other], score.points, score.clues
            )
    found = _likeliest(found)
    people = finding.persons({key for pair in found for key in pair})
    return found | _households(found, people)


def _likeliest(found: Found) -> Found:
    kept: Counter[uuid.UUID] = Counter()
    result: Found = {}
    for pair, candidate in sorted(found.items(), key=lambda item: (-item[1].score, item[0])):
        if max(kept[pair[0]], kept[pair[1]]) < MOST_PER_PERSON:
            kept.update(pair)
            result[pair] = candidate
    return result


def _households(found: Found, people: Mapping[uuid.UUID, Person]) -> Found:
    """Return the pairs of households whose people, or house and people, are alike."""
    shared: defaultdict[tuple[uuid.UUID, uuid.UUID], int] = defaultdict(int)
    for one, other in found:
        first, second = sorted((people[one].household, people[other].household))
        if first != second:
            shared[first, second] += 1
    homes = finding.homes({key for pair in shared for key in pair})
    result: Found = {}
    for pair, count in shared.items():
        score = compare_homes(homes[pair[0]], homes[pair[1]], shared=count)
        if score.points >= ENOUGH:
            result[pair] = _candidate(
                Kind.HOUSEHOLD, homes[pair[0]], homes[pair[1]], score.points, score.clues
            )
    return result


def _candidate(
    kind: Kind, one: Person | Home, other: Person | Home, points: int, clues: Iterable[Clue]
) -> Candidate:
    return Candidate(
        kind=kind,
        one=one.id,
        other=other.id,
        score=points,
        clues=[clue.value for clue in clues],
        mark_one=one.mark,
        mark_other=other.mark,
    )


# ---- keeping ------------------------------------------------------------------------
def _store(found: Found, *, since: datetime, at: datetime) -> None:
    """Add new pairs and bring known ones up to date; what was judged stays judged."""
    known = {
        (row.one, row.other): row
        for part in _parts(list({one for one, _ in found}))
        for row in Candidate.objects.filter(one__in=part)
    }
    new, changed = [], []
    for pair, candidate in found.items():
        row = known.get(pair)
        if row is None:
            candidate.found_at = at
            new.append(candidate)
        elif _differs(row, candidate):
            changed.append(_brought_up_to_date(row, candidate, at=at))
    Candidate.objects.bulk_create(new, batch_size=_AT_ONCE)
    Candidate.objects.bulk_update(
        changed,
        [
            *("score", "clues", "mark_one", "mark_other", "found_at"),
            *("state", "decided_at", "decided_by", "reason"),
        ],
        batch_size=_AT_ONCE,
    )
    _drop_outdated(found, since=since)


def _differs(row: Candidate, candidate: Candidate) -> bool:
    return (bytes(row.mark_one), bytes(row.mark_other)) != (
        candidate.mark_one,
        candidate.mark_other,
    )


def _brought_up_to_date(row: Candidate, candidate: Candidate, *, at: datetime) -> Candidate:
    """One of both changed since, so that what was said of them is asked again."""
    row.score, row.clues, row.found_at = candidate.score, candidate.clues, at
    row.mark_one, row.mark_other = candidate.mark_one, candidate.mark_other
    row.state, row.decided_at, row.decided_by, row.reason = State.OPEN, None, None, ""
    return row


def _drop_outdated(found: Found, *, since: datetime) -> None:
    """Forget open pairs of people who changed and are no longer alike."""
    stale = [
        row.pk
        for row in Candidate.objects.open().touching_changed(since=since)
        if (row.one, row.other) not in found
    ]
    for part in _parts(stale):
        Candidate.objects.filter(pk__in=part).delete()


def _parts(keys: list[uuid.UUID]) -> Iterable[list[uuid.UUID]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
