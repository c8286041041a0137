"""Lists to import, and what their maker knows of each line."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.journeys.product import Product

YEAR_BE = 2567
SEED_OF_AREA = "40"


@dataclass(frozen=True)
class Sample:
    path: Path
    lines: list[dict[str, Any]]

    def count(self, verdict: str) -> int:
        return Counter(line["verdict"] for line in self.lines)[verdict]

    def with_code(self, code: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if code in line["codes"]]

    def people_of(self, subdistrict: str) -> list[dict[str, Any]]:
        """Return the normalised values of every line without a fault, of one subdistrict."""
        return [
            line["normalised"]
            for line in self.lines
            if not line["codes"]
            and line["fault"] is None
            and line["normalised"]["tambon_code"] == subdistrict
        ]


def make_list(
    folder: Path, *, households: int, dirty: float, seed: int, ending: str = "xlsx"
) -> Sample:
    path, truth = folder / f"list-{seed}.{ending}", folder / f"truth-{seed}"
    call_command(
        "make_sample",
        path,
        kind="tpmap",
        households=households,
        dirty=dirty,
        truth=truth,
        seed=seed,
        year=YEAR_BE,
        verbosity=0,
    )
    return Sample(path, [json.loads(line) for line in truth.read_text().splitlines()])


def make_list_of_area(product: Product, folder: Path, *, area: str, households: int) -> Sample:
    """Make a list of one area, as the product knows it, of nobody who is on another list."""
    path = folder / f"list-{area}.csv"
    product.manage(
        *("make_sample", str(path), "--kind", "tpmap", "--households", str(households)),
        *("--areas", area, "--year", str(YEAR_BE), "--seed", SEED_OF_AREA, "--verbosity", "0"),
    )
    return Sample(path, [])
