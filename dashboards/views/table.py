"""The areas inside an area as a table that can be sorted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from areas.models import CODE_LENGTH, Area, Level
from dashboards.figures import Row
from dashboards.views.lists import Lists
from dashboards.views.telling import Figure, Kind, Value

_LEVELS = {length: Level(level) for level, length in CODE_LENGTH.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its value in a row, and the list behind it."""

    code: str
    label: str
    of: Callable[[Row], Value]
    kind: Kind = Kind.COUNT
    url: Callable[[Lists], str] = lambda lists: ""
    key: str = ""
    """How a row names it among what is hidden, if not by the code."""


COLUMNS = (
    Column(
        "targets",
        "เป้าหมาย",
        lambda row: row.targets,
        url=lambda lists: lists.counted("target"),
        key="targets.total",
    ),
    Column("people_total", "คนที่มีปัญหา", lambda row: row.people_total),
    Column("coverage", "สอบทานแล้ว", lambda row: row.coverage.percent, Kind.PERCENT),
    Column("kpi_a", "ช่วยแล้ว ≥ 1 ด้าน", lambda row: row.kpi_a.percent, Kind.PERCENT, key="kpi.a"),
    Column("kpi_b", "ช่วยครบทุกด้าน", lambda row: row.kpi_b.percent, Kind.PERCENT, key="kpi.b"),
    Column("baht", "ช่วยเหลือ (บาท)", lambda row: row.baht, key="helped.baht"),
    Column(
        "overdue",
        "ค้างเกินกำหนด",
        lambda row: row.overdue,
        url=lambda lists: lists.overdue(),
        key="referrals.overdue",
    ),
    Column(
        "exits",
        "พ้นความยากจน",
        lambda row: row.exits,
        url=lambda lists: lists.exits("graduated"),
    ),
)
BY_DEFAULT = "-targets"
BY_CODE = "area"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the address that sorts by it."""

    label: str
    url: str
    is_current: bool
    direction: str


@dataclass(frozen=True, slots=True)
class Line:
    """An area with its figures; `url` is one step down."""

    label: str
    url: str
    cells: Sequence[tuple[str, Figure]]


@dataclass(frozen=True, slots=True)
class Breakdown:
    unit: str
    sorted_by: str
    columns: Sequence[Heading]
    rows: Sequence[Line]
    without: Sequence[Line]
    """Areas whose register is empty: there is nothing to count yet, so no zeros stand there."""


def breakdown(rows: list[Row], *, area: Area, lists: Lists, sort: str) -> Breakdown:
    """Return the table, the largest number of targets first unless `sort` says otherwise."""
    order = sort if sort.removeprefix("-") in {BY_CODE, *(c.code for c in COLUMNS)} else BY_DEFAULT
    unit = unit_inside(area)
    base: dict[str, str | int] = {"area": area.pk, "year": lists.year_be}
    return Breakdown(
        unit=unit,
        sorted_by=next(
            (column.label for column in COLUMNS if column.code == order.removeprefix("-")), "รหัสพื้นที่"
        ),
        columns=[
            _heading(BY_CODE, unit, order, base, first=BY_CODE),
            *(_heading(c.code, c.label, order, base, first=f"-{c.code}") for c in COLUMNS),
        ],
        rows=[_line(row, lists) for row in _sorted(rows, order) if row.households != 0],
        without=[_line(row, lists) for row in _sorted(rows, BY_CODE) if row.households == 0],
    )


def unit_inside(area: Area) -> str:
    """Name the areas inside: อำเภอ, ตำบล, หมู่บ้าน."""
    level = _LEVELS.get(len(area.pk) + 2)
    return str(level.label) if level else ""


def is_hidden(row: Row, column: Column) -> bool:
    """Say whether a value that is not there was kept back."""
    if column.of(row) is not None:
        return False
    return (column.key or column.code) in row.suppressed


def _heading(
    code: str, label: str, order: str, base: dict[str, str | int], *, first: str
) -> Heading:
    is_current = order.removeprefix("-") == code
    turned = code if order.startswith("-") else f"-{code}"
    return Heading(
        label=label,
        url=f"?{urlencode({**base, 'sort': turned if is_current else first})}",
        is_current=is_current,
        direction="descending" if order.startswith("-") else "ascending",
    )


def _sorted(rows: list[Row], order: str) -> list[Row]:
    """Sort by a column; what is hidden or not known stands last, by code, whatever the order."""
    code, falls = order.removeprefix("-"), order.startswith("-")
    by_code = sorted(rows, key=lambda row: (row.area, row.is_own))
    if code == BY_CODE:
        return by_code[::-1] if falls else by_code
    column = next(column for column in COLUMNS if column.code == code)

    def key(row: Row) -> Decimal:
        return Decimal(column.of(row) or 0)

    known = [row for row in by_code if column.of(row) is not None]
    return [
        *sorted(known, key=key, reverse=falls),
        *(row for row in by_code if column.of(row) is None),
    ]


def _line(row: Row, lists: Lists) -> Line:
    # Of "not known which village" there is no list: its area is the whole tambon.
    own = replace(lists, area=row.area, opens_households=False, opens_referrals=False)
    inside = own if row.is_own else replace(lists, area=row.area)
    cells = []
    for column in COLUMNS:
        value = column.of(row)
        url = column.url(inside) if value is not None else ""
        cells.append((column.label, Figure(value, column.kind, url, is_hidden(row, column))))
    down = urlencode({"area": row.area, "year": lists.year_be})
    return Line(_name_of(row), "" if row.is_own else f"?{down}", cells)


def _name_of(row: Row) -> str:
    """Name a village with its number; an area that is in no tree by its code."""
    if row.is_own:
        return "ไม่ทราบหมู่บ้าน"
    name = row.name or row.area
    return f"หมู่ {int(row.area[6:])} {name}" if len(row.area) == 8 else name
