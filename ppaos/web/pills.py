"""The words and tones of a status, the same on every page.

A tone is one of: late (red), waiting (amber), done (green), neutral (grey).
Codes are those of the API; a code that is not listed here raises KeyError,
so that a new status cannot reach a page without its word.
"""

from enum import StrEnum
from typing import NamedTuple


class Tone(StrEnum):
    LATE = "late"
    WAIT = "wait"
    GOOD = "good"
    PLAIN = "plain"


class Pill(NamedTuple):
    tone: Tone
    text: str


VERDICTS = {
    "accepted": Pill(Tone.GOOD, "พร้อมนำเข้า"),
    "held": Pill(Tone.WAIT, "รอคนตัดสินใจ"),
    "rejected": Pill(Tone.LATE, "นำเข้าไม่ได้"),
    "skipped": Pill(Tone.PLAIN, "ไม่ใช่ข้อมูลคน"),
}
SEVERITIES = {
    "error": Pill(Tone.LATE, "นำเข้าไม่ได้"),
    "hold": Pill(Tone.WAIT, "รอยืนยัน"),
    "warning": Pill(Tone.WAIT, "ควรตรวจดู"),
    "fix": Pill(Tone.GOOD, "แก้ให้แล้ว"),
    "skip": Pill(Tone.PLAIN, "ข้าม"),
}
STAGES = {
    "listed": Pill(Tone.WAIT, "รอสอบทาน"),
    "verified_poor": Pill(Tone.GOOD, "สอบทานแล้ว: จนจริง"),
    "verified_not_poor": Pill(Tone.PLAIN, "สอบทานแล้ว: ไม่จน"),
    "in_help": Pill(Tone.WAIT, "อยู่ระหว่างช่วยเหลือ"),
    "exit_proposed": Pill(Tone.WAIT, "เสนอให้พ้นเป้าหมาย"),
    "exited": Pill(Tone.PLAIN, "พ้นเป้าหมายแล้ว"),
}
IMPORT_STATES = {
    "uploaded": Pill(Tone.WAIT, "รับไฟล์แล้ว"),
    "staging": Pill(Tone.WAIT, "กำลังอ่านและตรวจ"),
    "needs_mapping": Pill(Tone.WAIT, "รอจับคู่คอลัมน์"),
    "staged": Pill(Tone.WAIT, "ตรวจแล้ว รอนำเข้า"),
    "awaiting_approval": Pill(Tone.WAIT, "รอผู้อนุมัติ"),
    "applying": Pill(Tone.WAIT, "กำลังนำเข้า"),
    "applied": Pill(Tone.GOOD, "นำเข้าแล้ว"),
    "undoing": Pill(Tone.WAIT, "กำลังย้อนกลับ"),
    "undone": Pill(Tone.PLAIN, "ย้อนกลับแล้ว"),
    "failed": Pill(Tone.LATE, "ไม่สำเร็จ"),
    "cancelled": Pill(Tone.PLAIN, "ยกเลิกแล้ว"),
}
REFERRALS = {
    "draft": Pill(Tone.PLAIN, "ร่าง รออำเภอส่ง"),
    "submitted": Pill(Tone.WAIT, "ส่งแล้ว รอตอบรับ"),
    "received": Pill(Tone.WAIT, "หน่วยงานรับเรื่องแล้ว"),
    "accepted": Pill(Tone.WAIT, "รับดำเนินการแล้ว"),
    "returned": Pill(Tone.LATE, "ส่งกลับ ขอข้อมูลเพิ่ม"),
    "rejected": Pill(Tone.LATE, "ไม่อยู่ในภารกิจ"),
    "in_progress": Pill(Tone.WAIT, "กำลังดำเนินการ"),
    "helped": Pill(Tone.WAIT, "ช่วยเหลือแล้ว รอสอบทาน"),
    "checked": Pill(Tone.GOOD, "สอบทานผลแล้ว"),
    "closed": Pill(Tone.GOOD, "ปิดเรื่องแล้ว"),
    "cancelled": Pill(Tone.PLAIN, "ยกเลิกแล้ว"),
}

# Level of livelihood, 1 = hardest. Source: the provincial SLF bands.
LEVELS = {1: "อยู่ลำบาก", 2: "อยู่ยาก", 3: "อยู่พอได้", 4: "อยู่ดี"}
DIMENSIONS = {
    "health": "สุขภาพ",
    "living": "ความเป็นอยู่",
    "education": "การศึกษา",
    "income": "รายได้",
    "accessibility": "เข้าถึงบริการรัฐ",
}
