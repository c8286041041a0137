"""The one way to add to the audit trail."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from audit.models import Event

SYSTEM = "ระบบ"

_ip_address: ContextVar[str | None] = ContextVar("audit_ip_address", default=None)


class Actor(Protocol):
    """Somebody signed in, or a named service user."""

    @property
    def pk(self) -> Any: ...

    def get_username(self) -> str: ...


@contextmanager
def acting_from(ip_address: str | None) -> Iterator[None]:
    """Let every event recorded inside carry this address (set once per request)."""
    token = _ip_address.set(ip_address)
    try:
        yield
    finally:
        _ip_address.reset(token)


def record(
    *,
    event: str,
    by: Actor | None,
    at: datetime,
    subject: models.Model | None = None,
    area: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Event:
    """Add one event, in the caller's transaction.

    `event` is `noun.past-participle`. `detail` holds ids, codes and counts only:
    never a name, a citizen ID or a phone number.
    """
    return Event.objects.create(
        event=event,
        at=at,
        actor_id=by.pk if by is not None and isinstance(by.pk, uuid.UUID) else None,
        actor=by.get_username() if by is not None else SYSTEM,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        area=area,
        reason=reason,
        detail=dict(detail or {}),
        ip_address=_ip_address.get(),
    )
