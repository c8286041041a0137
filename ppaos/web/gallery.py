"""Invented contents for the gallery of components: one sample of each file."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ppaos.web import pills

BANGKOK = ZoneInfo("Asia/Bangkok")
SAMPLE_TIME = datetime(2026, 11, 20, 14, 5, tzinfo=BANGKOK)


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label="ชื่อ", max_length=60, help_text="ไม่ต้องมีคำนำหน้า")
    phone = forms.CharField(label="โทรศัพท์", required=False)
    residence = forms.ChoiceField(
        label="สถานะในทะเบียนบ้าน",
        choices=[("a", "มีชื่อและอาศัยอยู่"), ("b", "มีชื่อแต่ไม่อาศัย"), ("c", "ไม่มีชื่อแต่อาศัยอยู่")],
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        label="แหล่งข้อมูล", choices=[("", "เลือกแหล่งข้อมูล"), ("tpmap", "TPMAP"), ("bmn", "จปฐ.")]
    )
    note = forms.CharField(label="บันทึก", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="ไฟล์รายชื่อ", help_text="XLSX, XLS หรือ CSV", required=False)
    consent = forms.BooleanField(label="ผู้ให้ข้อมูลยินยอมให้เก็บข้อมูลแล้ว", required=False)


def context() -> dict[str, Any]:
    """Return the whole context of the gallery page."""
    bound = SampleForm({"name": "", "residence": "a", "source": ""}, prefix="bound")
    return {
        "crumbs": [{"label": "ตั้งค่า", "url": "/settings/"}],
        "as_of": SAMPLE_TIME,
        "header_pills": [("good", "สอบทานแล้ว: จนจริง"), ("plain", "TPMAP 2566")],
        "import_states": list(pills.IMPORT_STATES),
        "form": SampleForm(),
        "bound_form": bound,
        "capitals": {
            "human": Decimal("2.61"),
            "physical": Decimal("2.83"),
            "financial": Decimal("1.60"),
            "natural": Decimal("2.20"),
            "social": Decimal("2.60"),
        },
        "capitals_after": {
            "human": Decimal("2.75"),
            "physical": Decimal("3.10"),
            "financial": Decimal("2.40"),
            "natural": Decimal("2.20"),
            "social": Decimal("2.90"),
        },
        "capitals_unknown": {
            "human": Decimal("2.61"),
            "physical": Decimal("2.83"),
            "financial": None,
            "natural": Decimal("2.20"),
            "social": Decimal("2.60"),
        },
        "overall": Decimal("2.37"),
        "verdicts": list(pills.VERDICTS),
        "severities": list(pills.SEVERITIES),
        "stages": list(pills.STAGES),
        "dimensions": [
            ("รายได้", 812, "income", "31%"),
            ("ความเป็นอยู่", 421, "living", "52%"),
            ("การศึกษา", 276, "education", "64%"),
            ("สุขภาพ", 190, "health", "71%"),
            ("เข้าถึงบริการรัฐ", 84, "accessibility", "83%"),
        ],
        "levels": [
            ("อยู่ลำบาก", 105, "level-1"),
            ("อยู่ยาก", 352, "level-2"),
            ("อยู่พอได้", 217, "level-3"),
            ("อยู่ดี", 75, "level-4"),
        ],
        "facts": [
            ("รหัสบ้าน", "3032-000123-4"),
            ("บ้านเลขที่", "35/1 หมู่ 3 บ้านโนนตัวอย่าง"),
            ("โทรศัพท์", ""),
            ("ขอความยินยอมเมื่อ", "12 พ.ย. 2569"),
        ],
        "tabs": [
            {"label": "ต้องดู", "url": "#tabs", "current": True, "count": 699},
            {"label": "พร้อมนำเข้า", "url": "#tabs", "current": False, "count": 73402},
            {"label": "คอลัมน์", "url": "#tabs", "current": False, "count": None},
        ],
        "steps": ["เลือกไฟล์", "จับคู่คอลัมน์", "ตรวจก่อนนำเข้า", "นำเข้าแล้ว"],
        "events": [
            {
                "at": SAMPLE_TIME,
                "title": "ประเมินทุนดำรงชีพ ปี 2569",
                "detail": "2.37 · ระดับ 2 อยู่ยาก",
                "by": "เจ้าหน้าที่สำรวจ ต.ช้างทอง",
                "tone": "good",
            },
            {
                "at": datetime(2026, 11, 18, 10, 20, tzinfo=BANGKOK),
                "title": "สอบทาน: จนจริง",
                "by": "เจ้าหน้าที่สำรวจ ต.ช้างทอง",
                "tone": "good",
            },
            {"at": date(2026, 10, 1), "title": "มีชื่อในบัญชี TPMAP ปี 2566", "tone": "plain"},
        ],
        "columns": [("ทุน", ""), ("เฉลี่ย", "n"), ("SD", "n")],
        "rows": [["มนุษย์", "2.01", "0.44"], ["กายภาพ", "2.87", "0.51"], ["การเงิน", "2.03", "0.60"]],
        "effects": [
            "เพิ่มครัวเรือนใหม่ 3,911 ครัวเรือน",
            "แก้ไขข้อมูล 1,284 ครัวเรือน โดยเก็บค่าเดิมไว้",
            "ไม่แตะต้อง 68,207 แถวที่เหมือนเดิม",
        ],
    }
