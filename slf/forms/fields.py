"""How one question becomes a form field, and its stored answer what the field shows."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ppaos.lib.thai_text import to_ascii_digits
from slf.instrument import (
    ASSETS,
    COPING,
    FARMING,
    FREQUENCIES,
    LAND_PROBLEMS,
    MORTGAGED_INFORMALLY,
    NOT_APPLICABLE,
    STUDENT,
    Capital,
    Hazard,
    Instrument,
    Item,
    Method,
    Place,
    Who,
)

NOTHING = "none"
"""The box "ไม่มี" of a question that counts: told apart from a question left open."""

OLDEST_STUDENT = 25
"""Up to this age, in years, a resident is asked about full-time study."""

_YES_NO = [("yes", "ใช่"), ("no", "ไม่ใช่")]


class MoneyField(forms.CharField):
    """Baht as people type it (96,000, ๙๖๐๐๐, 9000.50 บาท). Gives "96000.00", or None if blank."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(max_length=30, required=False, **arguments)
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", **{"class": "short"})

    def clean(self, value: Any) -> str | None:
        text = to_ascii_digits(super().clean(value)).replace(",", "").removesuffix("บาท").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text):
            raise ValidationError("กรอกเป็นจำนวนเงินบาท เช่น 96,000")
        return f"{Decimal(text):.2f}"

    def prepare_value(self, value: Any) -> Any:
        text = str(value or "")
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
            return value
        whole, _, satang = text.partition(".")
        return f"{int(whole):,}" + (f".{satang}" if satang.strip("0") else "")


def items_of(instrument: Instrument, capital: Capital) -> list[Item]:
    """Return what is asked on a capital's page: its items that are not computed, and facts."""
    computed = (Method.INCOME_PER_PERSON, Method.INCOME_TO_EXPENSE, Method.SAVINGS)
    items = [item for item in instrument.scored(capital) if item.method not in computed]
    facts = [item for item in instrument.items if item.code in _FACTS_OF.get(capital, ())]
    return [*facts, *items] if capital == Capital.NATURAL else [*items, *facts]


_FACTS_OF = {
    Capital.HUMAN: (STUDENT,),
    Capital.FINANCIAL: (MORTGAGED_INFORMALLY,),
    Capital.NATURAL: (FARMING,),
}


def is_asked(item: Item, age: int | None) -> bool:
    """Say whether a resident of this age (None = unknown) is asked at all."""
    if item.code == STUDENT:
        return age is None or 15 <= age <= OLDEST_STUDENT
    if age is None or item.age_min is None or item.who == Who.ENTITLED:
        return True
    if item.who == Who.ABLE_TO_WORK:
        return age >= item.age_min
    return item.age_min <= age and (item.age_max is None or age <= item.age_max)


def field_of(item: Item, age: int | None) -> forms.Field:
    if item.method == Method.FLAG:
        return forms.ChoiceField(
            label=item.question, choices=_YES_NO, widget=forms.RadioSelect, required=False
        )
    if item.method in (Method.COUNT_GOOD, Method.COUNT_BAD):
        kinds = ASSETS if item.method == Method.COUNT_GOOD else LAND_PROBLEMS
        return forms.MultipleChoiceField(
            label=item.question,
            help_text="เลือกได้หลายข้อ",
            choices=[(NOTHING, "ไม่มี"), *kinds.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    levels = (2, 4) if item.method == Method.DEBT else (1, 2, 3, 4)
    choices = [(str(level), item.choices[level - 1]) for level in levels]
    label = item.question
    if item.method == Method.DEBT:
        label = "ถ้าไม่มีหนี้ เป็นเพราะ"
        choices = [
            ("2", "ไม่มีหลักทรัพย์ ไม่มีผู้ค้ำ หรือชำระไม่ได้"),
            ("4", "ไม่ต้องการหรือไม่จำเป็น"),
        ]
    if _may_not_apply(item, age):
        choices.append((NOT_APPLICABLE, _NOT_APPLICABLE_WORDS[item.who]))
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False)


_NOT_APPLICABLE_WORDS = {
    Who.ENTITLED: "ไม่มีสิทธิในสวัสดิการใด",
    Who.ABLE_TO_WORK: "ทำงานไม่ไหวแล้ว",
}


def _may_not_apply(item: Item, age: int | None) -> bool:
    if item.who == Who.ABLE_TO_WORK:
        return age is None or age >= 60
    return item.who == Who.ENTITLED


def shown(item: Item, value: Any) -> Any:
    """Return a stored answer as the field shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return value or [NOTHING]
    if item.method in (Method.COUNT_GOOD, Method.COUNT_BAD):
        return []
    return None if value is None else str(value)


def hazard_choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    return [
        ("place", "ที่ใด", Place.choices()),
        ("hazard", "ภัย", Hazard.choices()),
        ("frequency", "บ่อยเพียงใด", [(str(key), text) for key, text in FREQUENCIES.items()]),
        ("coping", "รับมืออย่างไร", [(str(key), text) for key, text in COPING.items()]),
    ]
