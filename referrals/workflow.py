"""The life of a referral, as one table: who moves it, from where to where, with what.

The table is also the documentation (docs/reference/referrals.md is generated from it).
No official specification of these states was found; they are a project default.
"""

from dataclasses import dataclass

from ppaos.lib.labelled import LabelledEnum


class Status(LabelledEnum):
    DRAFT = "draft", "ร่าง"
    SUBMITTED = "submitted", "ส่งต่อแล้ว"
    RECEIVED = "received", "หน่วยงานรับเรื่อง"
    ACCEPTED = "accepted", "รับดำเนินการ"
    RETURNED = "returned", "ส่งกลับ / ขอข้อมูลเพิ่ม"
    REJECTED = "rejected", "ไม่อยู่ในภารกิจ / ไม่เข้าเกณฑ์"
    IN_PROGRESS = "in_progress", "อยู่ระหว่างดำเนินการ"
    HELPED = "helped", "ช่วยเหลือแล้ว (รอสอบทาน)"
    CHECKED = "checked", "สอบทานผลแล้ว"
    CLOSED = "closed", "ปิดเรื่อง"
    CANCELLED = "cancelled", "ยกเลิก"


class Action(LabelledEnum):
    SUBMIT = "submit", "ส่งต่อ"
    RECEIVE = "receive", "รับเรื่อง"
    ACCEPT = "accept", "รับดำเนินการ"
    RETURN = "return", "ส่งกลับ / ขอข้อมูลเพิ่ม"
    REJECT = "reject", "ปฏิเสธ"
    START = "start", "เริ่มดำเนินการ"
    REPORT_HELP = "report-help", "แจ้งว่าช่วยเหลือแล้ว"
    CHECK = "check", "สอบทานผลที่บ้าน"
    CLOSE = "close", "ปิดเรื่อง"
    REOPEN = "reopen", "เปิดใหม่"
    CANCEL = "cancel", "ยกเลิก"
    TRANSFER = "transfer", "เปลี่ยนหน่วยงาน"


class Actor(LabelledEnum):
    """Whose move it is. Which roles that means is in accounts.roles."""

    STAFF = "staff", "เจ้าหน้าที่ ศจพ. หรือหัวหน้าทีมตำบล"
    MANAGER = "manager", "เจ้าหน้าที่ ศจพ.อ. หรือ ศจพ.จ."
    AGENCY = "agency", "เจ้าหน้าที่หน่วยงานที่รับเรื่อง"
    FIELD = "field", "ผู้สอบทานในพื้นที่ (ไม่ใช่ผู้แจ้งผลหรือคนของหน่วยงานที่ช่วย)"


class Fact(LabelledEnum):
    """What a move needs."""

    AGENCY = "agency", "หน่วยงานรับเรื่อง"
    EXPECTED_DATE = "expected_date", "วันที่คาดว่าจะแล้วเสร็จ"
    REASON = "reason", "เหตุผล"
    NOTE = "note", "บันทึก"
    ASSISTANCE = "assistance", "ความช่วยเหลืออย่างน้อยหนึ่งรายการ (ประเภท วันที่ จำนวนเงิน)"
    RESULT = "result", "ผล (แก้ไขได้ทั้งหมด / บางส่วน / ไม่ได้)"
    PROBLEM_REMAINS = "problem_remains", "ปัญหายังอยู่หรือไม่"
    CLOSING_REASON = "closing_reason", "เหตุที่ปิดเรื่อง"


class Urgency(LabelledEnum):
    NORMAL = "normal", "ปกติ"
    URGENT = "urgent", "ด่วน"
    MOST_URGENT = "most_urgent", "ด่วนที่สุด"


class AssistanceKind(LabelledEnum):
    MONEY = "money", "เงิน"
    GOODS = "goods", "สิ่งของ"
    SERVICE = "service", "บริการ"
    TRAINING = "training", "ฝึกอาชีพ"
    HOUSE_REPAIR = "house_repair", "ซ่อม / สร้างบ้าน"
    WELFARE = "welfare", "สิทธิสวัสดิการ"
    OTHER = "other", "อื่น ๆ"


class Result(LabelledEnum):
    """What the agency says its help did."""

    SOLVED = "solved", "แก้ไขได้ทั้งหมด"
    PARTLY = "partly", "แก้ไขได้บางส่วน"
    NOT_SOLVED = "not_solved", "แก้ไขไม่ได้"


