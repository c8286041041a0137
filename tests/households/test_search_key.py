"""The database and Python make the same key of a name, and sort names the same."""

import csv
from pathlib import Path

import pytest

from households.models import Member
from ppaos.lib.thai_names import search_key
from ppaos.lib.thai_text import name_key, sort_key
from ppaos.orm import thai_order
from tests.factories import make_household, make_member

PAIRS = Path(__file__).parents[1] / "lib" / "thai_name_pairs.tsv"


def hard_names() -> list[str]:
    with PAIRS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return sorted({row[side] for row in rows for side in ("one", "other")})


@pytest.fixture
def people(db: None) -> None:
    household = make_household()
    one = make_member(household, citizen_id=None)
    names = hard_names()
    Member.objects.bulk_create(
        Member(
            household=household,
            seq=number,
            first_name=name,
            name_key=name_key(name),
            province_code=one.province_code,
        )
        for number, name in enumerate(names)
    )
    one.delete()


def test_the_database_makes_the_same_search_key(people: None) -> None:
    rows = Member.objects.values_list("first_name", "search_key")
    assert len(rows) > 500
    assert [(name, key) for name, key in rows if search_key(name) != key] == []


def test_the_database_sorts_names_as_a_dictionary_does(people: None) -> None:
    words = ["เก", "แก", "กา", "ก้าง", "กาง", "โก", "ขา", "ไข", "เข้", "ฮา", "เฮ"]
    Member.objects.all().delete()
    household = make_household()
    for word in reversed(words):
        make_member(household, first_name=word, last_name="", citizen_id=None)
    found = Member.objects.order_by(thai_order("first_name")).values_list("first_name", flat=True)
    assert list(found) == sorted(words, key=sort_key)
