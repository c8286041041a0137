"""What is measured, part by part, and the goals that each figure is held against.

The goals of 100,000 persons stand beside the figures of any size: the share of what
costs the same for every file (starting processes, counting) is larger in a small one.
"""

import os
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from django.db import connection
from django.utils.timezone import localdate

from accounts.models import Scope, User
from accounts.roles import Role
from benchmarks import beside, floors, importing, memory, million, peer, searching, serving
from benchmarks.lists import YEAR_BE, write_list
from benchmarks.report import Figure, faster, ratio
from imports.services.commanding import service_user
from ppaos.embedded.bootstrap import ROOT

PROVINCE = "30"
SUBDISTRICT = "303201"
PEER_PERSONS = 10_000
CHANGED_SHARE = 0.02
REQUESTS = 200
SEARCHES = 200
_NO_END = date(2999, 12, 31)


@dataclass
class Bench:
    """How much to measure, and what else is worth printing."""

    folder: Path
    persons: int
    runs: int
    notes: list[str] = field(default_factory=list)

    def file(self, name: str, *, changed_share: float = 0.0, persons: int = 0) -> Path:
        """Return the list of this name, written when it is first asked for."""
        path = self.folder / name
        if not path.exists():
            write_list(path, persons=persons or self.persons, changed_share=changed_share)
        return path


def imports(bench: Bench) -> list[Figure]:
    files = importing.Files(
        workbook=bench.file("list.xlsx"),
        changed=bench.file("changed.xlsx", changed_share=CHANGED_SHARE),
        csv=bench.file("list.csv"),
    )
    found = importing.measure(files, runs=bench.runs)
    for name, effect in found.effects.items():
        bench.notes.append(f"  {name}: {effect}")
    for name in ("first", "again", "changed", "csv"):
        series: importing.Series = getattr(found, name)
        bench.notes.append(
            f"  {name}: staged {median(series.stage):.2f} s, applied {median(series.apply):.2f} s"
        )
    floor = _sums(found.calamine.clock, found.copy.clock)
    csv_floor = _sums(found.csv_read.clock, found.copy.clock)
    bench.notes += _processor_notes(found)
    return [
        ratio(
            "XLSX upload → applied ÷ (calamine read + COPY)",
            found.first.whole,
            floor,
            reach=2.5,
            then=1.8,
        ),
        ratio(
            "identical re-import ÷ calamine read",
            found.again.whole,
            found.calamine.clock,
            reach=1.9,
            then=1.4,
        ),
        ratio(
            "2 % of the lines changed ÷ calamine read",
            found.changed.whole,
            found.calamine.clock,
            reach=2.0,
            then=1.5,
        ),
        ratio("undo ÷ apply", found.undo, found.first.apply, reach=1.5, then=1.0),
        ratio("CSV upload → applied ÷ (csv read + COPY)", found.csv.whole, csv_floor),
    ]


def _sums(some: list[float], others: list[float]) -> list[float]:
    return [one + other for one, other in zip(some, others, strict=True)]


def _processor_notes(found: importing.Measured) -> list[str]:
    """The same ratios in processor time: what they would be if nothing overlapped or waited."""
    reading = found.calamine.processor
    pairs = (
        ("XLSX", found.first.processor, _sums(reading, found.copy.processor)),
        ("identical", found.again.processor, reading),
        ("2 % changed", found.changed.processor, reading),
    )
    return [
        f"  processor time, {name}: {median(work):.2f} s ÷ {median(base):.2f} s"
        f" = {median(work) / median(base):.1f} ×"
        for name, work, base in pairs
    ]


def peer_ratio(bench: Bench) -> list[Figure]:
    """Both sides start from parsed, checked lines in memory or staging, and empty tables.

    Theirs is timed once: it takes minutes.
    """
    persons = min(bench.persons, PEER_PERSONS)
    path = bench.file(f"peer-{persons}.csv", persons=persons)
    by = service_user()
    ours = importing.Series()
    for _ in range(bench.runs):
        floors.empty_tables()
        timed = importing.import_list(path)
        ours.add(timed)
    dumped = floors.dump_register()
    lines = peer.new_lines(timed.batch)
    floors.empty_tables()
    theirs, rows = peer.measure(lines, by=by, today=localdate())
    counts = {name: content.count(b"\n") for name, content in dumped.items()}
    bench.notes.append(f"  rows, ours: {counts}")
    bench.notes.append(f"  rows, django-import-export: {dict(rows)}")
    floors.empty_tables()
    return [
        faster(
            f"parsed rows → tables, {persons:,}: times faster than django-import-export",
            ours.apply,
            [theirs],
            reach=20,
            then=50,
        ),
        Figure(
            "the same, ours from the uploaded bytes on",
            theirs / median(ours.whole),
            "×",
            f"{theirs:.2f} s ÷ {median(ours.whole):.2f} s",
            is_more_better=True,
        ),
    ]