class ClosingReason(LabelledEnum):
    SOLVED = "solved", "แก้ไขปัญหาแล้ว"
    SELF_SOLVED = "self_solved", "แก้ไขได้ด้วยตนเอง"
    DECLINED = "declined", "ไม่ประสงค์รับความช่วยเหลือ"
    MOVED = "moved", "ย้าย"
    DECEASED = "deceased", "เสียชีวิต"
    NOT_FOUND = "not_found", "ไม่พบตัว"
    NOT_ELIGIBLE = "not_eligible", "ไม่เข้าเกณฑ์ทุกหน่วยงาน"
    DUPLICATE = "duplicate", "ซ้ำกับเรื่องอื่น"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    action: Action
    sources: frozenset[Status]
    to: Status
    actor: Actor
    needs: tuple[Fact, ...] = ()


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_S = Status
_REVOCABLE = _from(_S.SUBMITTED, _S.RECEIVED, _S.RETURNED, _S.ACCEPTED, _S.IN_PROGRESS)

MOVES: tuple[Move, ...] = (
    Move(
        Action.SUBMIT,
        _from(_S.DRAFT, _S.RETURNED, _S.REJECTED),
        _S.SUBMITTED,
        Actor.STAFF,
        (Fact.AGENCY,),
    ),
    Move(Action.RECEIVE, _from(_S.SUBMITTED), _S.RECEIVED, Actor.AGENCY),
    Move(
        Action.ACCEPT,
        _from(_S.SUBMITTED, _S.RECEIVED),
        _S.ACCEPTED,
        Actor.AGENCY,
        (Fact.EXPECTED_DATE,),
    ),
    Move(
        Action.RETURN,
        _from(_S.SUBMITTED, _S.RECEIVED, _S.IN_PROGRESS),
        _S.RETURNED,
        Actor.AGENCY,
        (Fact.REASON,),
    ),
    Move(
        Action.REJECT,
        _from(_S.SUBMITTED, _S.RECEIVED, _S.IN_PROGRESS),
        _S.REJECTED,
        Actor.AGENCY,
        (Fact.REASON,),
    ),
    Move(Action.START, _from(_S.ACCEPTED), _S.IN_PROGRESS, Actor.AGENCY, (Fact.NOTE,)),
    Move(
        Action.REPORT_HELP,
        _from(_S.ACCEPTED, _S.IN_PROGRESS),
        _S.HELPED,
        Actor.AGENCY,
        (Fact.ASSISTANCE, Fact.RESULT),
    ),
    # Checking goes on at once: to closed if the problem is gone, else to in_progress again.
    Move(Action.CHECK, _from(_S.HELPED), _S.CHECKED, Actor.FIELD, (Fact.PROBLEM_REMAINS,)),
    Move(
        Action.CLOSE,
        _from(_S.CHECKED, _S.REJECTED),
        _S.CLOSED,
        Actor.MANAGER,
        (Fact.CLOSING_REASON,),
    ),
    Move(
        Action.REOPEN,
        _from(_S.CHECKED, _S.CLOSED),
        _S.IN_PROGRESS,
        Actor.MANAGER,
        (Fact.REASON,),
    ),
    Move(
        Action.CANCEL,
        _from(_S.DRAFT) | _REVOCABLE,
        _S.CANCELLED,
        Actor.STAFF,
        (Fact.REASON,),
    ),
    # The old one is cancelled, and a new one, linked to it, goes to the other agency.
    Move(
        Action.TRANSFER,
        _REVOCABLE,
        _S.CANCELLED,
        Actor.MANAGER,
        (Fact.AGENCY, Fact.REASON),
    ),
)

MOVE_OF: dict[Action, Move] = {move.action: move for move in MOVES}

ENDED: frozenset[Status] = _from(_S.CLOSED, _S.CANCELLED)
LIVE: frozenset[Status] = frozenset(Status) - ENDED
WITH_AGENCY: frozenset[Status] = _from(_S.SUBMITTED, _S.RECEIVED, _S.ACCEPTED, _S.IN_PROGRESS)
"""Where the agency is the one to act."""
SENT: frozenset[Status] = frozenset(Status) - _from(_S.DRAFT, _S.CANCELLED)
"""Where an agency has been asked, whatever came of it."""
TIMED: frozenset[Status] = _from(
    _S.SUBMITTED, _S.RECEIVED, _S.RETURNED, _S.REJECTED, _S.ACCEPTED, _S.IN_PROGRESS, _S.HELPED
)
"""Where somebody must act within a number of working days."""


HELPING: frozenset[Status] = _from(_S.ACCEPTED, _S.IN_PROGRESS, _S.HELPED, _S.CHECKED)
"""Where an agency has taken the case on and it is not over."""
HELPED_THROUGH: frozenset[Status] = _from(_S.ACCEPTED, _S.IN_PROGRESS, _S.HELPED)
"""Where the agency may record help that it gave."""


def moves_from(status: Status) -> tuple[Move, ...]:
    return tuple(move for move in MOVES if status in move.sources)
