"""What happened to a household, told in plain sentences."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import template

from audit.models import Event
from households.workflow import Consent, ExitReason, LeftReason, Outcome
from problems.rules import Dimension
from referrals.workflow import AssistanceKind
from slf.instrument import Group

register = template.Library()

_FIELDS = {
    "area": "พื้นที่",
    "house_no": "บ้านเลขที่",
    "village_name": "ชื่อหมู่บ้าน",
    "soi": "ซอย",
    "road": "ถนน",
    "lat": "พิกัด",
    "lon": "พิกัด",
    "phone": "โทรศัพท์",
    "consent": "ความยินยอม",
    "consent_date": "วันที่ให้ความยินยอม",
    "citizen_id": "เลขประจำตัว",
    "no_id_reason": "เหตุที่ไม่มีเลข",
    "title": "คำนำหน้า",
    "first_name": "ชื่อ",
    "last_name": "นามสกุล",
    "birth_date": "วันเกิด",
    "birth_year": "ปีเกิด",
    "sex": "เพศ",
    "relation": "ความสัมพันธ์",
    "residence": "สถานะในทะเบียนบ้าน",
    "is_head": "หัวหน้าครัวเรือน",
}

# Event → sentence, tone. A code that is not here is told as it is, so that nothing is hidden.
_SENTENCES = {
    "household.registered": ("เพิ่มครัวเรือนที่พบในพื้นที่ (ตกหล่น)", "good"),
    "household.imported": ("เข้าทะเบียนจากการนำเข้าบัญชี", "good"),
    "household.verified": ("สอบทาน", "good"),
    "verification.retracted": ("ถอนผลสอบทาน", "wait"),
    "household.updated": ("แก้ไขข้อมูลครัวเรือน", "plain"),
    "member.added": ("เพิ่มสมาชิก", "plain"),
    "member.updated": ("แก้ไขข้อมูลสมาชิก", "plain"),
    "member.left": ("สมาชิกออกจากครัวเรือน", "plain"),
    "member.born": ("เพิ่มเด็กเกิดใหม่", "good"),
    "member.returned": ("ยกเลิกการออกของสมาชิก", "wait"),
    "members.moved": ("ย้ายสมาชิกระหว่างครัวเรือน", "plain"),
    "member.move-undone": ("ยกเลิกการย้ายสมาชิก", "wait"),
    "household.split": ("แยกครัวเรือน", "plain"),
    "household.moved": ("ย้ายครัวเรือน", "good"),
    "household.moved-away": ("ย้ายครัวเรือนออกจากพื้นที่", "plain"),
    "household.recoded": ("รหัสพื้นที่เปลี่ยนตามประกาศ", "plain"),
    "move.asked": ("ขอย้ายไปพื้นที่อื่น รอปลายทางรับ", "wait"),
    "move.refused": ("ปลายทางไม่รับครัวเรือนที่ขอย้าย", "wait"),
    "move.withdrawn": ("ถอนคำขอย้าย", "plain"),
    "household.protected": ("คุ้มครองครัวเรือน", "wait"),
    "household.unprotected": ("ยกเลิกความคุ้มครองครัวเรือน", "wait"),
    "protection.person-named": ("ให้เจ้าหน้าที่เปิดดูครัวเรือนคุ้มครอง", "plain"),
    "protection.person-removed": ("ยกเลิกสิทธิเปิดดูครัวเรือนคุ้มครอง", "plain"),
    "citizen_id.revealed": ("เปิดดูเลขประจำตัวประชาชนเต็ม", "wait"),
    "exit.proposed": ("เสนอให้พ้นเป้าหมาย", "wait"),
    "exemption.added": ("ยกเว้นจากกติกาคุณภาพข้อมูล พร้อมเหตุผล", "plain"),
    "exemption.ended": ("ยกเลิกข้อยกเว้นของคุณภาพข้อมูล", "plain"),
    "exit.withdrawn": ("ถอนข้อเสนอให้พ้นเป้าหมาย", "plain"),
    "exit.approved": ("อนุมัติให้พ้นเป้าหมาย", "good"),
    "exit.rejected": ("ไม่อนุมัติให้พ้นเป้าหมาย", "wait"),
    "exit.held": ("ติดตามหลังพ้นเป้าหมาย: ยังพ้นความยากจน", "good"),
    "exit.relapsed": ("ติดตามหลังพ้นเป้าหมาย: กลับมายากจนอีก", "late"),
    "visit.taken-back": ("เรียกคืนงานเยี่ยมที่มอบหมายไว้", "plain"),
    "household.back-checked": ("ตรวจซ้ำโดยคนที่สอง", "good"),
    "backcheck.settled": ("ตัดสินผลสองครั้งที่ขัดกัน", "wait"),
    "exit.revoked": ("ยกเลิกการพ้นเป้าหมาย กลับเป็นเป้าหมายอีกครั้ง", "wait"),
    "help.begun": ("เริ่มช่วยเหลือ", "good"),
    "help.ended": ("สิ้นสุดการช่วยเหลือ", "plain"),
    "assessment.started": ("เริ่มประเมินทุนดำรงชีพ", "plain"),
    "assessment.completed": ("ประเมินทุนดำรงชีพ 5 ด้านเสร็จ", "good"),
    "assessment.corrected": ("แก้ไขผลประเมินทุน", "wait"),
    "assessment.restored": ("ย้อนผลประเมินทุนกลับไปฉบับก่อน", "wait"),
    "group.overridden": ("ปรับกลุ่มครัวเรือน", "wait"),
    "group.released": ("ยกเลิกการปรับกลุ่ม กลับไปตามเกณฑ์", "plain"),
    "household.grouped": ("จัดกลุ่มครัวเรือน", "plain"),
    "consent.recorded": ("บันทึกคำตอบเรื่องความยินยอม", "plain"),
    "plan.made": ("ทำแผนครัวเรือน", "good"),
    "file.printed": ("พิมพ์แฟ้มครัวเรือน", "plain"),
    "indicators.recorded": ("บันทึกผลตัวชี้วัดจากบัญชี", "plain"),
    "problem.opened": ("บันทึกปัญหา", "wait"),
    "problem.updated": ("แก้ไขปัญหา", "plain"),
    "problem.described": ("ระบุรายละเอียดปัญหา", "plain"),
    "problem.resolved": ("ปิดปัญหา", "plain"),
    "problem.reopened": ("เปิดปัญหาอีกครั้ง", "wait"),
    "referral.created": ("ร่างเรื่องส่งต่อ", "plain"),
    "referral.submitted": ("ส่งต่อให้หน่วยงาน", "good"),
    "referral.received": ("หน่วยงานรับเรื่อง", "plain"),
    "referral.accepted": ("หน่วยงานรับดำเนินการ", "good"),
    "referral.returned": ("หน่วยงานส่งกลับ / ขอข้อมูลเพิ่ม", "wait"),
    "referral.rejected": ("หน่วยงานปฏิเสธ", "wait"),
    "referral.started": ("หน่วยงานเริ่มดำเนินการ", "plain"),
    "referral.helped": ("หน่วยงานแจ้งว่าช่วยเหลือแล้ว", "good"),
    "referral.checked": ("สอบทานผลช่วยเหลือที่บ้าน", "good"),
    "referral.closed": ("ปิดเรื่องส่งต่อ", "plain"),
    "referral.reopened": ("เปิดเรื่องส่งต่ออีกครั้ง", "wait"),
    "referral.cancelled": ("ยกเลิกเรื่องส่งต่อ", "wait"),
    "referral.transferred": ("เปลี่ยนหน่วยงานที่รับเรื่อง", "wait"),
    "assistance.recorded": ("บันทึกความช่วยเหลือ", "good"),
    "household.merged": ("รวมครัวเรือนที่ซ้ำเข้ามา", "wait"),
    "household.unmerged": ("แยกครัวเรือนที่เคยรวมกลับเป็นสองราย", "wait"),
    "member.merged": ("รวมสมาชิกที่เป็นคนเดียวกัน", "plain"),
    "member.unmerged": ("แยกสมาชิกที่เคยรวมกลับเป็นสองคน", "wait"),
    "duplicate.refuted": ("ตรวจแล้ว ไม่ใช่รายเดียวกันกับอีกราย", "plain"),
    "duplicate.reopened": ("ขอตรวจอีกครั้งว่าซ้ำกับอีกรายหรือไม่", "plain"),
    "assistance.retracted": ("ถอนรายการความช่วยเหลือ", "wait"),
}

# Events whose reason only repeats their name.
_OBVIOUS = ("assessment.completed",)


def _label(enum: Any, value: object) -> str:
    return next((str(member.label) for member in enum if member.value == value), "")


def _changed(detail: Mapping[str, Any]) -> str:
    names = dict.fromkeys(_FIELDS.get(name, name) for name in detail.get("fields", []))
    return " ".join(("แก้", ", ".join(names)))


def _named(enum: Any, key: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda detail: _label(enum, detail.get(key))


# Event → what its detail says, in words. Ids and figures alone say nothing to a reader.
_DETAILS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "household.verified": _named(Outcome, "outcome"),
    "verification.retracted": _named(Outcome, "outcome"),
    **dict.fromkeys(
        ("exit.proposed", "exit.approved", "exit.rejected", "exit.revoked"),
        _named(ExitReason, "reason"),
    ),
    **dict.fromkeys(
        ("household.grouped", "group.overridden", "group.released"), _named(Group, "group")
    ),
    "consent.recorded": _named(Consent, "answer"),
    "plan.made": lambda detail: f"ฉบับที่ {detail.get('number')}",
    "member.left": _named(LeftReason, "reason"),
    "household.updated": _changed,
    "member.updated": _changed,
}
_DETAILS_BY_NOUN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "problem": _named(Dimension, "dimension"),
    "referral": lambda detail: str(detail.get("number", "")),
    "assistance": _named(AssistanceKind, "kind"),
}


def _detail(event: Event) -> str:
    noun = event.event.partition(".")[0]
    said = _DETAILS.get(event.event) or _DETAILS_BY_NOUN.get(noun)
    return said(event.detail) if said else ""


def _origin(event: Event) -> str:
    return "จากแฟ้มที่รวมเข้ามา" if getattr(event, "is_of_merged", False) else ""


@register.filter
def told(events: list[Event], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Turn events into lines of components/timeline.html; `names` are those of who acted."""
    lines = []
    for event in events:
        title, tone = _SENTENCES.get(event.event, (event.event, "plain"))
        detail = _detail(event)
        is_told = event.reason and event.event not in _OBVIOUS
        reason = f"เหตุผล: {event.reason}" if is_told else ""
        lines.append(
            {
                "at": event.at,
                "title": f"{title}: {detail}" if detail else title,
                "detail": " · ".join(filter(None, (reason, _origin(event)))),
                "by": names.get(event.actor_id, event.actor) if event.actor_id else event.actor,
                "tone": tone,
            }
        )
    return lines
