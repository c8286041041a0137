"""What people type about field work."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from fieldwork.workflow import Settled
from households.workflow import Outcome
from ppaos.web.fields import ThaiDateField


def _people(people: Iterable[User]) -> list[tuple[str, str]]:
    return [("", "เลือก"), *((str(person.pk), str(person)) for person in people)]


class PersonField(forms.ChoiceField):
    """One of the people who may do the work; becomes the person."""

    def offer(self, people: Iterable[User]) -> None:
        self.offered = {str(person.pk): person for person in people}
        self.choices = _people(self.offered.values())

    def clean(self, value: Any) -> User | None:
        return self.offered.get(super().clean(value))


class AssignForm(forms.Form):
    """Who gets the work, and until when."""

    surveyor = PersonField(label="มอบให้ผู้สำรวจ")
    due_on = ThaiDateField(label="ให้เสร็จภายในวันที่")

    def __init__(self, *arguments: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["surveyor"].offer(people)  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    taker = PersonField(label="ผู้รับช่วง")
    due_on = ThaiDateField(
        label="กำหนดใหม่", help_text="เว้นว่างไว้ถ้าใช้กำหนดเดิมของแต่ละหลัง", required=False
    )

    def __init__(self, *arguments: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["taker"].offer(people)  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    visited_from = ThaiDateField(label="เยี่ยมตั้งแต่วันที่")
    visited_to = ThaiDateField(label="ถึงวันที่")


class ShareForm(forms.Form):
    """The share of visits that is made again."""

    surveyor = PersonField(label="ของผู้สำรวจ", required=False)
    percent = forms.IntegerField(
        label="ตรวจซ้ำร้อยละ",
        min_value=0,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
    )

    def __init__(self, *arguments: Any, people: Iterable[User], **options: Any) -> None:
        # It stands on one page with another choice of people.
        options.setdefault("auto_id", "share_%s")
        super().__init__(*arguments, **options)
        field = self.fields["surveyor"]
        field.offer(people)  # type: ignore[attr-defined]
        field.choices = [("", "ทุกคนในพื้นที่"), *field.choices[1:]]  # type: ignore[attr-defined]


class SecondVisitForm(forms.Form):
    """What the second visit found; nothing of the first is shown."""

    outcome = forms.ChoiceField(
        label="ผลการเยี่ยม", choices=Outcome.choices(), widget=forms.RadioSelect
    )
    visited_on = ThaiDateField(label="วันที่เยี่ยม")
    reason = forms.CharField(
        label="เหตุผลหรือสิ่งที่พบ",
        help_text="ต้องระบุทุกผล ยกเว้น “จนจริง”",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SettleForm(forms.Form):
    settled = forms.ChoiceField(
        label="ผลใดถูกต้อง", choices=Settled.choices(), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="เหตุผลที่ตัดสิน", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
