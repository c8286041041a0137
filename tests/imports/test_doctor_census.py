"""How many bad inputs the table holds, that every kind is among them, and the page about them."""

import os
from collections import Counter
from pathlib import Path

from tests.imports.fixtures import FIXTURES
from tests.imports.fixtures.kinds import FAMILIES, File, Fixture, Lines

PAGE = Path(__file__).parents[2] / "docs/reference/bad-inputs.md"
_ENOUGH = 300
_INTRODUCTION = """# Bad inputs and what becomes of them

Every bad input that the tests send, and the exact answer that they demand. Lines go through a real
staged file: the codes decide the verdict (`E_` rejected, `H_` held for a person, `S_` skipped, `W_`
accepted with a warning, `F_` accepted after a repair; none: accepted as it is). Files are refused
with a code before anything is stored of them, or taken in whole. What each code says to the user
stands in `imports/verdicts.py`, and for files in `imports/reading/`.

This page is written from the table in `tests/imports/fixtures/`:
`PPAOS_WRITE_DOCS=1 python3 manage.py test tests/imports/test_doctor_census.py`.
"""


def answer_of(fixture: Fixture) -> str:
    """Return the exact answer in words."""
    if isinstance(fixture, Lines):
        return " · ".join(
            f"{each.verdict} {' '.join(f'`{code}`' for code in each.codes)}".strip()
            for each in fixture.expected
        )
    if isinstance(fixture, File):
        return f"refused `{fixture.refusal}`" if fixture.refusal else "taken in"
    status, *rest = fixture.expected
    return f"{status} {' '.join(f'`{each}`' for each in rest if each)}".strip()


def page() -> str:
    counts = Counter(fixture.family for fixture in FIXTURES)
    chapters = [_INTRODUCTION, f"{len(FIXTURES)} fixtures in {len(counts)} kinds.\n"]
    for family, label in FAMILIES.items():
        chapters.append(f"## {family} {label}\n\n{counts[family]} fixtures.\n")
        rows = [
            f"| {fixture.name} | {answer_of(fixture)} |"
            for fixture in FIXTURES
            if fixture.family == family
        ]
        chapters.append("\n".join(["| Input | Answer |", "|---|---|", *rows]) + "\n")
    return "\n".join(chapters)


def test_there_are_enough_bad_inputs_of_every_kind() -> None:
    counts = Counter(fixture.family for fixture in FIXTURES)

    assert len(FIXTURES) >= _ENOUGH
    assert set(counts) == set(FAMILIES) == {f"B{number:02d}" for number in range(1, 33)}


def test_no_two_bad_inputs_share_a_name() -> None:
    assert [
        name for name, times in Counter(each.id for each in FIXTURES).items() if times > 1
    ] == []


def test_the_page_about_bad_inputs_is_current() -> None:
    written = page()
    if os.environ.get("PPAOS_WRITE_DOCS") == "1":
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written, (
        "run: PPAOS_WRITE_DOCS=1 python3 manage.py test tests/imports/test_doctor_census.py"
    )
