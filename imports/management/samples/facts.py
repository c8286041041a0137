"""What can stand in the columns of a list, and what it means: written down, never read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imports.management.samples.people import DIMENSIONS, Person
from imports.management.samples.template import Raw

THAI_DIMENSIONS = {
    "dim_health": ("health", "สุขภาพ"),
    "dim_living": ("living", "ความเป็นอยู่"),
    "dim_education": ("education", "การศึกษา"),
    "dim_income": ("income", "รายได้"),
    "dim_accessibility": ("accessibility", "การเข้าถึงบริการภาครัฐ"),
}
_TROUBLES = {
    "dim_health": "มีผู้ป่วยเรื้อรัง ขาดผู้ดูแล",
    "dim_living": "บ้านทรุดโทรม ไม่มีห้องน้ำ",
    "dim_education": "เด็กไม่ได้เรียนต่อ",
    "dim_income": "ไม่มีอาชีพ รายได้ไม่พอ",
    "dim_accessibility": "ไม่ได้รับเบี้ยผู้สูงอายุ",
}
_GROUPS = (
    ("ผู้สูงอายุ", "elderly"),
    ("คนพิการ", "disabled"),
    ("ผู้ป่วยติดเตียง", "bedridden"),
    ("เด็กเล็ก", "small_children"),
    ("ผู้ด้อยโอกาส", "underprivileged"),
)
_KINDS = (("เงิน", "money"), ("ซ่อม / สร้างบ้าน", "house_repair"), ("ฝึกอาชีพ", "training"), (None, None))
_RESULTS = (
    ("แก้ไขได้ทั้งหมด", "solved"),
    ("แก้ไขได้บางส่วน", "partly"),
    ("แก้ไขไม่ได้", "not_solved"),
    (None, None),
)
_AGENCIES = ("พมจ.ตัวอย่าง", "อบต.ตัวอย่าง", "รพ.สต.ตัวอย่าง")
_DEPENDANTS = {"small_children": 3, "elderly": 2, "disabled": 5, "bedridden": 7}
_CAPITALS = ("cap_human", "cap_physical", "cap_financial", "cap_natural", "cap_social")
_FIGURES = ("surveyed_people", "poor_households", "poor_people", "target_people")
_MISSED = ("missed_bmn_no_card", "missed_vulnerable_no_card", "missed_all_no_card", "missed_total")
_ITEMS = ("ครัวเรือนยากจน", "ครัวเรือนที่ได้รับการช่วยเหลือ", "ครัวเรือนเปราะบาง")


@dataclass(frozen=True, slots=True)
class Told:
    """A line that is not simply a person's: a household's, one of several, an area's.

    `number` counts the lines about the same thing; `problems` are those of the household.
    """

    index: int
    household: int
    person: Person
    members: int = 1
    number: int = 0
    is_alone: bool = True
    is_last_member: bool = True
    problems: tuple[str, ...] = ()


Fact = tuple[Raw, Any]
"""A cell, and what it means in the normal form of the API."""


def _same(value: Any) -> Fact:
    return value, value


def _amount(baht: int) -> Fact:
    return baht, f"{baht}.00"


def _flag(value: bool) -> Fact:
    return int(value), value


def _of_person(name: str) -> Callable[[Told], Fact]:
    return lambda told: _same(getattr(told.person, name))


def _of_place(name: str) -> Callable[[Told], Fact]:
    return lambda told: _same(getattr(told.person.place, name))


def _of_index(make: Callable[[int], Fact]) -> Callable[[Told], Fact]:
    return lambda told: make(told.index)


def _birth_date(told: Told) -> Fact:
    born = told.person.birth_date
    return f"{born.day}/{born.month}/{born.year + 543}", born.isoformat()


def _indicator(number: int) -> Callable[[Told], Fact]:
    def fact(told: Told) -> Fact:
        mark = told.person.indicators[number - 1]
        return ("-", None) if mark == "-" else (int(mark), int(mark))

    return fact


def _problem(dimension: str) -> Callable[[Told], Fact]:
    return lambda told: _same(_TROUBLES[dimension] if dimension in told.problems else None)


def _capital(number: int) -> Callable[[Told], Fact]:
    return lambda told: _same(f"{1 + (told.index * 7 + number * 41) % 300 / 100:.2f}")


def _help_date(told: Told) -> Fact:
    day, month = told.index % 28 + 1, told.index % 12 + 1
    year_be = told.person.year_be - 1
    return f"{day}/{month}/{year_be}", f"{year_be - 543}-{month:02}-{day:02}"


def _dimension(told: Told) -> Fact:
    code, thai = THAI_DIMENSIONS[told.problems[told.number]]
    return thai, code


def _count(number: int) -> Callable[[Told], Fact]:
    return lambda told: _same(told.index * 37 % 900 + number * 11)


FACTS: dict[str, Callable[[Told], Fact]] = {
    **dict.fromkeys(("bmn_year", "survey_year", "welfare_year"), _of_person("year_be")),
    **{
        name: _of_person(name)
        for name in ("house_code", "citizen_id", "title", "first_name", "last_name", "sex")
    },
    **{name: _of_person(name) for name in ("house_no", "moo")},
    "village_name": _of_person("village"),
    "tambon_name": _of_place("name"),
    "amphoe_name": _of_place("district"),
    "province_name": _of_place("province"),
    "tambon_code": _of_place("code"),
    "birth_date": _birth_date,
    "household_seq": lambda told: _same(1),
    "member_seq": lambda told: _same(told.number + 1),
    "member_count": lambda told: _same(told.members),
    "phone": _of_index(lambda index: _same(f"08{index:08d}")),
    "soi": lambda told: (None, None),
    "road": lambda told: (None, None),
    "postcode": lambda told: _same("30000"),
    "lat": _of_index(lambda index: _same(f"{14.5 + index % 9_999 / 10_000:.6f}")),
    "lon": _of_index(lambda index: _same(f"{102.1 + index % 7_777 / 10_000:.6f}")),
    "income_year": _of_index(lambda index: _amount(12_000 + index % 90 * 1_000)),
    "income_per_person_per_year": _of_index(lambda index: _amount(6_000 + index % 50 * 500)),
    "welfare_card": lambda told: _flag(told.person.has_card),
    "registered_welfare": lambda told: _flag(told.index % 3 > 0),
    **{f"ind_{number}": _indicator(number) for number in range(1, 39)},
    **{f"problem_{THAI_DIMENSIONS[name][0]}": _problem(name) for name in DIMENSIONS},
    "problem_text": lambda told: _same(_TROUBLES[told.problems[told.number]]),
    "need_text": _of_index(lambda index: _same("ซ่อมแซมบ้าน" if index % 2 else None)),
    "dimension": _dimension,
    **{name: _capital(number) for number, name in enumerate(_CAPITALS)},
    "target_group": _of_index(lambda index: _GROUPS[index % len(_GROUPS)]),
    "vulnerability_level": _of_index(lambda index: _same(index % 4)),
    **{
        name: _of_index(lambda index, of=of: _same(index % of))  # type: ignore[misc]
        for name, of in _DEPENDANTS.items()
    },
    "agency": _of_index(lambda index: _same(_AGENCIES[index % len(_AGENCIES)])),
    "activity": lambda told: _same(f"ช่วยเหลือครั้งที่ {told.number + 1}"),
    "help_kind": _of_index(lambda index: _KINDS[index % len(_KINDS)]),
    "budget": _of_index(lambda index: _amount(500 + index % 80 * 250)),
    "help_date": _help_date,
    "help_result": _of_index(lambda index: _RESULTS[index % len(_RESULTS)]),
    "help_note": lambda told: (None, None),
    "referral_number": lambda told: (None, None),
    "figure_item": lambda told: _same(_ITEMS[told.number % len(_ITEMS)]),
    "figure_unit": lambda told: _same("ครัวเรือน"),
    "figure_value": _count(0),
    **{name: _count(number) for number, name in enumerate((*_FIGURES, *_MISSED))},
}
ITEMS = len(_ITEMS)
