"""Numbers and lines of an import in the words of its pages."""

from typing import Any

from django.urls import reverse

from imports.models import ImportBatch
from imports.services.closing import CLOSED
from imports.services.showing import masked
from imports.verdicts import CATALOGUE, severity_of
from imports.workflow import COUNTED, Action, Decision, Severity, State, Verdict
from ppaos.lib.citizen_id import mask

_FATES = {
    (Action.NEW, True): "เพิ่มในทะเบียนแล้ว",
    (Action.CHANGED, True): "ปรับปรุงในทะเบียนแล้ว",
    (Action.UNCHANGED, True): "เหมือนในทะเบียนอยู่แล้ว",
    (Action.NEW, False): "จะเพิ่มในทะเบียน",
    (Action.CHANGED, False): "จะปรับปรุงในทะเบียน",
    (Action.UNCHANGED, False): "เหมือนในทะเบียนอยู่แล้ว",
}
_ACCEPTED = {State.APPLIED: "นำเข้าแล้ว", State.UNDONE: "ตรวจผ่าน ย้อนกลับแล้ว"}
_REST = {
    Verdict.HELD: "ยังไม่นำเข้า รอคนตัดสินใจ",
    Verdict.REJECTED: "ไม่นำเข้า",
    Verdict.SKIPPED: "ข้าม",
    Verdict.ACCEPTED: "ไม่อยู่ในทะเบียน",
}


def cards(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the four numbers of the preview, each with what it is made of; [] before staging."""
    if batch.state not in COUNTED:
        return []
    rows = reverse("imports:rows", args=[batch.pk])
    return [
        {
            "label": _ACCEPTED.get(State(batch.state), "พร้อมนำเข้า"),
            "value": f"{_taken(batch):,}",
            "note": _effect_in_words(batch.effect) + _waiting_to_follow(batch),
            "tone": "good",
            "url": f"{rows}?verdict=accepted",
        },
        {
            "label": "รอคนตัดสินใจ",
            "value": f"{batch.held:,}",
            "note": "ยืนยัน แก้ หรือไม่นำเข้า" if batch.held else "ไม่มี",
            "tone": "wait" if batch.held else "",
            "url": f"{rows}?verdict=held",
        },
        {
            "label": "นำเข้าไม่ได้",
            "value": f"{batch.rejected:,}",
            "note": "แก้ในหน้านี้ หรือในโปรแกรมตารางแล้วส่งกลับ" if batch.rejected else "ไม่มี",
            "tone": "late" if batch.rejected else "",
            "url": f"{rows}?verdict=rejected",
        },
        {
            "label": "ไม่ใช่ข้อมูลคน",
            "value": f"{batch.skipped:,}",
            "note": "แถวว่าง แถวรวม หัวตารางซ้ำ แถวซ้ำ",
            "tone": "",
            "url": f"{rows}?verdict=skipped",
        },
    ]


def _effect_in_words(effect: dict[str, int]) -> str:
    """Return what the lines do: a line is a person, a household, a help or an area's figures."""
    texts = [
        f"ใหม่ {effect.get('lines_new', effect.get('members_created', 0)):,}",
        f"เปลี่ยน {effect.get('lines_changed', effect.get('members_updated', 0)):,}",
        f"เหมือนเดิม {effect.get('unchanged', 0):,}",
    ]
    if effect.get("households"):
        texts.append(f"ครัวเรือนใหม่ {effect.get('households_created', 0):,}")
    if left_out := effect.get("figures_left_out", 0):
        texts.append(f"ตัวเลขเดิมที่ไฟล์นี้ไม่มี {left_out:,} รายการ ไม่เป็นปัจจุบันอีก")
    return " · ".join(texts)


def _taken(batch: ImportBatch) -> int:
    """Return the lines that are in the register, or before applying those that may go there."""
    if batch.state == State.APPLIED:
        return int(batch.effect.get("applied", 0))
    return batch.accepted


def _waiting_to_follow(batch: ImportBatch) -> str:
    waiting = batch.accepted - _taken(batch)
    return f" · แก้แล้วรอนำเข้า {waiting:,} แถว" if waiting > 0 else ""


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Add to a shown line who and where it is about, and what becomes of it. IDs are masked."""
    values = row["normalised"]
    names = (values.get("title"), values.get("first_name"), values.get("last_name"))
    citizen_id = values.get("citizen_id") or ""
    is_whole = len(citizen_id) == 13 and citizen_id.isdigit()
    place = (
        values.get("house_no"),
        f"หมู่ {values['moo']}" if values.get("moo") else None,
        f"ต.{values['tambon_name']}" if values.get("tambon_name") else None,
    )
    fate = _FATES.get((row["action"], row["is_applied"])) if row["action"] else None
    if row["verdict"] != Verdict.ACCEPTED or fate is None:
        fate = _REST[Verdict(row["verdict"])]
    telling = (Severity.ERROR, Severity.HOLD, Severity.SKIP, Severity.WARNING)
    return {
        **row,
        "person": " ".join(str(name) for name in names if name),
        "masked_id": mask(citizen_id) if is_whole else masked(citizen_id),
        "house": " ".join(str(part) for part in place if part),
        "fate": fate,
        "reasons": [
            *([CLOSED] if row["is_closed"] else []),
            *(CATALOGUE[c].reason for c in row["codes"] if severity_of(c) in telling),
        ],
        "can_be_decided": row["verdict"] in (Verdict.HELD, Verdict.REJECTED) or row["decision"],
        "decision_label": Decision(row["decision"]).label if row["decision"] else "",
    }
