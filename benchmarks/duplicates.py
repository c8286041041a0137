"""Looking for pairs among new people, in a register that is six times as large."""

import os
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timezone import now
from psycopg2.extras import execute_values

from benchmarks import crowd
from benchmarks.report import Figure, seconds
from duplicates.models import Candidate, Search
from duplicates.services import run_search
from duplicates.workflow import Clue, RunState
from households.models import Member
from households.services import citizen_id_indexes, sealed_citizen_id
from ppaos.lib import citizen_id
from ppaos.lib.thai_text import name_key
from ppaos.orm import keyring

NEW, KNOWN = 50_000, 300_000
GOAL_SECONDS = 180
_PLANTED_SHARE = 0.02
_WRITTEN_FOR = {"ร": "ล", "ศ": "ส", "ณ": "น", "ี": "ิ", "ู": "ุ", "ภ": "พ", "ธ": "ท"}

_SET = """
UPDATE households_member m SET citizen_id = v.blob, citizen_id_index = v.index,
       key_version = v.version, updated_at = v.at
FROM (VALUES %s) v (id, blob, index, version, at) WHERE m.id = v.id
"""
_AS = "(%s::uuid, %s::bytea, %s::bytea, %s::smallint, %s::timestamptz)"


def measure(notes: list[str]) -> list[Figure]:
    new = int(os.environ.get("PPAOS_BENCH_DUPLICATES_NEW") or NEW)
    known = new * KNOWN // NEW
    crowd.fill(new + known)
    moment = now()
    Search.objects.create(asked_at=moment, state=RunState.DONE, looked_at=moment)
    planted, near = _make_new(new, at=moment + timedelta(minutes=1))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE households_member")
    stages: dict[str, float] = {}
    clock = [now()]

    def beat(stage: str) -> None:
        stages[stage] = stages.get(stage, 0) + (now() - clock[0]).total_seconds()
        clock[0] = now()

    search = Search.objects.create(asked_at=moment)
    taken = seconds(lambda: run_search(search=search, at=now() + timedelta(hours=1), beat=beat))
    search.refresh_from_db()
    pairs = set(Candidate.objects.values_list("one", "other"))
    by_id = set(
        Candidate.objects.filter(clues__contains=[Clue.NEAR_ID]).values_list("one", "other")
    )
    notes.append(f"  {search.people:,} new among {known:,}; {search.found:,} pairs kept")
    notes.append(f"  planted slips of a name found: {len(planted & pairs):,} of {len(planted):,}")
    notes.append(f"  planted slips of an ID found: {len(near & by_id):,} of {len(near):,}")
    notes += [f"  seconds before a beat of “{name}”: {spent:.1f}" for name, spent in stages.items()]
    return [
        Figure(
            f"look for pairs, {new:,} new among {known:,}",
            taken,
            "s",
            "one process, pairs stored",
            reach=GOAL_SECONDS,
        )
    ]


Pairs = set[tuple[UUID, UUID]]


def _make_new(count: int, *, at: Any) -> tuple[Pairs, Pairs]:
    """Make people new: three in five have an ID; some are others, with a slip of the pen."""
    random = Random(2569)
    keys = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    random.shuffle(keys)
    fresh, others = keys[:count], keys[count:]
    with_id = fresh[: count * 3 // 5]
    without = fresh[count * 3 // 5 :]
    version = keyring().current_version
    digits = {key: citizen_id.generate(number * 7) for number, key in enumerate(with_id)}
    rows: list[tuple[Any, ...]] = [
        (
            key,
            sealed_citizen_id(member_id=key, citizen_id=digits[key]),
            citizen_id_indexes(digits[key])[0],
            version,
            at,
        )
        for key in with_id
    ]
    rows += [(key, None, None, None, at) for key in without]
    _set(rows)
    planted = max(1, round(count * _PLANTED_SHARE))
    slips = {_copy(new, old, random) for new, old in zip(without, others[:planted], strict=False)}
    near = set()
    for new, old in zip(with_id[:planted], others[planted : 2 * planted], strict=False):
        twin = sorted(citizen_id.neighbours(digits[new]))[random.randrange(100)]
        held = citizen_id_indexes(twin)[0]
        if Member.objects.filter(citizen_id_index=held).exists():
            continue
        near.add(_copy(new, old, random))
        Member.objects.filter(pk=old).update(citizen_id_index=held)
    return slips, near


def _set(rows: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, _SET, rows, template=_AS, page_size=5_000)


def _copy(new: UUID, old: UUID, random: Random) -> tuple[UUID, UUID]:
    """Let the new one be the old one in the same subdistrict, with a letter written otherwise."""
    person = Member.objects.get(pk=old)
    first = _mistyped(person.first_name, random)
    Member.objects.filter(pk=new).update(
        first_name=first,
        last_name=person.last_name,
        name_key=name_key(f"{first} {person.last_name}"),
        birth_year=person.birth_year,
        household=person.household_id,
        is_head=False,
        title=person.title,
    )
    return min(new, old), max(new, old)


def _mistyped(name: str, random: Random) -> str:
    spots = [at for at, letter in enumerate(name) if letter in _WRITTEN_FOR]
    if not spots:
        return name
    at = random.choice(spots)
    return name[:at] + _WRITTEN_FOR[name[at]] + name[at + 1 :]
