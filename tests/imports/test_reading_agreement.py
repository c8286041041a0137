"""Three ways through one worksheet, which share as little code as they can, must agree."""

from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from imports.reading import Limits, archive
from imports.reading.package import open_package
from imports.reading.plain_rows import rows
from imports.reading.shared_strings import empty_strings
from imports.reading.streaming import streamed_rows
from imports.reading.survey import survey
from imports.reading.survey_slow import survey_slow
from imports.reading.values import CellReader
from imports.reading.workbook import calamine_rows
from tests.imports.files.workbooks import parts, worksheet, write_zip

STRINGS = (
    "<si><t>ก</t></si><si><t/></si><si><t> </t></si>"
    '<si><t xml:space="preserve"> ข </t></si><si><r><t>x</t></r><r><t>y &lt;</t></r></si>'
    "<si><t>a_x000D_b</t></si>"
)
STYLES = (
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="22"/></cellXfs>'
)
# What may stand in a cell: its type, and what is between its tags.
CONTENTS = (
    ("", "<v>5</v>"),
    ("", "<v>45672</v>"),
    ("", "<v>²</v>"),
    ("", "<v></v>"),
    ("", "<v/>"),
    ("", ""),
    ("n", "<v>007</v>"),
    ("", "<f>A1+1</f><v>6</v>"),
    ("", "<f>A1+1</f><v></v>"),
    ("", "<f>A1&amp;B1</f>"),
    ("", '<f t="shared" si="0"/><v>3</v>'),
    ("", '<f t="shared" si="0"/>'),
    ("str", "<f>X</f><v>ค &amp; ง</v>"),
    ("str", "<f>X</f><v></v>"),
    ("str", "<f>X</f>"),
    ("str", "<v> ก </v>"),
    ("b", "<v>1</v>"),
    ("e", "<v>#N/A</v>"),
    ("e", "<f>1/0</f><v>#DIV/0!</v>"),
    ("d", "<v>2025-01-15</v>"),
    *(("s", f"<v>{number}</v>") for number in range(6)),
    ("inlineStr", "<is><t>สมชาย</t></is>"),
    ("inlineStr", "<is><t></t></is>"),
    ("inlineStr", "<is><t> </t></is>"),
    ("inlineStr", '<is><t xml:space="preserve"> ก </t></is>'),
    ("inlineStr", "<is><t>A &lt;b&gt; &#39;c&#39;\r\nd</t></is>"),
    ("inlineStr", "<is><r><t>a</t></r><r><t>b</t></r></is>"),
)
# Shown as a date none is one; calamine makes something of the first and fails on the others.
NO_DATES = (
    ("", "<v>-0.25</v>"),
    ("", "<v>1999900000010</v>"),
    ("", "<v>12345678901234567890</v>"),
    ("n", "<v>1.30E+12</v>"),
)


def tables(contents: tuple[tuple[str, str], ...]) -> st.SearchStrategy[dict[int, dict[int, Any]]]:
    styles = st.sampled_from(["", "", "0", "1", "2", "3"])
    cells = st.tuples(st.sampled_from(contents), styles, st.booleans())
    return st.dictionaries(
        st.integers(1, 12), st.dictionaries(st.integers(0, 30), cells, max_size=5), max_size=6
    )


def letters(column: int) -> str:
    return chr(65 + column) if column < 26 else f"A{chr(39 + column)}"


def cell(line: int, column: int, content: tuple[str, str], style: str, is_odd: bool) -> str:
    kind, inside = content
    attributes = [f'r="{letters(column)}{line}"']
    attributes += [f's="{style}"'] if style else []
    attributes += [f't="{kind}"'] if kind else []
    if is_odd:
        attributes.reverse()
    tag = " ".join(attributes)
    return f"<c {tag}>{inside}</c>" if inside else f"<c {tag}/>"


def sheet_of(table: dict[int, dict[int, Any]]) -> str:
    return worksheet(
        "".join(
            f'<row r="{line}" spans="1:3">'
            + "".join(cell(line, column, *cells[column]) for column in sorted(cells))
            + "</row>"
            for line, cells in sorted(table.items())
        )
    )


def trimmed(found: Any) -> dict[int, list[Any]]:
    """Return the lines that hold something, without blank cells at their ends."""
    kept = {}
    for line, cells in found:
        last = max((n for n, value in enumerate(cells, 1) if value is not None), default=0)
        if last:
            kept[line] = cells[:last]
    return kept


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables(CONTENTS + NO_DATES))
@example(table={2: {0: (("str", "<f>X</f><v></v>"), "", False)}})
@example(table={2: {0: (("", "<f>X</f>"), "", False), 3: (("s", "<v>1</v>"), "", True)}})
def test_all_ways_agree(tmp_path: Path, table: dict[int, dict[int, Any]]) -> None:
    path = write_zip(
        tmp_path / "list.xlsx", parts({"ก": sheet_of(table)}, strings=STRINGS, styles=STYLES)
    )
    limits = Limits()
    with archive.open_archive(path, limits) as opened:
        package = open_package(opened, limits)
        [sheet] = package.sheets
        with closing(CellReader(opened, package)) as reader:
            plain = trimmed(rows(opened, sheet, reader, Limits()))
            by_expat = trimmed(streamed_rows(opened, sheet, reader, 200))
        fast = survey(opened, package, sheet, limits)
        slow = survey_slow(opened, sheet, empty_strings(opened, package), limits)
    assert plain == by_expat
    assert list(fast.filled) == list(slow.filled) == list(plain)
    assert fast.columns >= max(map(len, plain.values()), default=0)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables(CONTENTS))
def test_values_are_those_of_calamine(tmp_path: Path, table: dict[int, dict[int, Any]]) -> None:
    path = write_zip(
        tmp_path / "list.xlsx", parts({"ก": sheet_of(table)}, strings=STRINGS, styles=STYLES)
    )
    with archive.open_archive(path, Limits()) as opened:
        package = open_package(opened, Limits())
        [sheet] = package.sheets
        with closing(CellReader(opened, package)) as reader:
            found = [
                (line, [None if isinstance(value, dict) else value for value in cells])
                for line, cells in rows(opened, sheet, reader, Limits())
            ]
    assert trimmed(found) == trimmed(calamine_rows(path, 0))