def memory_peak(bench: Bench) -> list[Figure]:
    """The command does what the worker does, in one process, with its parsing children."""
    floors.empty_tables()
    command = (sys.executable, "-m", "django", "import_file")
    options = ("--source", "tpmap", "--year", str(YEAR_BE), "--apply")
    figures = []
    for name in ("list.xlsx", "list.csv"):
        peak = memory.peak_of([*command, str(bench.file(name)), *options], folder=ROOT)
        # 2: applied, with lines that wait or were refused, as planted.
        assert peak.exit_code in (0, 2), peak
        floors.empty_tables()
        figures.append(
            Figure(
                f"peak memory of the import processes, {name.rpartition('.')[2].upper()}",
                peak.megabytes,
                "MB",
                f"{peak.processes} processes, sum of RSS",
                reach=700,
            )
        )
    return figures


def pages(bench: Bench) -> list[Figure]:
    """A list page and a search over the persons of the list, all of one province."""
    floors.empty_tables()
    importing.import_list(bench.file("list.csv"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    officer = _user("bench-province", Role.PROVINCE_OFFICER, PROVINCE)
    surveyor = _user("bench-surveyor", Role.SURVEYOR, SUBDISTRICT)
    figures = _list_pages(bench, officer, surveyor)
    figures += _search(bench, officer)
    floors.empty_tables()
    return figures


def _list_pages(bench: Bench, officer: User, surveyor: User) -> list[Figure]:
    with serving.web_server(ROOT, bench.folder / "web.log") as port:
        bare = serving.p95(port, "/healthz", count=REQUESTS, runs=bench.runs)
        taken = {
            who: serving.p95(
                port,
                "/households/",
                cookie=serving.sign_in(user),
                count=REQUESTS,
                runs=bench.runs,
            )
            for who, user in (("province", officer), ("subdistrict", surveyor))
        }
    figures = []
    for who, times in taken.items():
        figures += [
            Figure(
                f"list page, scope {who}, p95 ÷ bare view",
                median(times) / median(bare),
                "×",
                f"{median(times) * 1000:.1f} ms ÷ {median(bare) * 1000:.1f} ms",
                reach=6,
                then=4,
            ),
            Figure(
                f"list page, scope {who}, p95",
                median(times) * 1000,
                "ms",
                f"{REQUESTS} requests, one after the other",
                reach=150,
            ),
        ]
    return figures


def _search(bench: Bench, officer: User) -> list[Figure]:
    pieces = searching.parts_of_names(SEARCHES)
    searching.ours(pieces[:20], by=officer)
    ours = [searching.ours(pieces, by=officer) for _ in range(bench.runs)]
    bare = [searching.bare(pieces, province=PROVINCE) for _ in range(bench.runs)]
    plan = searching.plan(pieces[0], by=officer, province=PROVINCE)
    bench.notes.append("  plan of a search for three letters inside a name:")
    bench.notes += [f"    {line}" for line in plan.splitlines()]
    return [
        Figure(
            "Thai name contains, province, p95 ÷ the bare index",
            median(ours) / median(bare),
            "×",
            f"{median(ours) * 1000:.1f} ms ÷ {median(bare) * 1000:.1f} ms",
            reach=2,
            then=1.3,
        )
    ]


def _user(username: str, role: Role, area: str) -> User:
    user, is_new = User.objects.get_or_create(username=username, defaults={"name": username})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Scope.objects.create(user=user, role=role, area_id=area, valid_until=_NO_END)
    return user


def million_lines(bench: Bench) -> list[Figure]:
    return million.measure(bench.folder, bench.notes)


def beside_import(bench: Bench) -> list[Figure]:
    viewer = _user("bench-beside", Role.PROVINCE_OFFICER, PROVINCE)
    length = int(os.environ.get("PPAOS_BENCH_BESIDE_ROWS") or max(20_000, bench.persons))
    return beside.measure(bench.folder, viewer, length=length, notes=bench.notes)
