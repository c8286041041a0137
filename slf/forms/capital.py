"""The page of one capital: questions of people, of the house, sums and hazards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from households.models import Member
from slf.forms.fields import (
    NOTHING,
    MoneyField,
    field_of,
    hazard_choices,
    is_asked,
    items_of,
    shown,
)
from slf.instrument import (
    NOT_APPLICABLE,
    Capital,
    DebtKind,
    Instrument,
    Item,
    Method,
    Scope,
    Who,
)

HAZARD_ROWS = 3
MOST_HAZARD_ROWS = 24
_HAZARD_PARTS = ("place", "hazard", "frequency", "coping")
_SUMS = {
    "income_thb_per_year": ("รายได้รวมของครัวเรือน (บาทต่อปี)", "ทุกคนรวมกัน ทั้งในและนอกการเกษตร"),
    "expense_thb_per_month": (
        "รายจ่ายของครัวเรือน (บาทต่อเดือน)",
        "รวมอาหาร ค่าน้ำค่าไฟ เดินทาง เรียน รักษา",
    ),
    "savings_thb": ("เงินออมทั้งหมด (บาท)", "เงินสด เงินฝาก กลุ่มออมทรัพย์ ถ้าไม่มีให้ใส่ 0"),
}


@dataclass(frozen=True, slots=True)
class PersonPart:
    """The questions of one resident, how many are answered, and whether they lie open."""

    member: Member
    age: int | None
    fields: tuple[BoundField, ...]
    answered: int
    is_open: bool


class CapitalForm(forms.Form):
    """The questions of one capital, built from the questionnaire's rows.

    Nothing is required: one may leave and come back. A field is named after its question,
    and for a person's question after question and member.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        instrument: Instrument,
        capital: Capital,
        residents: Iterable[tuple[Member, int | None]],
        answers: Mapping[str, Any],
        amounts: Mapping[str, Any],
        needs_reason: bool,
    ) -> None:
        super().__init__(data)
        self.capital = capital
        self.items = items_of(instrument, capital)
        self.residents = list(residents)
        self.answers = answers
        self.amounts = amounts
        for item in self.items:
            self._add_item(item)
        if capital == Capital.FINANCIAL:
            self._add_money()
        if needs_reason:
            self.fields["reason"] = forms.CharField(
                label="เหตุผลที่แก้ไขคำตอบ", max_length=280, help_text="ผลเดิมยังอยู่ในประวัติ"
            )

    # -- building ---------------------------------------------------------------------

    def _add_item(self, item: Item) -> None:
        if item.scope == Scope.HOUSEHOLD:
            self._add(item, item.code, self.answers.get(item.code), age=None)
            return
        stored = self.answers.get(item.code) or {}
        for member, age in self.residents:
            if is_asked(item, age):
                name = f"{item.code}-{member.pk}"
                self._add(item, name, stored.get(str(member.pk)), age=age)

    def _add(self, item: Item, name: str, value: Any, *, age: int | None) -> None:
        if item.method == Method.HAZARDS:
            self._add_hazards(name, value)
            return
        self.fields[name] = field_of(item, age)
        self.initial[name] = shown(item, value)

    def _add_hazards(self, name: str, value: Any) -> None:
        rows = value if isinstance(value, list) else []
        self.fields[name] = forms.ChoiceField(
            label="ใน 5 ปีที่ผ่านมา บ้านหรือที่ทำกินเกิดภัยพิบัติหรือไม่",
            choices=[(NOTHING, "ไม่เกิด"), ("some", "เกิด ระบุด้านล่าง")],
            widget=forms.RadioSelect,
            required=False,
        )
        if isinstance(value, list):
            self.initial[name] = "some" if rows else NOTHING
        self.hazard_count = min(MOST_HAZARD_ROWS, max(HAZARD_ROWS, len(rows) + 1))
        for index in range(self.hazard_count):
            row = rows[index] if index < len(rows) else {}
            for part, label, choices in hazard_choices():
                key = f"{name}-{index}-{part}"
                self.fields[key] = forms.ChoiceField(
                    label=label, choices=[("", "เลือก"), *choices], required=False
                )
                self.initial[key] = row.get(part)

    def _add_money(self) -> None:
        for name, (label, help_text) in _SUMS.items():
            self.fields[name] = MoneyField(label=label, help_text=help_text)
            self.initial[name] = self.amounts.get(name)
        debts = self.amounts.get("debts")
        self.fields["has_debts"] = forms.ChoiceField(
            label="ครัวเรือนมีหนี้สินหรือไม่",
            choices=[("no", "ไม่มีหนี้"), ("yes", "มีหนี้ ระบุยอดคงค้างตามแหล่ง")],
            widget=forms.RadioSelect,
            required=False,
        )
        if debts is not None:
            self.initial["has_debts"] = "yes" if debts else "no"
        totals: dict[str, Decimal] = {}
        for row in debts or []:
            totals[row["kind"]] = totals.get(row["kind"], Decimal(0)) + Decimal(row["amount_thb"])
        for kind in DebtKind:
            self.fields[f"debt-{kind.value}"] = MoneyField(label=kind.label)
            self.initial[f"debt-{kind.value}"] = totals.get(kind.value)

    # -- for the template ---------------------------------------------------------------

    @property
    def questions(self) -> list[BoundField]:
        """Questions that the household answers, but for debts and hazards."""
        special = (Method.HAZARDS, Method.DEBT)
        return [
            self[item.code]
            for item in self.items
            if item.scope == Scope.HOUSEHOLD and item.method not in special
        ]

    @property
    def farm_codes(self) -> list[str]:
        return [item.code for item in self.items if item.who == Who.FARMING]

    @property
    def people(self) -> list[PersonPart]:
        """Residents with questions on this page; the first unfinished one lies open."""
        parts: list[PersonPart] = []
        for member, age in self.residents:
            fields = tuple(
                self[f"{item.code}-{member.pk}"]
                for item in self.items
                if f"{item.code}-{member.pk}" in self.fields
            )
            if not fields:
                continue
            answered = sum(bool(field.value()) for field in fields)
            is_first = not any(part.is_open for part in parts)
            is_open = bool(self.errors) or (is_first and answered < len(fields))
            parts.append(PersonPart(member, age, fields, answered, is_open))
        return parts

    @property
    def money(self) -> list[BoundField]:
        return [self[name] for name in _SUMS if name in self.fields]

    @property
    def debts(self) -> list[BoundField]:
        names = (f"debt-{kind.value}" for kind in DebtKind)
        return [self[name] for name in names if name in self.fields]

    @property
    def no_debt_reason(self) -> BoundField | None:
        code = next((item.code for item in self.items if item.method == Method.DEBT), None)
        return None if code is None else self[code]

    @property
    def hazard_question(self) -> BoundField | None:
        code = self._hazard_code()
        return None if code is None else self[code]

    @property
    def hazard_rows(self) -> list[list[BoundField]]:
        code = self._hazard_code()
        if code is None:
            return []
        return [
            [self[f"{code}-{index}-{part}"] for part in _HAZARD_PARTS]
            for index in range(self.hazard_count)
        ]

    def _hazard_code(self) -> str | None:
        return next((item.code for item in self.items if item.method == Method.HAZARDS), None)

    # -- reading ------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code = self._hazard_code()
        if code is not None and cleaned.get(code) == "some":
            self._check_hazards(code, cleaned)
        sums = [cleaned.get(f"debt-{kind.value}") for kind in DebtKind]
        has_debts = cleaned.get("has_debts")
        if has_debts == "no" and any(amount and Decimal(amount) for amount in sums):
            self.add_error("has_debts", "ระบุว่าไม่มีหนี้ แต่มียอดหนี้อยู่ กรุณาตรวจอีกครั้ง")
        if has_debts == "yes" and not any(sums) and not self.errors:
            self.add_error("has_debts", "มีหนี้ ให้ระบุยอดคงค้างอย่างน้อยหนึ่งแหล่ง")
        return cleaned

    def _check_hazards(self, code: str, cleaned: Mapping[str, Any]) -> None:
        filled = 0
        for index in range(self.hazard_count):
            row = {part: cleaned.get(f"{code}-{index}-{part}") for part in _HAZARD_PARTS}
            given = {part for part, value in row.items() if value}
            filled += bool(given)
            needed = set(_HAZARD_PARTS) - ({"coping"} if row["frequency"] == "0" else set())
            for part in sorted(needed - given) if given else ():
                self.add_error(f"{code}-{index}-{part}", "ยังไม่ได้เลือก")
        if not filled:
            self.add_error(code, "ระบุภัยอย่างน้อยหนึ่งอย่าง หรือเลือก “ไม่เกิด”")

    def read_answers(self) -> dict[str, Any]:
        """Return the answers of this page as `save_answers` takes them; None clears one."""
        read: dict[str, Any] = {}
        for item in self.items:
            if item.scope == Scope.HOUSEHOLD:
                read[item.code] = self._read(item, item.code)
                continue
            members = dict(self.answers.get(item.code) or {})
            for member, _ in self.residents:
                name = f"{item.code}-{member.pk}"
                if name in self.fields:
                    members[str(member.pk)] = self._read(item, name)
            kept = {key: value for key, value in members.items() if value is not None}
            read[item.code] = kept or None
        return read

    def _read(self, item: Item, name: str) -> Any:
        value = self.cleaned_data.get(name)
        if item.method == Method.HAZARDS:
            return self._read_hazards(name, value)
        if item.method in (Method.COUNT_GOOD, Method.COUNT_BAD):
            return None if not value else [kind for kind in value if kind != NOTHING]
        if not value or value == "unknown":
            return None
        if item.method == Method.FLAG:
            return value == "yes"
        return value if value == NOT_APPLICABLE else int(value)

    def _read_hazards(self, name: str, value: Any) -> Any:
        if not value:
            # A level sent over the API has no rows to show; it stays until answered here.
            stored = self.answers.get(name)
            return stored if isinstance(stored, int) else None
        if value == NOTHING:
            return []
        rows = []
        for index in range(self.hazard_count):
            row = {part: self.cleaned_data.get(f"{name}-{index}-{part}") for part in _HAZARD_PARTS}
            if row["place"] and row["frequency"]:
                rows.append(
                    {
                        "place": row["place"],
                        "hazard": row["hazard"],
                        "frequency": int(row["frequency"]),
                        "coping": int(row["coping"]) if row["coping"] else None,
                    }
                )
        return rows

    def read_amounts(self) -> dict[str, Any]:
        """Return the sums of this page as `save_answers` takes them; None clears one."""
        if self.capital != Capital.FINANCIAL:
            return {}
        read: dict[str, Any] = {name: self.cleaned_data.get(name) for name in _SUMS}
        has_debts = self.cleaned_data.get("has_debts")
        read["debts"] = None
        if has_debts == "no":
            read["debts"] = []
        elif has_debts == "yes":
            read["debts"] = [
                {"kind": kind.value, "amount_thb": amount}
                for kind in DebtKind
                if (amount := self.cleaned_data.get(f"debt-{kind.value}"))
            ]
        return read
