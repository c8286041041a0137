"""Names that are one person's in different writing, and names that are not."""

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from ppaos.lib.thai_names import likeness, same_person_name, search_key

# Made by hand, and made from names by a slip of each kind; what no rule gets right stays in.
PAIRS = Path(__file__).with_name("thai_name_pairs.tsv")
LEAST_OF_EACH = 200
PRECISION_FLOOR = 0.97
RECALL_FLOOR = 0.94


class Pair(NamedTuple):
    is_same: bool
    one: str
    other: str


def read_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return [Pair(row["verdict"] == "same", row["one"], row["other"]) for row in rows]


def test_precision_and_recall_of_same_person_name(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = read_pairs()
    said = [same_person_name(pair.one, pair.other) for pair in pairs]
    right = sum(answer and pair.is_same for answer, pair in zip(said, pairs, strict=True))
    same = sum(pair.is_same for pair in pairs)
    precision, recall = right / sum(said), right / same

    with capsys.disabled():
        sys.stdout.write(
            f"\nThai names: {same} pairs of one person, {len(pairs) - same} of two;"
            f" precision {precision:.3f}, recall {recall:.3f}\n"
        )
    assert len(set(pairs)) == len(pairs)
    assert same >= LEAST_OF_EACH
    assert len(pairs) - same >= LEAST_OF_EACH
    assert precision >= PRECISION_FLOOR
    assert recall >= RECALL_FLOOR


def test_the_order_of_the_two_names_does_not_matter() -> None:
    for pair in read_pairs():
        assert same_person_name(pair.one, pair.other) == same_person_name(pair.other, pair.one)
        assert likeness(pair.one, pair.other) == pytest.approx(likeness(pair.other, pair.one))


def test_names_of_one_person_are_more_alike_than_others() -> None:
    pairs = read_pairs()
    alike = sorted(likeness(pair.one, pair.other) for pair in pairs if pair.is_same)
    unlike = sorted(likeness(pair.one, pair.other) for pair in pairs if not pair.is_same)

    assert 0 <= unlike[0] <= alike[-1] == 1
    assert alike[len(alike) // 20] > 0.85  # all but one in twenty
    assert unlike[len(unlike) // 2] < alike[len(alike) // 20]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("นายสมศักดิ์ ใจดี", "สมศักดิใจดี"),
        ("น้ำฝน", "น้ําฝน"),
        ("แก้ว", "เเกว"),
        ("วรรณา ไชยวัฒน์", "วันนา ชัยวัฒน์"),
        ("ฤทธิ์", "ริทธิ"),
        ("SOMCHAI", "Somchai"),
    ],
)
def test_writings_of_one_sound_have_one_search_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("ศักดิ", "สมศักดิ์ ใจดี"),
        ("ศักดิ์ใจ", "สมศักดิ์ ใจดี"),
        ("วรร", "วรรณา ใจดี"),
        ("ใจด", "สมศักดิ์ ใจดี"),
        ("รวย", "อมร รวยดี"),
        ("รักดี", "พร รักดี"),
        ("ไช", "ไชยา บัวลอย"),
        ("มาตร", "สม มาตร"),
    ],
)
def test_the_key_of_a_part_is_a_part_of_the_key(part: str, name: str) -> None:
    assert search_key(part) in search_key(name)


@pytest.mark.parametrize("text", ["", " ", "-", "์์", "นาย", "ุ"])
def test_what_is_no_name_is_nobody(text: str) -> None:
    assert likeness(text, "สมชาย ใจดี") < 0.5
    assert not same_person_name(text, "สมชาย ใจดี")
