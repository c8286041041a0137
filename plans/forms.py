"""What is typed of a plan. Rules are the services'."""

from typing import Any

from django import forms

from plans.models import HouseholdPlan
from plans.services import PlanDraft
from plans.workflow import Prospect, Step, Support, Way
from ppaos.lib.thai_text import clean
from ppaos.web.fields import ThaiDateField

LONGEST = 2000


class _Words(forms.CharField):
    """A few sentences, repaired as Thai text is repaired everywhere."""

    def __init__(self, **arguments: Any) -> None:
        arguments.setdefault("max_length", LONGEST)
        arguments.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**arguments)

    def to_python(self, value: Any) -> str:
        lines = (super().to_python(value) or "").splitlines()
        return "\n".join(clean(line) for line in lines).strip()


class PlanForm(forms.Form):
    number = forms.IntegerField(min_value=0, max_value=32_767, widget=forms.HiddenInput)
    attitude = _Words(
        label="ทัศนะ", help_text="ความคิด ความตั้งใจ และสิ่งที่ครัวเรือนอยากเปลี่ยน", required=False
    )
    skills = _Words(label="ทักษะ", help_text="สิ่งที่สมาชิกทำได้ หรืออยากเรียนรู้", required=False)
    resources = _Words(label="ทรัพยากร", help_text="ที่ดิน เครื่องมือ เงินทุน และคนที่ช่วยได้", required=False)
    way_out = _Words(label="ทางออก", help_text="สิ่งที่ตกลงกันว่าจะทำ ใครทำ ภายในเมื่อใด")
    support = forms.ChoiceField(
        label="ลักษณะการช่วยเหลือ", choices=Support.choices(), widget=forms.RadioSelect
    )
    ways = forms.MultipleChoiceField(
        label="แนวทางพัฒนาครัวเรือน",
        help_text="เลือกเมื่อลักษณะการช่วยเหลือเป็น “พัฒนาครัวเรือน” เลือกได้หลายข้อ",
        choices=Way.choices(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    step = forms.ChoiceField(
        label="ขั้นการพัฒนาที่อยู่ตอนนี้", choices=Step.choices(), widget=forms.RadioSelect
    )
    prospect = forms.ChoiceField(
        label="การจำแนกครัวเรือน",
        help_text="รายการที่ระบบเสนอ เลือกตามที่ประเมินร่วมกับครัวเรือน",
        choices=[("", "ยังไม่จำแนก"), *Prospect.choices()],
        required=False,
    )
    agreed_on = ThaiDateField(label="ตกลงกับครัวเรือนเมื่อ")
    review_on = ThaiDateField(label="นัดทบทวนเมื่อ", required=False)

    @property
    def four(self) -> list[forms.BoundField]:
        return [self[name] for name in ("attitude", "skills", "resources", "way_out")]

    @property
    def rest(self) -> list[forms.BoundField]:
        names = ("support", "ways", "step", "prospect", "agreed_on", "review_on")
        return [self[name] for name in names]

    def draft(self) -> PlanDraft:
        data = self.cleaned_data
        return PlanDraft(
            attitude=data["attitude"],
            skills=data["skills"],
            resources=data["resources"],
            way_out=data["way_out"],
            support=Support(data["support"]),
            ways=tuple(Way(code) for code in data["ways"]),
            step=Step(data["step"]),
            prospect=Prospect(data["prospect"]) if data["prospect"] else None,
            agreed_on=data["agreed_on"],
            review_on=data["review_on"],
        )


def initial_of(plan: HouseholdPlan | None) -> dict[str, Any]:
    """Return what the form shows at first: the plan that stands, or nothing."""
    if plan is None:
        return {"number": 0}
    kept = ("number", "attitude", "skills", "resources", "way_out", "support", "ways", "step")
    # The day of the next agreement is new; a review that is over would be refused.
    return {name: getattr(plan, name) for name in (*kept, "prospect")}
