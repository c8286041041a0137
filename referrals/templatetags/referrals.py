"""How a referral is told on a page: its state, its due day, whose turn it is, what comes next."""

from datetime import date
from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from accounts.models import User
from households.models import Member
from ppaos.lib.buddhist_era import format_date
from ppaos.web.templatetags.components import pill
from referrals import permissions
from referrals.forms.moving import FORMS, MoveForm
from referrals.models import Referral, ReferralEvent, RoutingRule
from referrals.workflow import ENDED, Action, Status, Urgency, moves_from

register = template.Library()

SOON_DAYS = 3
"""From so many days before the due day it is marked."""

STEPS = ["ส่งต่อ", "ตอบรับ", "ช่วยเหลือ", "สอบทานที่บ้าน", "ปิดเรื่อง"]
_STEP_OF: dict[Status, int] = {
    Status.DRAFT: 1,
    Status.RETURNED: 1,
    Status.REJECTED: 1,
    Status.SUBMITTED: 2,
    Status.RECEIVED: 2,
    Status.ACCEPTED: 3,
    Status.IN_PROGRESS: 3,
    Status.HELPED: 4,
    Status.CHECKED: 5,
    Status.CLOSED: 6,
    Status.CANCELLED: 0,
}
_TURNS: dict[Status, str] = {
    Status.DRAFT: "รออำเภอหรือหัวหน้าทีมตำบลส่งต่อ",
    Status.SUBMITTED: "รอหน่วยงานตอบรับ",
    Status.RECEIVED: "รอหน่วยงานตอบว่าจะดำเนินการเมื่อใด",
    Status.RETURNED: "รอ ศจพ. เพิ่มข้อมูลแล้วส่งใหม่",
    Status.REJECTED: "รอ ศจพ. ส่งให้หน่วยงานอื่น หรือปิดเรื่อง",
    Status.ACCEPTED: "รอหน่วยงานช่วยเหลือและแจ้งผล",
    Status.IN_PROGRESS: "รอหน่วยงานช่วยเหลือและแจ้งผล",
    Status.HELPED: "รอผู้สอบทานไปดูที่บ้าน",
    Status.CHECKED: "รอ ศจพ. ปิดเรื่องหรือเปิดใหม่",
    Status.CLOSED: "สิ้นสุดแล้ว",
    Status.CANCELLED: "ยกเลิกแล้ว",
}


class Next(NamedTuple):
    """The one thing a person should do with a referral: the action, its words, where."""

    action: Action
    label: str
    url: str


# What the table of moves allows is much; this is what mostly comes next.
_NEXT: dict[Status, tuple[Action, str, str]] = {
    Status.DRAFT: (Action.SUBMIT, "ส่งต่อ", "referrals:submit"),
    Status.RETURNED: (Action.SUBMIT, "แก้ไขแล้วส่งใหม่", "referrals:submit"),
    Status.REJECTED: (Action.SUBMIT, "ส่งให้หน่วยงานอื่น", "referrals:submit"),
    Status.SUBMITTED: (Action.ACCEPT, "รับดำเนินการ", "referrals:accept"),
    Status.RECEIVED: (Action.ACCEPT, "รับดำเนินการ", "referrals:accept"),
    Status.ACCEPTED: (Action.REPORT_HELP, "บันทึกผลช่วยเหลือ", "referrals:assistance"),
    Status.IN_PROGRESS: (Action.REPORT_HELP, "บันทึกผลช่วยเหลือ", "referrals:assistance"),
    Status.HELPED: (Action.CHECK, "สอบทานผลที่บ้าน", "referrals:check"),
    Status.CHECKED: (Action.CLOSE, "ปิดเรื่อง", "referrals:close"),
}


@register.simple_tag
def next_step(referral: Referral, user: User) -> Next | None:
    """Return what this person should do now, None if it is another's turn; no query."""
    found = _NEXT.get(Status(referral.status))
    if found is None or not permissions.can_move(user, referral, found[0]):
        return None
    action, label, route = found
    return Next(action, label, reverse(route, args=[referral.pk]))


@register.filter
def turn(referral: Referral) -> str:
    """Say whose turn it is."""
    return _TURNS[Status(referral.status)]


def due_words(due_on: date, today: date) -> tuple[str, str]:
    """Return tone and words of a due day."""
    days = (due_on - today).days
    if days < 0:
        return "late", f"เกินกำหนด {-days:,} วัน"
    if days == 0:
        return "wait", "ครบกำหนดวันนี้"
    if days <= SOON_DAYS:
        return "wait", f"เหลือ {days} วัน"
    return "plain", f"ภายใน {format_date(due_on, style='short')}"


