"""What a sitting resolved comes back on the next agenda until it is done."""

from datetime import datetime

from django.db.models import Max

from accounts.models import User
from forums.models import AgendaItem, Forum, Resolution
from forums.workflow import ItemKind


def carry_over(*, forum: Forum, by: User, at: datetime) -> list[AgendaItem]:
    """Put what earlier sittings left unresolved on a locked forum's agenda, the oldest first.

    Earlier: held no later, in this area or inside it. Safe to repeat.
    """
    waiting = Resolution.objects.to_carry_to(forum).order_by(
        "forum__held_on", "forum_id", "number", "pk"
    )
    return append(
        forum=forum,
        items=[carried_item(resolution) for resolution in waiting.select_related("forum")],
        by=by,
        at=at,
    )


def carried_item(resolution: Resolution) -> AgendaItem:
    return AgendaItem(
        kind=ItemKind.RESOLUTION,
        title=f"ติดตามมติที่ {resolution.number} ของ {resolution.forum.title}"[:200],
        resolution=resolution,
    )


def append(*, forum: Forum, items: list[AgendaItem], by: User, at: datetime) -> list[AgendaItem]:
    """Add items after the last one of a locked forum."""
    latest = forum.items.aggregate(latest=Max("position"))["latest"] or 0
    for position, item in enumerate(items, start=latest + 1):
        item.forum = forum
        item.position = position
        item.added_at = at
        item.added_by = by
    return AgendaItem.objects.bulk_create(items)
