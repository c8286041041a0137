"""What a forum is called and how it and its resolutions move on, as tables.

Formats and sectors are those of the provincial projects' own reports; states and moves
are a project default.
"""

from dataclasses import dataclass

from ppaos.lib.labelled import LabelledEnum


class Format(LabelledEnum):
    PROVINCIAL = "provincial", "เวทีระดับจังหวัดเชื่อม ศจพ.จ."
    WORKING = "working", "เวทีประชุม / เสวนาแก้ปัญหาอย่างเป็นรูปธรรม"
    POLICY = "policy", "นำเสนอแนวทางเชิงนโยบายระดับมหาวิทยาลัย"
    FOCUS_GROUP = "focus_group", "ประชุมเฉพาะกลุ่ม"


class Level(LabelledEnum):
    PROVINCE = "province", "จังหวัด"
    DISTRICT = "district", "อำเภอ"
    SUBDISTRICT = "subdistrict", "ตำบล"
    UNIVERSITY = "university", "มหาวิทยาลัย"


CODE_LENGTH: dict[Level, int] = {Level.PROVINCE: 2, Level.DISTRICT: 4, Level.SUBDISTRICT: 6}
"""Digits of the area's code; a university's forum may be about any area."""


class Sector(LabelledEnum):
    """Where those who took part come from; they are counted, never named."""

    STATE = "state", "ภาครัฐ"
    PRIVATE = "private", "ภาคเอกชน"
    CIVIL_SOCIETY = "civil_society", "ภาคประชาสังคม"
    ACADEMIC = "academic", "ภาควิชาการ"
    PEOPLE = "people", "ภาคประชาชน"


class ForumState(LabelledEnum):
    PLANNED = "planned", "นัดแล้ว"
    HELD = "held", "จัดแล้ว"
    CANCELLED = "cancelled", "ยกเลิก"


class ItemKind(LabelledEnum):
    REFERRAL = "referral", "เรื่องส่งต่อ"
    RESOLUTION = "resolution", "ติดตามมติครั้งก่อน"
    PROBLEM_AREA = "problem_area", "ประเด็นปัญหาของพื้นที่"
    OTHER = "other", "เรื่องอื่น"


class ItemOutcome(LabelledEnum):
    """What the sitting did with an item."""

    RESOLVED = "resolved", "มีมติ"
    NOTED = "noted", "รับทราบ"
    DEFERRED = "deferred", "ยกไปครั้งหน้า"


class Status(LabelledEnum):
    """Of a resolution."""

    OPEN = "open", "รอดำเนินการ"
    IN_PROGRESS = "in_progress", "กำลังดำเนินการ"
    DONE = "done", "เสร็จแล้ว"
    DROPPED = "dropped", "ยุติ"


class Action(LabelledEnum):
    """Of a resolution."""

    PROGRESS = "progress", "บันทึกความคืบหน้า"
    FINISH = "finish", "บันทึกว่าเสร็จแล้ว"
    DROP = "drop", "ยุติมติ"
    REOPEN = "reopen", "เปิดมติใหม่"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a table; `needs` says in Thai what must be written, "" for nothing."""

    sources: frozenset[Status]
    to: Status
    needs: str = ""


UNRESOLVED: frozenset[Status] = frozenset({Status.OPEN, Status.IN_PROGRESS})
"""What comes back on the next agenda."""
ENDED: frozenset[Status] = frozenset(Status) - UNRESOLVED

MOVES: dict[Action, Move] = {
    Action.PROGRESS: Move(UNRESOLVED, Status.IN_PROGRESS, "ความคืบหน้า"),
    Action.FINISH: Move(UNRESOLVED, Status.DONE),
    Action.DROP: Move(UNRESOLVED, Status.DROPPED, "เหตุผลที่ยุติ"),
    Action.REOPEN: Move(ENDED, Status.OPEN, "เหตุผลที่เปิดใหม่"),
}

FORUM_MOVES: dict[ForumState, frozenset[ForumState]] = {
    ForumState.PLANNED: frozenset({ForumState.HELD, ForumState.CANCELLED}),
    ForumState.HELD: frozenset(),
    ForumState.CANCELLED: frozenset(),
}

TAKES_ITEMS: frozenset[ForumState] = frozenset({ForumState.PLANNED, ForumState.HELD})
"""Where something can be put on the agenda: also at the sitting itself."""


def actions_from(status: Status) -> tuple[Action, ...]:
    return tuple(action for action, move in MOVES.items() if status in move.sources)


def level_fits(level: Level, area_code: str) -> bool:
    return CODE_LENGTH.get(level, len(area_code)) == len(area_code)