@register.filter
def due(referral: Referral) -> SafeString | str:
    """Draw by when somebody must act; nothing where nobody is waited for."""
    if referral.due_on is None or referral.status in ENDED:
        return ""
    return pill(*due_words(referral.due_on, localdate()))


@register.filter
def is_late(referral: Referral) -> bool:
    return (
        referral.due_on is not None
        and referral.status not in ENDED
        and referral.due_on < localdate()
    )


@register.filter
def urgency(referral: Referral) -> SafeString | str:
    """Draw how urgent it is; nothing where it is not."""
    if referral.urgency == Urgency.NORMAL:
        return ""
    tone = "late" if referral.urgency == Urgency.MOST_URGENT else "wait"
    return pill(tone, referral.get_urgency_display())


@register.inclusion_tag("components/steps.html")
def steps(referral: Referral) -> dict[str, Any]:
    return {"steps": STEPS, "current": _STEP_OF[Status(referral.status)]}


@register.filter
def is_expected(referral: Referral) -> bool:
    """Say whether the day the agency expects to be done by still tells anything."""
    return referral.expected_date is not None and referral.status in (
        Status.ACCEPTED,
        Status.IN_PROGRESS,
    )


@register.filter
def is_stopped(referral: Referral) -> bool:
    """Say whether the steps tell nothing: the referral was called off."""
    return referral.status == Status.CANCELLED


# ---- moves ------------------------------------------------------------------------------
class Way(NamedTuple):
    """A move that is open to a person, and where it is made."""

    action: Action
    url: str


@register.inclusion_tag("referrals/_moves.html")
def moves(referral: Referral, user: User, token: Any) -> dict[str, Any]:
    """Draw the moves open to this person: the main one as a form, the others as links."""
    open_to = [
        move.action
        for move in moves_from(Status(referral.status))
        if permissions.can_move(user, referral, move.action)
    ]
    main = _NEXT.get(Status(referral.status))
    action = main[0] if main is not None and main[0] in open_to else None
    form: MoveForm | None = None
    if action is not None:
        form = FORMS[action](referral=referral)
        form.auto_id = f"{action.value}-%s"
    return {
        "referral": referral,
        "action": action,
        "label": main[1] if main is not None else "",
        "form": form,
        "gives_help": action is Action.REPORT_HELP,
        "others": [
            Way(other, reverse(f"referrals:{other.value}", args=[referral.pk]))
            for other in open_to
            if other is not action
        ],
        "csrf_token": token,
    }


@register.filter
def told(events: list[ReferralEvent]) -> list[dict[str, Any]]:
    """Turn events into lines of components/timeline.html, the latest first."""
    return [
        {
            "at": event.at,
            "title": _title(event),
            "detail": event.note or "",
            "by": str(event.by),
            "tone": _TONES.get(event.to_status, "plain"),
        }
        for event in reversed(events)
    ]


def _title(event: ReferralEvent) -> str:
    """Name the move, and where it went if it went somewhere."""
    title: str = event.get_action_display()
    return f"{title} → {event.agency}" if event.action in _GOES and event.agency else title


_GOES = ("create", Action.SUBMIT.value)
_TONES = {
    Status.RETURNED.value: "late",
    Status.REJECTED.value: "late",
    Status.CANCELLED.value: "plain",
    Status.HELPED.value: "good",
    Status.CHECKED.value: "good",
    Status.CLOSED.value: "good",
    Status.SUBMITTED.value: "wait",
}


@register.filter
def called(heads: list[Member]) -> str:
    """Write after whom a household is called, of `heads`."""
    return heads[0].full_name if heads else "ไม่ระบุหัวหน้าครัวเรือน"


@register.filter
def whom(rule: RoutingRule) -> str:
    """Write whose problems a rule is about, but for where they live."""
    ages = ""
    if rule.age_from is not None and rule.age_to is not None:
        ages = f"อายุ {rule.age_from}–{rule.age_to} ปี"
    elif rule.age_from is not None:
        ages = f"อายุ {rule.age_from} ปีขึ้นไป"
    elif rule.age_to is not None:
        ages = f"อายุไม่เกิน {rule.age_to} ปี"
    group = f"กลุ่ม {rule.get_group_display()}" if rule.group else ""
    return " ".join(part for part in (group, ages) if part) or "ทุกครัวเรือน"
