"""Reader, profile and checks say of every generated line what its maker knows of it."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from imports import reading
from imports.normalise.areas import AreaResolver, KnownArea
from imports.normalise.line import Normaliser
from imports.normalise.record import Record
from imports.normalise.tracker import FileTracker
from imports.profiles import PROFILES
from imports.profiles.headers import find_header, guess
from imports.verdicts import verdict

REFERENCE = Path(__file__).resolve().parents[2] / "areas" / "reference" / "areas.csv"
LEVELS = {2: "PROVINCE", 4: "DISTRICT", 6: "SUBDISTRICT"}


def known_areas() -> list[KnownArea]:
    with REFERENCE.open(encoding="utf-8-sig", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["code"])
    return [KnownArea(row["code"], LEVELS[len(row["code"])], row["name_th"]) for row in rows]


def records(path: Path) -> dict[int, Record]:
    """Return what is made of each line behind the header, for an uploader of province 30."""
    lines = [line for chunk in reading.read(path) for line in chunk.lines]
    header = find_header([cells for _, cells in lines[:15]])
    assert header == 0
    profile = PROFILES["tpmap"]
    samples = [cells for _, cells in lines[1:16]]
    mapping = guess(lines[0][1], profile, samples=samples)
    assert mapping.is_certain
    normaliser = Normaliser(
        mapping,
        profile,
        today=date(2026, 11, 20),
        year_be=2566,
        areas=AreaResolver(known_areas(), scopes=["30"]),
    )
    tracker = FileTracker()
    return {line: tracker.track(line, normaliser.read(cells)) for line, cells in lines[1:]}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_line_becomes_what_its_maker_meant(tmp_path: Path, ending: str, seed: int) -> None:
    path, truth = tmp_path / f"list.{ending}", tmp_path / "truth"
    call_command(
        "make_sample",
        path,
        kind="tpmap",
        households=600,
        dirty=0.25,
        indicators=38,
        seed=seed,
        truth=truth,
        verbosity=0,
    )
    told: list[dict[str, Any]] = [json.loads(line) for line in truth.read_text().splitlines()]
    found = records(path)
    assert list(found) == [line["row"] for line in told]
    wrong = [
        (line["fault"], line["row"], difference)
        for line in told
        if (difference := difference_of(line, found[line["row"]]))
    ]
    assert wrong == []


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
