"""States of an import, verdicts of a line, and the moves between them."""

from ppaos.lib.labelled import LabelledEnum


class State(LabelledEnum):
    UPLOADED = "uploaded", "รับไฟล์แล้ว"
    STAGING = "staging", "กำลังอ่านและตรวจ"
    NEEDS_MAPPING = "needs_mapping", "รอจับคู่คอลัมน์"
    STAGED = "staged", "ตรวจแล้ว รอนำเข้า"
    AWAITING_APPROVAL = "awaiting_approval", "รอผู้อนุมัติ"
    APPLYING = "applying", "กำลังนำเข้า"
    APPLIED = "applied", "นำเข้าแล้ว"
    UNDOING = "undoing", "กำลังย้อนกลับ"
    UNDONE = "undone", "ย้อนกลับแล้ว"
    FAILED = "failed", "ไม่สำเร็จ"
    CANCELLED = "cancelled", "ยกเลิกแล้ว"


# STAGED → UPLOADED: read the file once more, with other columns or another sheet.
# APPLIED → APPLYING: lines that were decided or mended afterwards follow.
# APPLYING → UNDOING: stop at the next chunk's edge and take back what is written.
# A failed import that had begun to write can be taken back: FAILED → UNDOING.
TRANSITIONS: dict[State, frozenset[State]] = {
    State.UPLOADED: frozenset({State.STAGING, State.FAILED, State.CANCELLED}),
    State.STAGING: frozenset({State.NEEDS_MAPPING, State.STAGED, State.FAILED, State.CANCELLED}),
    State.NEEDS_MAPPING: frozenset({State.UPLOADED, State.CANCELLED}),
    State.STAGED: frozenset(
        {State.UPLOADED, State.AWAITING_APPROVAL, State.APPLYING, State.CANCELLED}
    ),
    State.AWAITING_APPROVAL: frozenset({State.APPLYING, State.STAGED, State.CANCELLED}),
    State.APPLYING: frozenset({State.APPLIED, State.UNDOING, State.FAILED}),
    State.APPLIED: frozenset({State.APPLYING, State.UNDOING}),
    State.UNDOING: frozenset({State.UNDONE, State.FAILED}),
    State.UNDONE: frozenset(),
    State.FAILED: frozenset({State.UNDOING}),
    State.CANCELLED: frozenset(),
}

# A worker is at it, or will be.
BUSY = frozenset({State.UPLOADED, State.STAGING, State.APPLYING, State.UNDOING})

# Every line has its verdict and no worker is at it: people may decide and mend lines.
DECIDABLE = frozenset({State.STAGED, State.AWAITING_APPROVAL, State.APPLIED})

# The same bytes may come again: nothing of this batch is in the register.
OVER = frozenset({State.UNDONE, State.FAILED, State.CANCELLED})

# Every line has its verdict, so the counts stand.
COUNTED = frozenset(
    {
        State.STAGED,
        State.AWAITING_APPROVAL,
        State.APPLYING,
        State.APPLIED,
        State.UNDOING,
        State.UNDONE,
    }
)


class Verdict(LabelledEnum):
    """What becomes of one line of the sheet. Every line has exactly one."""

    ACCEPTED = "accepted", "พร้อมนำเข้า"
    HELD = "held", "รอคนตัดสินใจ"
    REJECTED = "rejected", "นำเข้าไม่ได้"
    SKIPPED = "skipped", "ไม่ใช่ข้อมูลคน"


class Severity(LabelledEnum):
    ERROR = "error", "นำเข้าไม่ได้"
    HOLD = "hold", "รอยืนยัน"
    SKIP = "skip", "ข้าม"
    WARNING = "warning", "ควรตรวจดู"
    FIX = "fix", "แก้ให้แล้ว"


class Action(LabelledEnum):
    """What the line does to the register."""

    NEW = "new", "ใหม่"
    CHANGED = "changed", "เปลี่ยน"
    UNCHANGED = "unchanged", "เหมือนเดิม"


class Decision(LabelledEnum):
    ACCEPT = "accept", "ยืนยันตามไฟล์"
    REJECT = "reject", "ไม่นำเข้า"
    CORRECT = "correct", "แก้ไขแล้วนำเข้า"


class Phase(LabelledEnum):
    """The pieces of work that are done in chunks."""

    STAGE = "stage", "อ่านและตรวจ"
    COMPARE = "compare", "เทียบกับทะเบียน"
    APPLY = "apply", "นำเข้าทะเบียน"
    UNDO = "undo", "ย้อนกลับ"
    MEND = "mend", "รับแถวที่แก้แล้ว"


class Kind(LabelledEnum):
    """What an import did to one row of the register."""

    INSERT = "insert", "เพิ่ม"
    UPDATE = "update", "แก้"


# ---- the number of a line ------------------------------------------------------------
BITS_OF_LINE = 21
"""A worksheet has at most 2^20 lines; a CSV is refused above that."""
_LINE = (1 << BITS_OF_LINE) - 1


def row_of(part: int, line: int) -> int:
    """Return the number in the batch of a line of a part; of the first part, the line itself."""
    return part << BITS_OF_LINE | line


def line_of(row: int) -> int:
    """Return the line as the spreadsheet shows it."""
    return row & _LINE


def part_number_of(row: int) -> int:
    return row >> BITS_OF_LINE
