"""What a workbook may cost, and the sentence for one that costs more."""

from pathlib import Path

import pytest

from imports.reading import (
    Limits,
    UnableToRead,
    inspect,
)
from tests.imports.files.reading import lines, refusal
from tests.imports.files.workbooks import (
    number_cell,
    parts,
    row,
    text_cell,
    worksheet,
    write_sheet,
    write_zip,
)


def test_one_far_cell_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(1, number_cell("A1", "1")) + row(1048576, number_cell("XFD1048576", "1")),
    )
    assert path.stat().st_size < 5000
    error = refusal(path)
    assert error.code in {"too_many_columns", "too_many_lines"}


@pytest.mark.parametrize("place", ["GS1", "HA1", "XFD1", "AAA1"])
def test_a_cell_behind_the_last_column_is_refused(tmp_path: Path, place: str) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx", row(1, number_cell(place, "1"), number_cell("A1", "1"))
    )
    error = refusal(path)
    assert error.code == "too_many_columns"
    assert "คอลัมน์ที่ 200" in str(error)
    assert "แถวที่ 1" in str(error)


def test_the_last_column_is_taken_and_far_formats_are_no_cells(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "list.xlsx", row(1, number_cell("GR1", "1"), '<c r="XFD1" s="1"/>')
    )
    assert inspect(path).sheets[0].columns == 200
    assert lines(path)[1][199] == 1


def test_a_line_above_the_limit_is_refused(tmp_path: Path) -> None:
    rows = "".join(row(n, number_cell(f"A{n}", "1")) for n in range(1, 12))
    path = write_sheet(tmp_path / "list.xlsx", rows)
    assert len(lines(path, limits=Limits(lines=11))) == 11
    error = refusal(path, limits=Limits(lines=10))
    assert error.code == "too_many_lines"
    assert "มากกว่า 10 แถว" in str(error)


def test_a_cell_above_the_limit_is_refused(tmp_path: Path) -> None:
    rows = row(1, number_cell("A1", "1")) + row(2, text_cell("A2", "ก" * 40_000))
    with pytest.raises(UnableToRead) as caught:
        lines(write_sheet(tmp_path / "list.xlsx", rows))
    assert caught.value.code == "cell_too_long"
    assert "แถวที่ 2" in str(caught.value)


def test_too_many_merged_ranges_are_refused(tmp_path: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 30_000))
    path = write_sheet(
        tmp_path / "list.xlsx",
        row(1, number_cell("A1", "1")),
        after=f"<mergeCells>{merges}</mergeCells>",
    )
    with pytest.raises(UnableToRead) as caught:
        lines(path)
    assert caught.value.code == "too_many_merges"


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    good = worksheet(row(1, number_cell("A1", "1")))
    path = write_zip(tmp_path / "list.xlsx", parts({"ก": good[: len(good) - 30]}))
    assert refusal(path).code == "damaged"


def test_a_string_number_out_of_the_table_is_refused(tmp_path: Path) -> None:
    rows = row(1, '<c r="A1" t="s"><v>99</v></c>')
    path = write_zip(
        tmp_path / "list.xlsx", parts({"ก": worksheet(rows)}, strings="<si><t>ก</t></si>")
    )
    with pytest.raises(UnableToRead) as caught:
        lines(path)
    assert caught.value.code == "damaged"


def test_a_workbook_without_its_table_of_sheets_is_refused(tmp_path: Path) -> None:
    members = parts({"ก": worksheet("")})
    del members["xl/workbook.xml"]
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "damaged"


def test_links_to_other_files_are_not_followed(tmp_path: Path) -> None:
    members = parts({"ก": worksheet(row(1, number_cell("A1", "1")))})
    rels = members["xl/_rels/workbook.xml.rels"]
    members["xl/_rels/workbook.xml.rels"] = rels.replace(
        'Target="worksheets/sheet1.xml"', 'Target="http://127.0.0.1:9/x.xml" TargetMode="External"'
    )
    assert refusal(write_zip(tmp_path / "list.xlsx", members)).code == "damaged"


def test_many_decorations_do_not_matter(tmp_path: Path) -> None:
    # Numbers that do not repeat: what packs too well would be taken for a bomb.
    odd = [f"{n * 2_654_435_761 % 2**32:x}" for n in range(40_000)]
    formats = "".join(
        f'<conditionalFormatting sqref="A{n}"><cfRule type="expression" priority="{n}">'
        f'<formula>A1="{number}"</formula></cfRule></conditionalFormatting>'
        for n, number in enumerate(odd, 1)
    )
    styles = "".join(f'<xf numFmtId="{n % 9}" fontId="{number}"/>' for n, number in enumerate(odd))
    members: dict[str, str | bytes] = dict(
        parts(
            {"ก": worksheet(row(1, '<c r="A1" s="39999"><v>7</v></c>'), after=formats)},
            styles=f"<cellXfs>{styles}</cellXfs>",
        )
    )
    members["xl/media/image1.png"] = b"\x89PNG" * 10
    members["xl/embeddings/oleObject1.bin"] = b"\xd0\xcf\x11\xe0"
    members["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    assert lines(write_zip(tmp_path / "list.xlsx", members)) == {1: [7]}
