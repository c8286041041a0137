"""Events of the audit trail in words. One without words is shown as it is, never hidden."""

from django import template
from django.apps import apps

register = template.Library()

# Events are noun.past-participle; most sentences are the act and then the noun.
_NOUNS = {
    "agency": "หน่วยงาน",
    "area": "พื้นที่",
    "assessment": "ผลประเมินทุน",
    "assistance": "ความช่วยเหลือ",
    "citizen_id": "เลขประจำตัวประชาชน",
    "demo": "ข้อมูลตัวอย่าง",
    "exit": "การพ้นเป้าหมาย",
    "group": "กลุ่มครัวเรือน",
    "household": "ครัวเรือน",
    "households": "รายชื่อครัวเรือน",
    "import": "การนำเข้า",
    "indicators": "ตัวชี้วัด จปฐ.",
    "member": "สมาชิก",
    "problem": "ปัญหา",
    "questionnaire": "แบบประเมิน",
    "reference": "ข้อมูลอ้างอิง",
    "referral": "เรื่องส่งต่อ",
    "scope": "สิทธิ",
    "second-factor": "การยืนยันตัวตนขั้นที่สอง",
    "token": "กุญแจ API",
    "user": "ผู้ใช้",
    "verification": "ผลสอบทาน",
}
_ACTS = {
    "activated": "เปิดใช้",
    "added": "เพิ่ม",
    "answered": "กรอก",
    "applied": "บันทึกเข้าทะเบียนจาก",
    "approved": "อนุมัติ",
    "cancelled": "ยกเลิก",
    "changed": "แก้ไข",
    "cleared": "ล้าง",
    "completed": "ทำเสร็จ: ",
    "copied": "คัดลอก",
    "corrected": "แก้ไข",
    "created": "เพิ่ม",
    "deactivated": "ระงับ",
    "described": "อธิบาย",
    "granted": "ให้",
    "grouped": "จัดกลุ่ม",
    "issued": "ออก",
    "learnt": "ยืนยันใหม่: ",
    "listed": "เปิดดู",
    "opened": "เปิด",
    "overridden": "ปรับ",
    "proposed": "เสนอ",
    "reactivated": "เปิดใช้คืน: ",
    "read": "เปิดดู",
    "recorded": "บันทึก",
    "registered": "เพิ่มทะเบียน",
    "rejected": "ไม่อนุมัติ",
    "released": "ยกเลิกการปรับ",
    "reopened": "เปิดอีกครั้ง: ",
    "resolved": "ปิด",
    "restored": "ย้อน",
    "retracted": "ถอน",
    "revealed": "เปิดดูเต็ม: ",
    "revoked": "เพิกถอน",
    "searched": "ค้นหา",
    "started": "เริ่ม",
    "undone": "ย้อนกลับ",
    "updated": "แก้ไข",
    "uploaded": "ส่งไฟล์",
    "verified": "สอบทาน",
    "withdrawn": "ถอนข้อเสนอ",
}
_SENTENCES = {
    "exits.listed": "เปิดดูข้อเสนอให้พ้นเป้าหมาย",
    "export.made": "ดาวน์โหลดตัวเลขภาพรวม",
    "forum.cancelled": "ยกเลิกเวที",
    "forum.held": "บันทึกว่าจัดเวทีแล้ว",
    "forum.item-discussed": "บันทึกผลการพิจารณาวาระของเวที",
    "forum.item-removed": "นำวาระออกจากเวที",
    "forum.minutes-amended": "แก้ไขบันทึกการประชุมของเวที",
    "forum.planned": "นัดเวที",
    "forum.reordered": "เรียงวาระของเวทีใหม่",
    "forum.taken-up": "ยกเรื่องเข้าวาระของเวที",
    "forum.updated": "แก้ไขเวที",
    "help.begun": "เริ่มช่วยเหลือครัวเรือน",
    "help.ended": "สิ้นสุดการช่วยเหลือครัวเรือน",
    "holidays.added": "เพิ่มวันหยุดราชการ",
    "holidays.removed": "นำวันหยุดราชการออก",
    "import.apply-ordered": "สั่งบันทึกการนำเข้าเข้าทะเบียน",
    "import.approval-asked": "ขออนุมัติการนำเข้า",
    "import.approval-withdrawn": "คำขออนุมัติการนำเข้าสิ้นผล เพราะมีแถวที่แก้หลังขอ",
    "import.duplicates-read": "เปิดดูแถวที่อาจซ้ำกับทะเบียน",
    "import.changes-read": "เปิดดูค่าที่จะเปลี่ยนในทะเบียน",
    "import.code-decided": "ตัดสินทุกแถวที่มีเหตุเดียวกัน",
    "import.mending-ordered": "ส่งไฟล์แถวที่แก้แล้ว",
    "import.mended": "รับแถวที่แก้แล้ว",
    "import.failed": "การนำเข้าไม่สำเร็จ",
    "import.file-downloaded": "ดาวน์โหลดไฟล์ต้นฉบับของการนำเข้า",
    "import.errors-exported": "ดาวน์โหลดบรรทัดที่ต้องแก้ของการนำเข้า",
    "import.issues-read": "เปิดดูสิ่งที่พบในไฟล์นำเข้า",
    "import.mapped": "จับคู่คอลัมน์ของการนำเข้า",
    "import.row-decided": "ตัดสินบรรทัดของการนำเข้า",
    "import.rows-read": "เปิดดูบรรทัดของการนำเข้า",
    "import.staged": "อ่านและตรวจไฟล์ครบทุกแถว",
    "import.staging-begun": "เริ่มอ่านไฟล์",
    "import.mapping-asked": "รอให้คนจับคู่คอลัมน์",
    "import.stopped": "สั่งหยุดการนำเข้าและย้อนกลับส่วนที่เขียนแล้ว",
    "import.undo-ordered": "สั่งย้อนกลับการนำเข้า",
    "member.left": "สมาชิกออกจากครัวเรือน",
    "referral.accepted": "รับดำเนินการเรื่องส่งต่อ",
    "referral.checked": "สอบทานผลของเรื่องส่งต่อ",
    "referral.closed": "ปิดเรื่องส่งต่อ",
    "referral.helped": "แจ้งผลช่วยเหลือของเรื่องส่งต่อ",
    "referral.received": "รับเรื่องส่งต่อ",
    "referral.rejected": "ปฏิเสธเรื่องส่งต่อ",
    "referral.returned": "ส่งกลับเรื่องส่งต่อ",
    "referral.started": "เริ่มดำเนินการเรื่องส่งต่อ",
    "referral.submitted": "ส่งต่อให้หน่วยงาน",
    "referral.transferred": "เปลี่ยนหน่วยงานของเรื่องส่งต่อ",
    "referrals.listed": "เปิดดูรายการเรื่องส่งต่อ",
    "referrals.reminded": "เตือนหน่วยงานว่ามีเรื่องส่งต่อเกินกำหนด",
    "registration.refused": "บันทึกไม่สำเร็จ: เลขประจำตัวมีอยู่ในทะเบียนแล้ว",
    "resolution.dropped": "ยุติมติ",
    "resolution.finished": "บันทึกว่ามติเสร็จแล้ว",
    "resolution.progressed": "บันทึกความคืบหน้าของมติ",
    "resolution.recorded": "บันทึกมติ",
    "resolution.reopened": "เปิดมติใหม่",
    "routing.added": "เพิ่มเกณฑ์เลือกหน่วยงาน",
    "routing.defaults-loaded": "เพิ่มเกณฑ์เลือกหน่วยงานเริ่มต้น",
    "routing.retired": "เลิกใช้เกณฑ์เลือกหน่วยงาน",
    "second-factor.codes-generated": "ออกรหัสสำรองชุดใหม่",
    "second-factor.deactivated": "ปิดการยืนยันตัวตนขั้นที่สอง",
    "sla.changed": "แก้ไขกำหนดเวลาของเรื่องส่งต่อ",
    "user.demo-removed": "ลบบัญชีตัวอย่าง",
    "user.password-changed": "เปลี่ยนรหัสผ่านของตนเอง",
    "user.password-reset": "ออกรหัสผ่านชั่วคราว",
    "user.sessions-ended": "ออกจากระบบในเครื่องอื่น",
    "user.sign-in-failed": "เข้าสู่ระบบไม่สำเร็จ",
    "user.signed-in": "เข้าสู่ระบบ",
    "user.signed-out": "ออกจากระบบ",
}


@register.filter
def event_in_words(event: str) -> str:
    """Say what happened in Thai; an event that nobody has named stays as it is."""
    if event in _SENTENCES:
        return _SENTENCES[event]
    noun, _, act = event.partition(".")
    if noun not in _NOUNS or act not in _ACTS:
        return event
    return f"{_ACTS[act]}{_NOUNS[noun]}"


@register.filter
def kind_in_words(label: str) -> str:
    """Name the kind of row that `app.model` stands for, as its model does."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label
