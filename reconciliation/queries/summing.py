"""Counts of an area and year, each by one statement over the whole area.

Every household of the register counts that was not merged into another, also one that has
left the targets since, and a protected one: what a list said in its year does not change.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from areas.models import AreaFigure
from households.workflow import Source
from reconciliation.figures import BITS, FIELD, LABELS, Change, Flags, Signature

_HERE = """
here AS (
  SELECT id, area_id FROM households_household
  WHERE area_id >= %(lo)s COLLATE "C" AND area_id < %(hi)s COLLATE "C"
    AND merged_into_id IS NULL
)
"""
_SIGNATURES = f"""
WITH {_HERE}, said AS (
  SELECT l.household_id, l.source, bool_or(l.is_mpi_poor) AS poor,
         bool_or(l.has_welfare_card) AS card, bool_or(l.is_registered) AS registered
  FROM households_sourcelisting l JOIN here ON here.id = l.household_id
  WHERE l.year_be = %(year)s OR l.source = %(add_on)s
  GROUP BY 1, 2
), masks AS (
  SELECT household_id, bit_or(bit) AS lists,
         bit_or(bit) FILTER (WHERE poor) AS poor_yes,
         bit_or(bit) FILTER (WHERE NOT poor) AS poor_no,
         bit_or(bit) FILTER (WHERE card) AS card_yes,
         bit_or(bit) FILTER (WHERE NOT card) AS card_no,
         bit_or(bit) FILTER (WHERE registered) AS registered_yes,
         bit_or(bit) FILTER (WHERE NOT registered) AS registered_no
  FROM said JOIN unnest(%(sources)s::text[], %(bits)s::int[]) AS b(source, bit) USING (source)
  GROUP BY 1
), verdicts AS (
  SELECT DISTINCT ON (v.household_id) v.household_id, v.outcome
  FROM households_verification v JOIN here ON here.id = v.household_id
  WHERE v.retracted_at IS NULL AND v.outcome IN ('poor', 'not_poor')
  ORDER BY v.household_id, v.recorded_at DESC, v.id DESC
), visited AS (
  SELECT DISTINCT v.household_id
  FROM households_verification v JOIN here ON here.id = v.household_id
  WHERE v.retracted_at IS NULL
), living AS (
  SELECT m.household_id, count(*) AS people
  FROM households_member m JOIN here ON here.id = m.household_id
  WHERE m.left_on IS NULL
  GROUP BY 1
)
SELECT left(here.area_id, %(digits)s),
       coalesce(k.lists, 0) | CASE WHEN s.household_id IS NULL THEN 0 ELSE %(field)s END,
       coalesce(v.outcome, ''),
       coalesce(k.poor_yes, 0), coalesce(k.poor_no, 0),
       coalesce(k.card_yes, 0), coalesce(k.card_no, 0),
       coalesce(k.registered_yes, 0), coalesce(k.registered_no, 0),
       count(*), coalesce(sum(l.people), 0)::bigint
FROM here
LEFT JOIN masks k ON k.household_id = here.id
LEFT JOIN verdicts v ON v.household_id = here.id
LEFT JOIN visited s ON s.household_id = here.id
LEFT JOIN living l ON l.household_id = here.id
WHERE k.household_id IS NOT NULL OR s.household_id IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608 - parts of this file only
_FIGURES = f"""
WITH {_HERE}
SELECT l.source, l.year_be, count(DISTINCT l.household_id), count(DISTINCT l.member_id)
FROM households_sourcelisting l JOIN here ON here.id = l.household_id
GROUP BY 1, 2
"""  # noqa: S608
_CHANGES = f"""
WITH {_HERE}, stood AS (
  SELECT l.household_id, l.source,
         bool_or(l.year_be = %(year)s) AS now, bool_or(l.year_be = %(against)s) AS before,
         bool_or(l.year_be < %(against)s) AS earlier
  FROM households_sourcelisting l JOIN here ON here.id = l.household_id
  WHERE l.year_be <= %(year)s AND l.source <> %(add_on)s
  GROUP BY 1, 2
)
SELECT source, count(*) FILTER (WHERE before), count(*) FILTER (WHERE now),
       count(*) FILTER (WHERE now AND before),
       count(*) FILTER (WHERE now AND NOT before AND NOT earlier),
       count(*) FILTER (WHERE now AND NOT before AND earlier),
       count(*) FILTER (WHERE before AND NOT now)
FROM stood GROUP BY 1
"""  # noqa: S608
_HELD = f"""
WITH {_HERE}
SELECT count(DISTINCT l.household_id) FILTER (WHERE l.is_mpi_poor IS NOT FALSE),
       count(DISTINCT l.member_id) FILTER (WHERE l.is_mpi_poor IS NOT FALSE),
       count(DISTINCT l.member_id) FILTER (WHERE l.is_mpi_poor IS NOT FALSE AND l.is_registered),
       count(DISTINCT l.household_id) FILTER (
         WHERE l.is_mpi_poor IS NOT FALSE AND l.has_welfare_card IS NOT FALSE),
       count(DISTINCT l.member_id) FILTER (
         WHERE l.is_mpi_poor IS NOT FALSE AND l.has_welfare_card IS NOT FALSE)
FROM households_sourcelisting l JOIN here ON here.id = l.household_id
WHERE l.source = %(tpmap)s AND l.year_be = %(year)s
"""  # noqa: S608
MEASURES = {
    "poor_households": "ครัวเรือนที่จน",
    "poor_people": "คนจน",
    "registered_poor_people": "คนจนที่ลงทะเบียนสวัสดิการ",
    "target_households": "ครัวเรือนเป้าหมาย",
    "target_people": "คนจนเป้าหมาย",
}
"""Published figures that the register can be held against, in the order of `_HELD`."""


