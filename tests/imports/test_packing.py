"""What is kept of a line comes back as it was, however it was kept."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from imports.normalise.cells import text_of
from imports.normalise.packing import pack_line, pack_payload, raw_bytes, unpack, unpack_values
from imports.profiles.columns import INDICATOR_COLUMNS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.integers(),
    st.booleans(),
    st.floats(),
    st.dates(),
    st.just(2**70),
)
VALUES = st.dictionaries(
    st.sampled_from(("citizen_id", "age", "first_name", "tpmap_year")),
    st.one_of(st.none(), TEXTS, st.integers(), st.booleans()),
)
INDICATORS: st.SearchStrategy[Mapping[str, int | None]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries({name: st.sampled_from((None, 0, 1)) for name in INDICATOR_COLUMNS}),
    st.fixed_dictionaries({name: st.sampled_from((0, 1)) for name in INDICATOR_COLUMNS[:31]}),
    st.fixed_dictionaries({name: st.sampled_from((0, 7)) for name in INDICATOR_COLUMNS}),
)


@given(st.lists(CELLS), VALUES, INDICATORS, st.lists(st.lists(TEXTS, min_size=4, max_size=4)))
def test_a_line_comes_back(
    cells: list[Any], values: dict[str, Any], indicators: dict[str, Any], notes: list[list[str]]
) -> None:
    said = {**values, **indicators}
    plain = pack_line(raw_bytes(cells), said, notes)

    assert unpack(plain) == {
        "raw": [text_of(cell) for cell in cells],
        "normalised": said,
        "notes": notes,
    }
    assert unpack_values(plain)["normalised"] == said
    assert {name: type(value) for name, value in unpack(plain)["normalised"].items()} == {
        name: type(value) for name, value in said.items()
    }


@given(st.lists(CELLS))
def test_equal_cells_give_equal_bytes(cells: list[Any]) -> None:
    assert raw_bytes(cells) == raw_bytes(tuple(cells))


def test_what_was_kept_before_and_what_was_mended_comes_back() -> None:
    kept = {"raw": ["1", "ก"], "normalised": {"ind_1": 1}, "notes": [], "corrected": {"a": "b"}}
    old = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()

    assert unpack(old) == kept
    assert unpack(pack_payload(kept)) == kept


def test_a_long_form_takes_less_than_a_page_of_the_database() -> None:
    values = dict.fromkeys(INDICATOR_COLUMNS, 1)
    plain = pack_line(raw_bytes([1, "1", date(2024, 1, 1)]), values, [])
    assert len(plain) < 150
