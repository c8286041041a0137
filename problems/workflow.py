"""States of a problem, and where it was learnt from."""

from ppaos.lib.labelled import LabelledEnum


class Status(LabelledEnum):
    OPEN = "open", "ยังเปิดอยู่"
    RESOLVED = "resolved", "แก้ไขแล้ว"


class Origin(LabelledEnum):
    """Who or what said so."""

    LISTING = "listing", "บัญชีรายชื่อ"
    FIELD = "field", "ผู้เยี่ยมบ้าน"
    ASSESSMENT = "assessment", "ผลประเมินทุน 5 ด้าน"


class Resolution(LabelledEnum):
    """Why a problem is closed. Only the first counts as a result of work."""

    SOLVED = "solved", "แก้ไขได้แล้ว"
    MISTAKEN = "mistaken", "บันทึกผิด ไม่ได้มีปัญหานี้"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.OPEN}),
}
