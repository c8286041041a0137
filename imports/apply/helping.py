"""Lines of help: what an agency gave, recorded through the referral that asked for it.

The set-based twin of referrals.services.record_assistance: the same referrals may take
help, and the same row comes of it. Nothing is guessed: a household, an agency or a referral
that is not certain holds the line. Somebody who looked may record help that went through
no referral; which agency gave it, and to whom, nobody can let through unsaid.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Agency
from imports.apply.lines import Line
from imports.apply.plan import HOUSE_UNKNOWN, OUT_OF_SCOPE, Context, Outcome, Plan
from imports.apply.tables import HELP, Row
from imports.workflow import Action
from ppaos.orm import uuid7
from referrals.workflow import HELPED_THROUGH, AssistanceKind, Result

NO_REFERRAL = "H_NO_REFERRAL"
SEVERAL_REFERRALS = "H_REFERRAL_SEVERAL"
AGENCY_UNKNOWN = "H_AGENCY_UNKNOWN"
OTHER_HOUSE = "H_HOUSE_OTHER"
SEVERAL_HOMES = "H_HOUSE_SEVERAL"
NO_DAY = "H_HELP_DATE"
NO_DIMENSION = "H_DIMENSION"

_MOST_THB = Decimal("9999999999.99")
_OPEN = sorted(status.value for status in HELPED_THROUGH)
_NOT_IN_NAME = re.compile(r"[\s.()\-]+")


@dataclass
class _Known:
    """What the register has for these lines."""

    homes: dict[uuid.UUID, Row] = field(default_factory=dict)
    by_code: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    members: dict[bytes, Row] = field(default_factory=dict)
    agencies: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    referrals: dict[uuid.UUID, list[Row]] = field(default_factory=lambda: defaultdict(list))
    helps: set[tuple[Any, ...]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Way:
    """Through what the help went: a referral, or none but an agency and a dimension."""

    agency_id: uuid.UUID
    dimension: str
    referral_id: uuid.UUID | None


def plan_help(lines: Sequence[Line], context: Context, plan: Plan, *, lock: bool) -> None:
    """Add each help that is not recorded yet."""
    if not lines:
        return
    known = _load(lines, lock=lock)
    for line in lines:
        outcome = Outcome(line)
        plan.outcomes.append(outcome)
        home = _home(outcome, known, context)
        way = _way(outcome, home, known) if home else None
        _check_help(outcome, context)
        if home is not None and way is not None and not outcome.stays_out:
            _write(outcome, home, way, known, context, plan)


# ---- to whom ------------------------------------------------------------------------------
def _home(outcome: Outcome, known: _Known, context: Context) -> Row | None:
    """Find the household by the person's citizen ID or by its code; None holds the line."""
    line = outcome.line
    member = next((known.members[i] for i in line.indexes if i in known.members), None)
    by_person = known.homes[member["household_id"]] if member else None
    coded = known.by_code.get(line.house_code or "", [])
    if line.values.get("household_seq"):
        coded = [home for home in coded if home["seq"] == line.house_seq]
    if by_person is not None and line.house_code and by_person not in coded:
        outcome.note(OTHER_HOUSE, "citizen_id")
    if by_person is None and len(coded) > 1:
        outcome.insist(SEVERAL_HOMES, "house_code")
        return None
    home = by_person or (coded[0] if coded else None)
    if home is None:
        outcome.insist(HOUSE_UNKNOWN, "house_code")
    elif not str(home["area_id"]).startswith(context.scope_codes):
        outcome.insist(OUT_OF_SCOPE, "house_code")
    return home


# ---- through what -------------------------------------------------------------------------
def _way(outcome: Outcome, home: Row, known: _Known) -> _Way | None:
    """Find the one referral that fits what the line says; None holds the line."""
    line = outcome.line
    agency = _agency(line, home, known)
    number, dimension = line.text("referral_number"), line.text("dimension")
    if agency is None and (line.text("agency") or not number):
        outcome.insist(AGENCY_UNKNOWN, "agency")
        return None
    fitting = [
        each
        for each in known.referrals.get(home["id"], [])
        if (not number or each["number"] == number)
        and (agency is None or each["agency_id"] == agency["id"])
        and (not dimension or each["dimension"] == dimension)
    ]
    if len(fitting) == 1:
        found = fitting[0]
        return _Way(found["agency_id"], found["dimension"], found["id"])
    if fitting:
        outcome.insist(SEVERAL_REFERRALS, "dimension")
        return None
    if number or agency is None:
        # The line says itself that there was one: only another number can be right.
        outcome.insist(NO_REFERRAL, "referral_number")
        return None
    if not dimension:
        outcome.insist(NO_DIMENSION, "dimension")
        return None
    outcome.note(NO_REFERRAL, "agency")
    return _Way(agency["id"], dimension, None)


def _agency(line: Line, home: Row, known: _Known) -> Row | None:
    """Return the one agency of that name that answers for the household's area."""
    area = str(home["area_id"])
    named = known.agencies.get(_name(line.text("agency")), [])
    here = [agency for agency in named if area.startswith(agency["area_id"])]
    return here[0] if len(here) == 1 else None


