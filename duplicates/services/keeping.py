"""Keeping the pairs that a portion of a search found; what people said of them stays said."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from duplicates.models import Candidate
from duplicates.services import finding
from duplicates.workflow import State

Found = dict[tuple[uuid.UUID, uuid.UUID], Candidate]
_AT_ONCE = 2_000


def store(found: Found, *, at: datetime) -> None:
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
    _drop_outdated(found)


def _differs(row: Candidate, candidate: Candidate) -> bool:
    """Say whether one of both changed; of an open pair also whether more is known of it."""
    marks = (bytes(row.mark_one), bytes(row.mark_other))
    if marks != (candidate.mark_one, candidate.mark_other):
        return True
    known = (row.score, row.clues)
    return row.state == State.OPEN and known != (candidate.score, candidate.clues)


def _brought_up_to_date(row: Candidate, candidate: Candidate, *, at: datetime) -> Candidate:
    """What was said of a pair of which one changed since is asked again."""
    row.score, row.clues, row.found_at = candidate.score, candidate.clues, at
    row.mark_one, row.mark_other = candidate.mark_one, candidate.mark_other
    row.state, row.decided_at, row.decided_by, row.reason = State.OPEN, None, None, ""
    return row


def _drop_outdated(found: Found) -> None:
    """Forget open pairs of people who changed and are no longer alike."""
    stale = [
        key for key, one, other in finding.open_pairs_of_changed() if (one, other) not in found
    ]
    for part in _parts(stale):
        Candidate.objects.filter(pk__in=part).delete()


def _parts(keys: list[uuid.UUID]) -> Iterable[list[uuid.UUID]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
