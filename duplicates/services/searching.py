"""Looking for pairs among what changed: nightly, after an import, or when somebody asks."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from audit.services import record
from duplicates import permissions
from duplicates.models import Candidate, Search
from duplicates.services import finding
from duplicates.services.keeping import Found, store
from duplicates.services.scoring import ENOUGH, Home, Person, compare, compare_homes
from duplicates.workflow import Clue, Kind, RunState
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
PORTION = 25_000
"""People who changed that are looked at and kept together: what a search may do again."""
Pairs = set[tuple[uuid.UUID, uuid.UUID]]
_FIRST_KEY = uuid.UUID(int=0)
_FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)


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


def look_for_duplicates(*, at: datetime) -> Search:
    """Look now, in this process."""
    search = Search.objects.create(asked_at=at)
    run_search(search=search, at=at)
    return search


def search_work(lease: Lease) -> None:
    """Do the search of a job, and let go between two steps if a list waits for the worker."""

    def beat(stage: str) -> None:
        lease.heartbeat(stage=stage)
        lease.give_way_to_queues()

    search = Search.objects.get(pk=lease.subject_id)
    if search.state == RunState.WAITING:
        run_search(search=search, at=now(), beat=beat, on_portion=lease.made_progress)


def run_search(
    *,
    search: Search,
    at: datetime,
    beat: Beat | None = None,
    on_portion: Callable[[], None] | None = None,
) -> None:
    """Find pairs among what changed since the search before, score them, keep what is enough.

    A search that was let go, or whose worker died, goes on after the last portion it kept.
    """
    after: finding.Place | None = _place_of(search)
    while after is not None:
        after = _look_at_portion(search, after, at=at, beat=beat or _silent)
        if on_portion is not None:
            on_portion()


def _place_of(search: Search) -> finding.Place:
    if search.reached_at is not None and search.reached_id is not None:
        return search.reached_at, search.reached_id
    last = Search.objects.filter(state=RunState.DONE).order_by("looked_at").last()
    return (last.looked_at if last and last.looked_at else _FIRST_DAY), _FIRST_KEY


def _look_at_portion(
    search: Search, after: finding.Place, *, at: datetime, beat: Beat
) -> finding.Place | None:
    """Look at the next people who changed; return where the portion ends if there are more."""
    with finding.gathered(after=after, most=PORTION) as portion:
        for number in finding.BLOCKS:
            beat("จัดกลุ่มชื่อและที่อยู่")
            finding.block(number)
        opened = finding.near_ids(lambda: beat("เทียบเลขประจำตัวที่ใกล้กัน"))
        found = _score(beat)
        _keep(search, portion, found, at=at, opened=opened)
    return portion.end


@transaction.atomic
def _keep(
    search: Search, portion: finding.Portion, found: Found, *, at: datetime, opened: int
) -> None:
    store(found, at=at)
    search.people += portion.people
    search.found += len(found)
    if portion.end is None:
        search.state, search.looked_at = RunState.DONE, at
    else:
        search.reached_at, search.reached_id = portion.end
    search.save(update_fields=["state", "looked_at", "reached_at", "reached_id", "people", "found"])
    record(
        event="duplicates.searched",
        subject=search,
        by=search.asked_by,
        at=at,
        detail={"people": portion.people, "pairs": len(found), "ids_opened": opened},
    )


def _silent(stage: str) -> None:
    """Nobody watches."""


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
    return found | _households({*found, *finding.open_pairs_in_changed_homes()})


def _likeliest(found: Found) -> Found:
    kept: Counter[uuid.UUID] = Counter()
    result: Found = {}
    for pair, candidate in sorted(found.items(), key=lambda item: (-item[1].score, item[0])):
        if max(kept[pair[0]], kept[pair[1]]) < MOST_PER_PERSON:
            kept.update(pair)
            result[pair] = candidate
    return result


def _households(alike: Pairs) -> Found:
    """Return the pairs of households whose people, or house and people, are alike."""
    people = finding.persons({key for pair in alike for key in pair})
    shared: defaultdict[tuple[uuid.UUID, uuid.UUID], int] = defaultdict(int)
    for one, other in alike:
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