def _name(text: str) -> str:
    return _NOT_IN_NAME.sub("", text).lower()


# ---- what ---------------------------------------------------------------------------------
def _check_help(outcome: Outcome, context: Context) -> None:
    day = _day(outcome.line)
    if day is None or day > context.today:
        outcome.insist(NO_DAY, "help_date")
    if not 0 <= _amount(outcome.line) <= _MOST_THB:
        outcome.insist("E_AMOUNT", "budget")


def _day(line: Line) -> date | None:
    text = line.text("help_date")
    return date.fromisoformat(text) if len(text) == len("2567-01-01") else None


def _amount(line: Line) -> Decimal:
    """Return the baht; nothing said is nothing given in money."""
    return Decimal(line.text("budget") or 0).quantize(Decimal("0.01"))


def _description(line: Line) -> str | None:
    result = line.text("help_result")
    texts = (
        line.text("activity"),
        line.text("help_note"),
        f"ผล: {Result(result).label}" if result else "",
    )
    return "; ".join(text for text in texts if text) or None


def _write(
    outcome: Outcome, home: Row, way: _Way, known: _Known, context: Context, plan: Plan
) -> None:
    line = outcome.line
    outcome.household_id, outcome.household_action = home["id"], Action.UNCHANGED
    values = {
        "id": uuid7(),
        "household_id": home["id"],
        "referral_id": way.referral_id,
        "dimension": way.dimension,
        "agency_id": way.agency_id,
        "kind": line.text("help_kind") or AssistanceKind.OTHER.value,
        "description": _description(line),
        "amount_thb": _amount(line),
        "helped_on": _day(line),
        "recorded_at": context.at,
        "recorded_by_id": context.by_id,
    }
    key = _key(values)
    if key in known.helps:
        return
    known.helps.add(key)
    plan.areas.add(home["area_id"])
    plan.insert(HELP, HELP.new_row(values, at=context.at), home["id"])
    outcome.is_new = True


def _key(row: Row) -> tuple[Any, ...]:
    """Return by what two helps are one: the same way, day, kind and amount."""
    way = row["referral_id"] or (row["household_id"], row["agency_id"], row["dimension"])
    return (way, row["helped_on"], row["kind"], row["amount_thb"])


# ---- what the register has ----------------------------------------------------------------
def _load(lines: Sequence[Line], *, lock: bool) -> _Known:
    """Read in the order of every import: households, then what belongs to them."""
    known = _Known()
    indexes = [index for line in lines for index in line.indexes]
    for row in _read(_MEMBERS, [indexes]):
        known.members[bytes(row["citizen_id_index"])] = row
    codes = sorted({line.house_code for line in lines if line.house_code})
    living = [row["household_id"] for row in known.members.values()]
    tail = " FOR NO KEY UPDATE" if lock else ""
    for row in _read(_HOMES + tail, [codes, living]):
        known.homes[row["id"]] = row
        if row["house_code"]:
            known.by_code[row["house_code"]].append(row)
    homes = list(known.homes)
    tail = " FOR NO KEY UPDATE OF r" if lock else ""
    for row in _read(_REFERRALS + tail, [homes, _OPEN]):
        known.referrals[row["household_id"]].append(row)
    known.helps = {_key(row) for row in _read(_HELPS, [homes])}
    for name, agency in _agency_names():
        known.agencies[name].append(agency)
    return known


_MEMBERS = """
    SELECT id, household_id, citizen_id_index FROM households_member
    WHERE citizen_id_index = ANY(%s) AND left_on IS NULL
"""
_HOMES = """
    SELECT id, house_code, seq, area_id FROM households_household
    WHERE house_code = ANY(%s) OR id = ANY(%s) ORDER BY id
"""
_REFERRALS = """
    SELECT r.id, r.number, r.household_id, r.agency_id, p.dimension
    FROM referrals_referral r JOIN problems_problem p ON p.id = r.problem_id
    WHERE r.household_id = ANY(%s) AND r.status = ANY(%s) ORDER BY r.id
"""
_HELPS = """
    SELECT referral_id, household_id, agency_id, dimension, helped_on, kind, amount_thb
    FROM referrals_assistance WHERE household_id = ANY(%s) AND retracted_at IS NULL
"""


def _read(question: str, arguments: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(question, arguments)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _agency_names() -> Iterator[tuple[str, Row]]:
    """Yield each writing of an agency's name: the code, both names, and these with its area's."""
    for agency in Agency.objects.filter(is_active=True).select_related("area").order_by("code"):
        row = {"id": agency.pk, "area_id": agency.area_id}
        names = {agency.code, agency.name, agency.short_name}
        area = agency.area.name
        with_area = {f"{name}{word}{area}" for name in names for word in ("", "จังหวัด", "อำเภอ")}
        for name in {_name(name) for name in names | with_area} - {""}:
            yield name, row
