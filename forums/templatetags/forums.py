"""How a forum and a resolution are told on a page."""

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from forums.models import Forum, Resolution, ResolutionEvent
from forums.services import ResolutionLine
from forums.workflow import UNRESOLVED, ForumState, Status
from ppaos.lib.buddhist_era import format_date
from ppaos.web.templatetags.components import pill

register = template.Library()

_STATE_TONES = {
    ForumState.PLANNED: "wait",
    ForumState.HELD: "good",
    ForumState.CANCELLED: "plain",
}
_STATUS_TONES = {
    Status.OPEN: "wait",
    Status.IN_PROGRESS: "wait",
    Status.DONE: "good",
    Status.DROPPED: "plain",
}


@register.filter
def forum_pill(forum: Forum) -> SafeString:
    state = ForumState(forum.state)
    if state is ForumState.PLANNED and forum.held_on < localdate():
        return pill("late", "เลยวันแล้ว รอบันทึกผล")
    return pill(_STATE_TONES[state], state.label)


@register.filter
def when(forum: Forum) -> str:
    """Write day, time and place."""
    clock = f" {forum.starts_at:%H:%M} น." if forum.starts_at else ""
    return f"{format_date(forum.held_on, style='short')}{clock} · {forum.place}"


@register.filter
def organised_by(forum: Forum) -> str:
    return forum.organiser_agency.name if forum.organiser_agency else forum.organiser


@register.filter
def resolution_pill(resolution: Resolution) -> SafeString:
    status = Status(resolution.status)
    return pill(_STATUS_TONES[status], status.label)


@register.filter
def late_pill(line: ResolutionLine) -> SafeString | str:
    """Draw how late a resolution is; nothing for one in time."""
    if line.days_overdue is None:
        return ""
    return pill("late", f"เกินกำหนด {line.days_overdue:,} วัน")


@register.filter
def due_pill(resolution: Resolution) -> SafeString:
    """Draw how late a resolution is, or how it stands."""
    late = days_late(resolution.due_on)
    if late and resolution.status in UNRESOLVED:
        return pill("late", f"เกินกำหนด {late:,} วัน")
    return resolution_pill(resolution)


@register.filter
def owned_by(resolution: Resolution) -> str:
    return str(resolution.owner_agency) if resolution.owner_agency else resolution.owner


@register.filter
def days_late(due_on: date | None) -> int:
    """Return how many days a due day is past; 0 if it is not."""
    return max((localdate() - due_on).days, 0) if due_on else 0


_EVENT_TONES = {"finish": "good", "drop": "plain", "reopen": "wait", "progress": "wait"}


@register.filter
def told(events: list[ResolutionEvent]) -> list[dict[str, Any]]:
    """Turn moves into lines of components/timeline.html."""
    return [
        {
            "at": event.at,
            "title": event.get_action_display(),
            "detail": event.note or "",
            "by": str(event.by),
            "tone": _EVENT_TONES.get(event.action, "plain"),
        }
        for event in events
    ]
