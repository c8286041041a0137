"""Reader, profile and checks say of every generated line what its maker knows of it."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from imports import reading
from imports.management.samples.kinds import KINDS
from imports.normalise.areas import AreaResolver, KnownArea
from imports.normalise.line import Normaliser
from imports.normalise.record import Record
from imports.normalise.tracker import FileTracker
from imports.profiles import PROFILES
from imports.profiles.choosing import best_guess, other_list
from imports.profiles.headers import find_header
from imports.profiles.profile import Mapping
from imports.verdicts import verdict
from imports.workflow import row_of

REFERENCE = Path(__file__).resolve().parents[2] / "areas" / "reference" / "areas.csv"
LEVELS = {2: "PROVINCE", 4: "DISTRICT", 6: "SUBDISTRICT"}


def known_areas() -> list[KnownArea]:
    with REFERENCE.open(encoding="utf-8-sig", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["code"])
    return [KnownArea(row["code"], LEVELS[len(row["code"])], row["name_th"]) for row in rows]


def mapping_of(lines: list[tuple[int, list[Any]]], key: str) -> Mapping:
    """Return what the headers suggest, which must be the shape that was made."""
    samples = [cells for _, cells in lines[1:16]]
    mapping = best_guess(lines[0][1], samples, PROFILES[key].source)
    assert mapping.profile.split(".")[0] == PROFILES[key].source
    assert other_list(mapping, lines[0][1], samples) is None
    assert mapping.is_certain
    assert mapping.unknown == ()
    return mapping


def records(path: Path, key: str) -> dict[int, Record]:
    """Return what is made of each line behind the headers, for an uploader of province 30."""
    sheets = [kind.sheet for kind in KINDS[key]] if path.suffix == ".xlsx" else [None]
    tracker = FileTracker(sheets=sheets)
    found = {}
    for part, sheet in enumerate(sheets):
        lines = [line for chunk in reading.read(path, sheet=sheet) for line in chunk.lines]
        assert find_header([cells for _, cells in lines[:15]]) == 0
        mapping = mapping_of(lines, key)
        if part == 0:
            assert mapping.profile == key
        normaliser = Normaliser(
            mapping,
            PROFILES[mapping.profile],
            today=date(2026, 11, 20),
            year_be=2566,
            areas=AreaResolver(known_areas(), scopes=["30"]),
        )
        for line, cells in lines[1:]:
            row = row_of(part, line)
            found[row] = tracker.track(row, normaliser.read(cells))
    return found


def make(path: Path, key: str, **options: Any) -> list[dict[str, Any]]:
    truth = path.with_suffix(".truth")
    call_command("make_sample", path, kind=key, truth=truth, verbosity=0, **options)
    return [json.loads(line) for line in truth.read_text().splitlines()]


def check(path: Path, key: str, told: list[dict[str, Any]]) -> None:
    found = records(path, key)
    assert list(found) == [line["row"] for line in told]
    wrong = [
        (line["fault"], line["row"], difference)
        for line in told
        if (difference := difference_of(line, found[line["row"]]))
    ]
    assert wrong == []


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_line_becomes_what_its_maker_meant(tmp_path: Path, ending: str, seed: int) -> None:
    path = tmp_path / f"list.{ending}"

    told = make(path, "tpmap", households=600, dirty=0.25, indicators=38, seed=seed)

    check(path, "tpmap", told)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("key", [key for key in KINDS if key != "tpmap"])
def test_every_other_list_becomes_what_its_maker_meant(
    tmp_path: Path, key: str, ending: str
) -> None:
    if ending == "csv" and len(KINDS[key]) > 1:
        ending = "xlsx"
    path = tmp_path / f"list.{ending}"

    told = make(path, key, households=400, dirty=0.25, seed=3)

    planted = {line["fault"] for line in told} - {None}
    if len(told) > 100:
        assert {fault.kind for kind in KINDS[key] for fault in kind.faults} <= planted
    check(path, key, told)


def test_every_source_can_be_made() -> None:
    assert {PROFILES[key].source for key in KINDS} == {each.source for each in PROFILES.values()}


def test_several_sheets_do_not_fit_into_a_csv(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"\.xlsx"):
        make(tmp_path / "list.csv", "pppconnext", households=5)


def difference_of(line: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return what differs. Notes about repairs (F_) may come on top of the told codes."""
    codes = {finding.code for finding in record.findings}
    decisive = {code for code in codes if not code.startswith("F_")}
    expected = set(line["codes"])
    found: dict[str, Any] = {
        column: (value, record.values.get(column))
        for column, value in line["normalised"].items()
        if record.values.get(column) != value
    }
    if verdict(record.findings) != line["verdict"]:
        found["verdict"] = (line["verdict"], verdict(record.findings))
    if not expected <= codes or not decisive <= expected:
        found["codes"] = (sorted(expected), sorted(codes))
    return found