@dataclass(frozen=True, slots=True)
class ListFigure:
    """How many households a list of a year names here, and how many persons by name."""

    code: str
    year_be: int
    households: int
    named: int


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure of the area beside what the register holds; None: it cannot say."""

    label: str
    unit: str
    source: str
    value: int
    held: int | None

    @property
    def difference(self) -> int | None:
        return None if self.held is None else self.held - self.value

    @property
    def more(self) -> int:
        """Return how far apart the two are, whichever is larger."""
        return abs(self.difference or 0)


def signatures(area: str, year_be: int, *, digits: int | None = None) -> list[Signature]:
    """Return the signatures of each area of `digits` inside this one; the area's own if None."""
    bits = {code: bit for code, bit in BITS.items() if code != FIELD}
    rows = _ask(
        _SIGNATURES,
        area,
        year=year_be,
        digits=digits or len(area),
        field=BITS[FIELD],
        sources=list(bits),
        bits=list(bits.values()),
    )
    return [
        Signature(
            area=row[0],
            lists=row[1],
            verdict=row[2],
            poor=Flags(row[3], row[4]),
            card=Flags(row[5], row[6]),
            registered=Flags(row[7], row[8]),
            households=row[9],
            people=row[10],
        )
        for row in rows
    ]


def list_figures(area: str) -> list[ListFigure]:
    """Return every list and year that names a household here, newest first."""
    found = [ListFigure(*row) for row in _ask(_FIGURES, area) if row[0] in LABELS]
    order = list(LABELS)
    return sorted(found, key=lambda one: (-one.year_be, order.index(one.code)))


def years_in(figures: list[ListFigure]) -> list[int]:
    """Return the years that lists are of, newest first; what we found ourselves is no list."""
    return sorted({one.year_be for one in figures if one.code != Source.ADD_ON}, reverse=True)


def changes(area: str, year_be: int, *, against: int) -> list[Change]:
    rows = _ask(_CHANGES, area, year=year_be, against=against)
    return [Change(*row) for row in rows if row[0] in LABELS and (row[1] or row[2])]


def published(area: str, year_be: int) -> list[Published]:
    """Return the figures published of the area itself, those the register can answer first."""
    rows = AreaFigure.objects.current().filter(area_id=area, year_be=year_be)
    figures = list(rows.order_by("measure", "pk"))
    if not figures:
        return []
    held = dict(zip(MEASURES, _ask(_HELD, area, year=year_be)[0], strict=True))
    shown = [
        Published(
            label=MEASURES.get(figure.measure, figure.measure),
            unit=figure.unit,
            source=LABELS.get(figure.source, "ตัวเลขรายพื้นที่"),
            value=figure.value,
            held=held.get(figure.measure),
        )
        for figure in figures
    ]
    return sorted(shown, key=lambda one: one.held is None)


def _ask(statement: str, area: str, **values: Any) -> list[tuple[Any, ...]]:
    after = area[:-1] + chr(ord(area[-1]) + 1)
    asked = {
        "lo": area,
        "hi": after,
        "add_on": Source.ADD_ON.value,
        "tpmap": Source.TPMAP.value,
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
