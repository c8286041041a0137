"""A household's file as words and tables, ready to be set on paper. Citizen IDs are masked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from households.models import Household, Member
from households.templatetags.households import age, code, flags, head_name, whole_address
from plans.models import HouseholdPlan
from ppaos.web.templatetags.thai import baht, change, masked_id, score, thai_date, thai_datetime
from problems.rules import Dimension
from slf.instrument import CAPITALS

Sheet = dict[str, Any]
NOTHING = "–"


def sheet_of(
    household: Any, parts: Mapping[str, Any], *, printed_by: str, printed_at: datetime
) -> Sheet:
    """Return what is printed: a head, and sections of facts, words and tables."""
    sections = [
        _members(parts["present"]),
        _capitals(parts),
        _problems(parts["problems"]),
        _referrals(parts["referrals"]),
        _help(parts),
        _plan(parts["plan"]),
        _verifications(parts["verifications"]),
        _visits(parts["visits"]),
        _listings(parts["years"]),
        _consent(household, parts["consents"]),
        _exits(household.all_exits),
    ]
    return {
        "title": f"ครัวเรือนของ {head_name(parts['present'])}",
        "code": code(household),
        "code_name": "รหัสบ้าน" if household.house_code else "รหัสชั่วคราว",
        "facts": _head(household, parts),
        "printed_by": printed_by,
        "printed_at": thai_datetime(printed_at),
        "sections": sections,
    }


def _head(household: Household, parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    profile = parts["profile"]
    place = f"{household.lat}, {household.lon}" if household.lat is not None else NOTHING
    return [
        ("ที่อยู่", whole_address(household)),
        ("สถานะ", f"{household.get_stage_display()} ตั้งแต่ {thai_date(household.stage_date)}"),
        ("กลุ่ม", profile.get_group_display() if profile else NOTHING),
        ("โทรศัพท์", household.phone or NOTHING),
        ("พิกัด", place),
    ]


def _table(
    title: str,
    head: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    widths: Iterable[int],
    empty: str,
    note: str = "",
) -> Sheet:
    return {
        "title": title,
        "head": list(head),
        "widths": list(widths),
        "rows": [[str(cell) for cell in row] for row in rows],
        "empty": empty,
        "note": note,
        "facts": [],
    }


def _facts(title: str, facts: Iterable[tuple[str, object]], *, empty: str = "") -> Sheet:
    sheet = _table(title, [], [], widths=[], empty=empty)
    return sheet | {"facts": [(name, str(value) or NOTHING) for name, value in facts]}


def _members(present: list[Member]) -> Sheet:
    return _table(
        f"สมาชิก {len(present)} คน",
        ("ชื่อ", "เลขประจำตัว", "ความสัมพันธ์", "อายุ", "การอาศัย"),
        (
            (
                member.full_name,
                masked_id(member.citizen_id),
                "หัวหน้าครัวเรือน" if member.is_head else member.relation or NOTHING,
                age(member),
                member.get_residence_display(),
            )
            for member in present
        ),
        widths=(6, 4, 3, 3, 4),
        empty="ยังไม่มีรายชื่อสมาชิก",
    )


def _capitals(parts: Mapping[str, Any]) -> Sheet:
    latest, first = parts["assessment"], parts["first"]
    if latest is None:
        return _facts("ทุนดำรงชีพ 5 ด้าน", [], empty="ยังไม่ประเมิน")
    names = {c.value: c.label for c in CAPITALS}
    rows = [
        (
            label,
            score(getattr(first, name)) if first else NOTHING,
            score(getattr(latest, name)),
            change(_difference(first, latest, name)),
        )
        for name, label in [*names.items(), ("overall", "คะแนนรวม")]
    ]
    level = f" ระดับ {latest.level}" if latest.level else ""
    return _table(
        "ทุนดำรงชีพ 5 ด้าน (เต็ม 4.00)",
        ("ทุน", "ครั้งแรก", "ล่าสุด", "เปลี่ยนไป"),
        rows,
        widths=(5, 3, 3, 3),
        empty="",
        note=f"{latest} ประเมิน {thai_date(latest.assessed_on)}{level}",
    )


def _difference(first: Any, latest: Any, name: str) -> Any:
    if first is None or None in (getattr(first, name), getattr(latest, name)):
        return None
    return getattr(latest, name) - getattr(first, name)


def _problems(problems: list[Any]) -> Sheet:
    return _table(
        "ปัญหาและความต้องการ",
        ("มิติ", "ปัญหา", "ความต้องการ", "พบเมื่อ", "สถานะ"),
        (
            (
                Dimension(row.dimension).label,
                row.get_code_display(),
                row.need_text or NOTHING,
                thai_date(row.opened_on),
                row.get_status_display(),
            )
            for row in problems
        ),
        widths=(3, 5, 5, 3, 3),
        empty="ยังไม่พบปัญหา",
    )


def _referrals(referrals: list[Any]) -> Sheet:
    return _table(
        "การส่งต่อ",
        ("เลขที่เรื่อง", "มิติ", "หน่วยงาน", "สถานะ", "กำหนด"),
        (
            (
                row.number,
                Dimension(row.problem.dimension).label,
                row.agency or NOTHING,
                row.get_status_display(),
                thai_date(row.due_on),
            )
            for row in referrals
        ),
        widths=(4, 3, 5, 4, 3),
        empty="ยังไม่ได้ส่งต่อ",
    )


def _help(parts: Mapping[str, Any]) -> Sheet:
    given = [*parts["help_latest"], *parts["help_earlier"]]
    return _table(
        f"ความช่วยเหลือที่ได้รับ รวม {baht(parts['help_baht'])}" if given else "ความช่วยเหลือที่ได้รับ",
        ("วันที่", "ประเภท", "รายละเอียด", "หน่วยงาน", "จำนวนเงิน"),
        (
            (
                thai_date(row.helped_on),
                row.get_kind_display(),
                row.description or NOTHING,
                row.agency,
                baht(row.amount_thb),
            )
            for row in given
        ),
        widths=(3, 4, 5, 4, 3),
        empty="ยังไม่ได้รับความช่วยเหลือ",
    )


def _plan(plan: HouseholdPlan | None) -> Sheet:
    if plan is None:
        return _facts("แผนครัวเรือน 4 ท.", [], empty="ยังไม่มีแผน")
    facts: list[tuple[str, object]] = [(name, words or NOTHING) for name, words in plan.four]
    support = " · ".join([plan.get_support_display(), *plan.way_labels])
    facts += [("ลักษณะการช่วยเหลือ", support), ("ขั้นการพัฒนา", plan.get_step_display())]
    if plan.prospect:
        facts.append(("การจำแนก", plan.get_prospect_display()))
    review = f" นัดทบทวน {thai_date(plan.review_on)}" if plan.review_on else ""
    facts.append(("ตกลงเมื่อ", f"{thai_date(plan.agreed_on)} ({plan}){review}"))
    return _facts("แผนครัวเรือน 4 ท.", facts)


def _verifications(verifications: list[tuple[Any, bool]]) -> Sheet:
    return _table(
        "ผลสอบทาน",
        ("วันที่เยี่ยม", "ผล", "เหตุผล", "ผู้สอบทาน"),
        (
            (
                thai_date(row.visited_on),
                f"{row.get_outcome_display()}{' (ถอนแล้ว)' if row.retracted_at else ''}",
                row.reason or NOTHING,
                row.recorded_by,
            )
            for row, _ in verifications
        ),
        widths=(3, 4, 6, 4),
        empty="ยังไม่มีใครไปเยี่ยม",
    )


def _visits(visits: list[dict[str, Any]]) -> Sheet:
    return _table(
        "การเยี่ยมบ้าน",
        ("วันที่", "เรื่อง", "ผล", "โดย"),
        ((thai_date(v["on"]), v["what"], v["found"], v["by"]) for v in visits),
        widths=(3, 4, 6, 4),
        empty="ยังไม่มีใครไปเยี่ยม",
    )


def _listings(years: list[tuple[tuple[str, int], list[Any]]]) -> Sheet:
    return _table(
        "อยู่ในบัญชี",
        ("บัญชี", "ปี", "ผู้มีชื่อ", "สิ่งที่บัญชีบอก"),
        (
            (
                source,
                year,
                row.member.full_name if row.member else "ทั้งครัวเรือน",
                ", ".join(text for _, text in flags(row)) or NOTHING,
            )
            for (source, year), listings in years
            for row in listings
        ),
        widths=(4, 2, 5, 6),
        empty="ไม่อยู่ในบัญชีใด",
    )


def _consent(household: Household, consents: list[Any]) -> Sheet:
    if not consents:
        said = household.get_consent_display()
        if household.consent_date:
            said = f"{said} เมื่อ {thai_date(household.consent_date)}"
        return _facts("ความยินยอมและฐานทางกฎหมาย", [("คำตอบ", said)])
    return _table(
        "ความยินยอมและฐานทางกฎหมาย",
        ("วันที่", "คำตอบ", "ฐานทางกฎหมาย", "ผู้ให้คำตอบ"),
        (
            (
                thai_date(row.answered_on),
                row.get_answer_display(),
                row.get_legal_basis_display(),
                row.informant,
            )
            for row in consents
        ),
        widths=(3, 3, 6, 4),
        empty="",
    )


def _exits(exits: list[Any]) -> Sheet:
    return _table(
        "การพ้นเป้าหมาย",
        ("เหตุ", "สถานะ", "เสนอเมื่อ", "ตัดสินเมื่อ"),
        (
            (
                row.get_reason_display(),
                row.get_state_display(),
                thai_date(row.proposed_at),
                thai_date(row.decided_at),
            )
            for row in exits
        ),
        widths=(6, 4, 3, 3),
        empty="ยังไม่เคยมีข้อเสนอให้พ้น",
    )
