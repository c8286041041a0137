"""What was done with an import, by whom and when; and its file, for those who may have it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from audit.models import Event
from audit.querysets import EventQuerySet
from audit.services import record
from files.services import pieces
from imports import permissions
from imports.models import ImportBatch
from imports.services.closing import check_shows_nothing_hidden

# Looking at pages is in the trail as well, but would hide what was done.
_LOOKS = (
    "import.issues-read",
    "import.rows-read",
    "import.duplicates-read",
    "import.changes-read",
)
DOWNLOADS = ("import.errors-exported", "import.file-downloaded")
_ACTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Act:
    """One act on an import. `by` is a name of the trail, "" for the system itself."""

    at: datetime
    event: str
    by: str
    reason: str


def acts(batch: ImportBatch) -> list[Act]:
    """Return what was done with the import, the latest first. Two queries."""
    events = list(_events([batch]).exclude(event__in=_LOOKS).order_by("-at", "-pk")[:_ACTS_SHOWN])
    names = _names(events)
    return [Act(e.at, e.event, names.get(e.actor_id, ""), e.reason) for e in events]


def downloads(batches: Sequence[ImportBatch]) -> dict[UUID, list[Act]]:
    """Return per import who downloaded its error lines or its file, the latest first."""
    events = list(_events(batches).filter(event__in=DOWNLOADS).order_by("-at", "-pk"))
    names = _names(events)
    found: dict[UUID, list[Act]] = {}
    for event in events:
        act = Act(event.at, event.event, names.get(event.actor_id, ""), "")
        found.setdefault(UUID(event.subject_id), []).append(act)
    return found


def _events(batches: Iterable[ImportBatch]) -> EventQuerySet:
    keys = [str(batch.pk) for batch in batches]
    return Event.objects.filter(subject_id__in=keys, subject_type=ImportBatch._meta.label_lower)


def _names(events: Iterable[Event]) -> dict[UUID | None, str]:
    people = {event.actor_id for event in events if event.actor_id}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=people)}


def original_file(*, batch: ImportBatch, by: User, at: datetime) -> Iterator[bytes]:
    """Return the bytes as they were sent, piece by piece.

    Raises PermissionDenied, and UnableToOpen once they are purged.
    """
    permissions.check_can_download(by, batch)
    check_shows_nothing_hidden(batch, by=by)
    record(
        event="import.file-downloaded",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"sha256": batch.sha256, "bytes": batch.file.size},
    )
    return pieces(batch.file)
