"""The one search box and the list on a register of a million people, in database time."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.models import Scope, User
from accounts.roles import Role
from benchmarks import crowd
from benchmarks.report import Figure, load, percentile, seconds
from benchmarks.served import database_seconds, served_seconds
from benchmarks.serving import sign_in, together, web_server
from casework.services import MOST_FOUND
from households.models import Household, Member
from households.services import By, Wanted, interpret, matching, ranked
from households.workflow import Stage
from ppaos.embedded.bootstrap import ROOT
from ppaos.lib.thai_text import name_key

PERSONS = 1_000_000
SEARCHES = 100
WARM_UP = 10
USERS = 6
REQUESTS = 25
"""Of each user, on each page."""
_PROVINCE = "30"
_NO_END = date(2999, 12, 31)
_EXACT_MS, _PROVINCE_MS, _COUNTRY_MS, _PAGE_MS = 2, 30, 150, 150
_WRITTEN_FOR = {"ร": "ล", "ศ": "ส", "ณ": "น", "ี": "ิ", "ู": "ุ", "ภ": "พ", "ธ": "ท"}


def measure(folder: Path, notes: list[str]) -> list[Figure]:
    persons = int(os.environ.get("PPAOS_BENCH_SEARCH_PERSONS") or PERSONS)
    notes.append(f"  {persons:,} persons made in {seconds(lambda: crowd.fill(persons)):.0f} s")
    notes.append(f"  load before the searches {load()}; searches in processor time of the database")
    officer = _user("bench-one-province", [_PROVINCE])
    country = _user("bench-country", crowd.PROVINCES)
    exact = _exact_figures(country, notes)
    names = [
        figure
        for who, user, goal in (
            ("a province", officer, _PROVINCE_MS),
            ("the country", country, _COUNTRY_MS),
        )
        for figure in _name_figures(who, user, goal, notes)
    ]
    return [*exact, *names, *_page_figures(folder, officer, country)]


# ---- searches --------------------------------------------------------------------------
def _exact_figures(country: User, notes: list[str]) -> list[Figure]:
    ids = crowd.give_ids(SEARCHES)
    codes = list(
        Household.objects.order_by("-house_code").values_list("house_code", flat=True)[:SEARCHES]
    )
    return [
        _figure(name, [interpret(str(text)) for text in texts], country, _EXACT_MS, notes)
        for name, texts in (("house code", codes), ("citizen ID", ids))
    ]


def _name_figures(who: str, user: User, goal: int, notes: list[str]) -> list[Figure]:
    """Parts of names as typed, and names typed wrong: each kind, and all together."""
    random = Random(2569)
    people = list(
        Member.objects.filter(province_code=_PROVINCE).values_list("first_name", "last_name")[:5000]
    )
    kinds: dict[str, Callable[[str, str], str]] = {
        "three letters inside a name": lambda first, last: _piece(random, first + last, 3),
        "a first name": lambda first, last: first,
        "a whole name": lambda first, last: f"{first} {last}",
        "a first name mistyped": lambda first, last: _mistyped(random, first),
        "a whole name mistyped": lambda first, last: _mistyped(random, f"{first}{last}"),
    }
    figures, together = [], []
    for kind, make in kinds.items():
        wanted = [Wanted(By.NAME, name_key(make(*random.choice(people)))) for _ in range(SEARCHES)]
        taken = _times(wanted, user)
        together += taken
        figures.append(
            Figure(
                f"{kind}, {who}, p95",
                percentile(taken, 0.95) * 1000,
                "ms",
                f"median {percentile(taken, 0.5) * 1000:.1f} ms of {len(taken)} searches",
                reach=goal,
            )
        )
        _note_plans(f"{kind}, {who}", wanted[0], user, notes)
    figures.append(
        Figure(
            f"part of a Thai name, tolerant included, {who}, p95",
            percentile(together, 0.95) * 1000,
            "ms",
            "all of these kinds",
            reach=goal,
        )
    )
    return figures


def _piece(random: Random, name: str, letters: int) -> str:
    begin = random.randint(0, max(0, len(name) - letters))
    return name[begin : begin + letters]


def _mistyped(random: Random, name: str) -> str:
    """Return the name with a letter of the same sound, or a letter left out."""
    spots = [at for at, letter in enumerate(name) if letter in _WRITTEN_FOR]
    if spots and random.random() < 0.5:
        at = random.choice(spots)
        return name[:at] + _WRITTEN_FOR[name[at]] + name[at + 1 :]
    at = random.randint(2, max(2, len(name) - 2))
    return name[:at] + name[at + 1 :]


def _figure(name: str, wanted: Sequence[Wanted], user: User, goal: int, notes: list[str]) -> Figure:
    taken = _times(wanted, user)
    _note_plans(name, wanted[0], user, notes)
    return Figure(
        f"search by {name}, the country, p95",
        percentile(taken, 0.95) * 1000,
        "ms",
        f"median {percentile(taken, 0.5) * 1000:.2f} ms of {len(taken)} searches",
        reach=goal,
    )


def _times(wanted: Sequence[Wanted], user: User) -> list[float]:
    """Return the processor seconds of the database for each search, all its statements.

    Not the clock's: others use the machine, and a database that waits for its turn does
    nothing. Everything is in memory.
    """
    for each in wanted[:WARM_UP]:
        _search(each, user)
    return [database_seconds(partial(_search, each, user)) for each in wanted]


def _reads_register(sql: str) -> bool:
    tables = ("households_member", "households_household")
    return sql.startswith("SELECT") and any(table in sql for table in tables)


def _search(wanted: Wanted, user: User) -> None:
    if wanted.by is By.NAME:
        ranked(wanted, by=user, most=MOST_FOUND)
    else:
        list(matching(wanted, by=user).values_list("pk", flat=True)[: MOST_FOUND + 1])


@contextmanager
def _watched() -> Iterator[list[tuple[str, Any]]]:
    """Yield the text and the values of each statement that is sent."""
    asked: list[tuple[str, Any]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield asked


def _note_plans(what: str, wanted: Wanted, user: User, notes: list[str]) -> None:
    with _watched() as asked:
        _search(wanted, user)
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in asked:
            if "set_config" in sql:
                cursor.execute(sql, params)
            if not _reads_register(sql):
                continue
            notes.append(f"  plan of {what}:")
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
            notes += [f"    {line[:180]}" for (line,) in cursor.fetchall()]


# ---- pages -----------------------------------------------------------------------------
def _page_figures(folder: Path, officer: User, country: User) -> list[Figure]:
    district = f"{_PROVINCE}01"
    pages = {
        "province": (officer, "/households/"),
        "the second half of a province": (officer, f"/households/?area={_PROVINCE}05"),
        "a district by name": (officer, f"/households/?area={district}&sort=name"),
        "households found poor, country": (country, f"/households/?stage={Stage.VERIFIED_POOR}"),
        "without an assessment, province": (officer, "/households/?gap=no-assessment"),
    }
    with web_server(ROOT, folder / "web.log") as port:
        return [
            figure
            for name, (user, path) in pages.items()
            for figure in _page(name, port, path, cookies=[sign_in(user) for _ in range(USERS)])
        ]


def _page(name: str, port: int, path: str, *, cookies: Sequence[str]) -> list[Figure]:
    """By the clock, which others on the machine stretch, and in processor time."""
    together(port, path, cookies=cookies, count=WARM_UP)
    taken: list[float] = []
    spent = served_seconds(
        lambda: taken.extend(together(port, path, cookies=cookies, count=REQUESTS))
    )
    # Each connection warms up with a tenth as many.
    asked = len(cookies) * (REQUESTS + REQUESTS // 10)
    return [
        Figure(
            f"list page, {name}, p95 at {USERS} users",
            percentile(taken, 0.95) * 1000,
            "ms",
            f"median {percentile(taken, 0.5) * 1000:.0f} ms of {len(taken)} requests",
            reach=_PAGE_MS,
        ),
        Figure(
            f"list page, {name}, processor time of a request",
            spent / asked * 1000,
            "ms",
            "web server and database",
        ),
    ]


def _user(username: str, provinces: Sequence[str]) -> User:
    user, is_new = User.objects.get_or_create(username=username, defaults={"name": username})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        for province in provinces:
            Scope.objects.create(
                user=user, role=Role.PROVINCE_OFFICER, area_id=province, valid_until=_NO_END
            )
    return user
