"""How leaving the targets is told: what it means, what was found, what is still missing."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from households.models import Exit, Household
from households.workflow import ExitReason, ExitState
from ppaos.web.templatetags.components import pill
from referrals.services import Criterion, Evidence, Requirement

register = template.Library()


class Meaning(NamedTuple):
    """What an exit says of the household, so that nobody takes one for another."""

    title: str
    text: str


_MEANINGS: dict[ExitReason, Meaning] = {
    ExitReason.GRADUATED: Meaning(
        "พ้นความยากจน", "เคยจนจริง ได้รับการช่วยเหลือแล้วดีขึ้นจนถึงเกณฑ์ นับเป็นผลของการช่วยเหลือ"
    ),
    ExitReason.NOT_POOR: Meaning(
        "ไม่เคยจน (รั่วไหล)",
        "เยี่ยมบ้านแล้วพบว่าไม่จน มีชื่ออยู่ในบัญชีโดยคลาดเคลื่อน ไม่นับว่าพ้นความยากจน",
    ),
    ExitReason.MOVED: Meaning("ย้ายออกจากพื้นที่", "ไม่ได้อยู่ในพื้นที่แล้ว ไม่นับว่าพ้นความยากจน"),
    ExitReason.DECEASED: Meaning("เสียชีวิต", "เสียชีวิตทั้งครัวเรือน ไม่นับว่าพ้นความยากจน"),
    ExitReason.DUPLICATE: Meaning(
        "ซ้ำกับครัวเรือนอื่น", "เป็นครัวเรือนเดียวกับอีกแฟ้มหนึ่ง ซึ่งยังอยู่ ไม่นับว่าพ้นความยากจน"
    ),
    ExitReason.CONTINUING_CARE: Meaning(
        "ดูแลต่อเนื่องในระบบสงเคราะห์",
        "ยังต้องพึ่งสวัสดิการ หน่วยงานดูแลต่อ ไม่เป็นเป้าหมายแก้จนแล้ว แต่ไม่นับว่าพ้นความยากจน",
    ),
}

_TONES: dict[ExitState, str] = {
    ExitState.PROPOSED: "wait",
    ExitState.APPROVED: "good",
    ExitState.REJECTED: "late",
    ExitState.WITHDRAWN: "plain",
    ExitState.REVOKED: "late",
}


@register.filter
def meaning(reason: str) -> Meaning:
    return _MEANINGS[ExitReason(reason)]


@register.filter
def exit_pill(proposal: Exit) -> SafeString:
    state = ExitState(proposal.state)
    return pill(_TONES[state], state.label)


@register.filter
def criterion_pill(criterion: Criterion) -> SafeString:
    if criterion.met is None:
        return pill("wait", "ไม่ทราบ")
    return pill("good", "ครบ") if criterion.met else pill("late", "ยังไม่ครบ")


@register.filter
def met_of(evidence: Evidence) -> str:
    """Say in a few words how much of what is asked was found."""
    met = len(evidence.criteria) - len(evidence.unmet)
    return f"ครบ {met} จาก {len(evidence.criteria)} เกณฑ์"


class Cure(NamedTuple):
    """What to do about a criterion that is not met, and where."""

    text: str
    url: str
    label: str


_CURES: dict[Requirement, tuple[str, str, str, str]] = {
    Requirement.LOWER_GROUP: (
        "การดูแลต่อเนื่องใช้กับกลุ่ม 20% ล่าง กลุ่มมาจากผลประเมินทุน",
        "casework:case-file",
        "",
        "ดูกลุ่มในแฟ้ม",
    ),
    Requirement.REFERRALS: (
        "ให้หน่วยงานแจ้งผล แล้วไปสอบทานที่บ้านเพื่อปิดเรื่อง",
        "casework:case-file",
        "",
        "ดูเรื่องส่งต่อในแฟ้ม",
    ),
    Requirement.PROBLEMS: (
        "ไปดูที่บ้านว่าปัญหาหมดไปจริง แล้วปิดปัญหาในแฟ้ม",
        "casework:case-file",
        "",
        "ดูปัญหาในแฟ้ม",
    ),
    Requirement.ASSESSED: (
        "ประเมินทุนอีกครั้งในช่วง “หลังช่วยเหลือ” แล้วระบบจะเทียบกับผลก่อนช่วยเหลือ",
        "slf:assess",
        "?period=after",
        "ประเมินหลังช่วยเหลือ",
    ),
    Requirement.LEVEL: (
        "ช่วยเหลือทุนที่อ่อนที่สุดต่อ แล้วประเมินหลังช่วยเหลืออีกครั้ง",
        "slf:assess",
        "?period=after",
        "ประเมินหลังช่วยเหลือ",
    ),
    Requirement.CAPITALS: (
        "ช่วยเหลือทุนที่อยู่ระดับต่ำสุด หรือตอบข้อที่ยังไม่ครบ แล้วประเมินอีกครั้ง",
        "slf:assess",
        "?period=after",
        "ประเมินหลังช่วยเหลือ",
    ),
    Requirement.INCOME: (
        "ถ้ายังไม่ทราบ ให้กรอกรายได้ทั้งปีและคนที่อยู่จริงในแบบประเมิน ถ้ายังไม่ถึง ให้ช่วยเหลือด้านรายได้ต่อ",
        "slf:assess",
        "?period=after",
        "ประเมินหลังช่วยเหลือ",
    ),
}


@register.simple_tag
def cure_of(criterion: Criterion, household: Household) -> Cure:
    text, name, query, label = _CURES[criterion.requirement]
    return Cure(text, f"{reverse(name, args=[household.pk])}{query}", label)
