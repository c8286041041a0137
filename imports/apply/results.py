"""What the list says of each person's and each household's poverty, and the problems that follow.

A line about a person gives the person a listing and a result; lines about a household give
them to the household, all of its lines together: a long list has one for each problem.
"""

import uuid
from collections.abc import Sequence
from datetime import date

from households.workflow import Stage
from imports.apply.lines import Line
from imports.apply.plan import KEPT, Context, Home, Outcome, Plan
from imports.apply.register import Register
from imports.apply.saying import (
    Said,
    capitals_of,
    has_homeless_text,
    needs_of,
    said_by,
    said_together,
)
from imports.apply.tables import CAPITALS, LISTINGS, NAMED, PROBLEMS, RESULTS, Row, Table
from imports.profiles.profile import Unit
from ppaos.lib.buddhist_era import to_ce_year
from ppaos.orm import unseal_cell, uuid7
from problems.rules import DIMENSIONS, Dimension, ProblemCode
from problems.workflow import Origin, Status

NO_DIMENSION = "W_NO_DIMENSION"

# A list names the dimension, not what exactly is wrong in it.
LISTED_CODES = {
    Dimension.HEALTH: ProblemCode.HEALTH_OTHER,
    Dimension.LIVING: ProblemCode.LIVING_OTHER,
    Dimension.EDUCATION: ProblemCode.EDUCATION_OTHER,
    Dimension.INCOME: ProblemCode.INCOME_BELOW_LINE,
    Dimension.ACCESSIBILITY: ProblemCode.ACCESSIBILITY_OTHER,
}

Failing = dict[Dimension, list[Outcome]]
"""The lines that say so."""


def plan_results(home: Home, register: Register, context: Context, plan: Plan) -> None:
    """Plan listings and results of the household's lines, and its problems."""
    if home.row is None:
        return
    failing: Failing = {}
    for outcome in home.taking_part:
        if outcome.line.unit is Unit.PERSON:
            assert outcome.member is not None
            said = said_by(outcome.line, context)
            _write([outcome], outcome.member["id"], said, register, context, plan)
            _collect(failing, said, outcome)
    about_home = [o for o in home.taking_part if o.line.unit is Unit.HOUSEHOLD]
    if about_home:
        lines = [outcome.line for outcome in about_home]
        _write(about_home, home.row["id"], said_together(lines, context), register, context, plan)
        _write_capitals(about_home, capitals_of(lines), register, context, plan)
        for outcome in about_home:
            _collect(failing, said_by(outcome.line, context), outcome)
    # A household that left the targets keeps its listing; a problem would call it back.
    if home.row["stage"] != Stage.EXITED:
        _write_problems(home, failing, register, context, plan)


def _collect(failing: Failing, said: Said, outcome: Outcome) -> None:
    for dimension in DIMENSIONS:
        if said.bits.failed & dimension.bit:
            failing.setdefault(dimension, []).append(outcome)
    if has_homeless_text(outcome.line):
        outcome.note(NO_DIMENSION, "problem_text")


# ---- listing, result, capitals ----------------------------------------------------------
def _write(
    outcomes: Sequence[Outcome],
    subject_id: uuid.UUID,
    said: Said,
    register: Register,
    context: Context,
    plan: Plan,
) -> None:
    """Plan the listing and the result of a person, or of a household."""
    member_id = subject_id if outcomes[0].line.unit is Unit.PERSON else None
    household_id = outcomes[0].household_id
    listing = {"household_id": household_id, "member_id": member_id}
    present = register.listings.get(subject_id)
    if present is not None:
        flags = {column: value for column, value in said.flags.items() if value is not None}
        _set(LISTINGS, present, flags, outcomes, plan)
    else:
        _add(LISTINGS, listing | said.flags, outcomes, context, plan)
    if not said.bits.known and not said.indicators.known_bits:
        return
    has_form = said.form is not None
    result: Row = {
        "indicator_set_id": said.form.id if said.form else None,
        # Without a form nobody can say later what the bits meant.
        "known_bits": said.indicators.known_bits if has_form else 0,
        "passed_bits": said.indicators.passed_bits if has_form else 0,
        "dimension_known_bits": said.bits.known,
        "dimension_failed_bits": said.bits.failed,
    }
    present = register.results.get(subject_id)
    if present is not None:
        _set(RESULTS, present, result, outcomes, plan)
        return
    subject = {"household_id": None if member_id else household_id, "member_id": member_id}
    _add(RESULTS, subject | result, outcomes, context, plan)


def _write_capitals(
    outcomes: Sequence[Outcome], said: Row, register: Register, context: Context, plan: Plan
) -> None:
    """Plan what the list says of the capitals; never an assessment."""
    household_id = outcomes[0].household_id
    assert household_id is not None
    if not said:
        return
    present = register.capitals.get(household_id)
    if present is not None:
        _set(CAPITALS, present, said, outcomes, plan)
    else:
        _add(CAPITALS, {"household_id": household_id, **said}, outcomes, context, plan)


def _add(
    table: Table, values: Row, outcomes: Sequence[Outcome], context: Context, plan: Plan
) -> None:
    key = {"id": uuid7(), "source": context.source, "year_be": context.year_be}
    household_id = outcomes[0].household_id
    plan.insert(table, table.new_row(key | values, at=context.at), household_id)
    _mark(outcomes)


def _set(table: Table, present: Row, said: Row, outcomes: Sequence[Outcome], plan: Plan) -> None:
    new = {column: value for column, value in said.items() if value != present[column]}
    if new:
        plan.update(table, present, new, outcomes[0].household_id)
        _mark(outcomes)


def _mark(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        outcome.is_changed = True


# ---- problems ---------------------------------------------------------------------------
def _write_problems(
    home: Home, failing: Failing, register: Register, context: Context, plan: Plan
) -> None:
    """Open what fails and is not open; name in it the members in whom it fails.

    The rules of problems.services.open_problem, for many at once. What was solved
    stays so, unless a list of a later year than the solution says it again. What the
    list tells in words fills an empty text; another text is kept, and the line says so.
    """
    assert home.row is not None
    household_id = home.row["id"]
    for dimension, outcomes in failing.items():
        told = _told(outcomes, dimension)
        present = register.problems.get((household_id, dimension.value))
        if present is None or _came_back(present, context):
            present = _new_problem(household_id, dimension, told, context)
            plan.insert(PROBLEMS, present, household_id)
            register.problems[household_id, dimension.value] = present
            _mark([outcome for outcome in outcomes if outcome.line.unit is Unit.HOUSEHOLD])
        elif present["status"] == Status.OPEN and told:
            _tell(present, told, dimension, outcomes, plan)
        if present["status"] == Status.OPEN and present["origin"] == Origin.LISTING:
            _name(present, outcomes, register, plan, household_id)


def _told(outcomes: Sequence[Outcome], dimension: Dimension) -> str:
    """Join the texts in an order that does not depend on the file's."""
    texts = {needs_of(outcome.line).get(dimension, "") for outcome in outcomes}
    return "; ".join(sorted(texts - {""}))


def _tell(
    problem: Row, told: str, dimension: Dimension, outcomes: Sequence[Outcome], plan: Plan
) -> None:
    if problem["need_text"] is None:
        plan.update(PROBLEMS, problem, {"need_text": told}, problem["household_id"])
        _mark(outcomes)
    elif told != need_text_of(problem):
        for outcome in outcomes:
            outcome.note(KEPT, _text_column(outcome.line, dimension))


def need_text_of(problem: Row) -> str | None:
    """Return the text of a problem as the register has it, or as the plan sets it."""
    text = problem["need_text"]
    if text is None or isinstance(text, str):
        return text
    return unseal_cell(text, table=PROBLEMS.name, column="need_text", pk=problem["id"])


def _text_column(line: Line, dimension: Dimension) -> str:
    wide = f"problem_{dimension.value}"
    return wide if line.text(wide) else "problem_text"


def _came_back(problem: Row, context: Context) -> bool:
    if problem["status"] == Status.OPEN:
        return False
    solved: date = problem["resolved_on"]
    return to_ce_year(context.year_be) > solved.year


def _new_problem(household_id: uuid.UUID, dimension: Dimension, told: str, context: Context) -> Row:
    values = {
        "id": uuid7(),
        "household_id": household_id,
        "dimension": dimension.value,
        "code": LISTED_CODES[dimension].value,
        "status": Status.OPEN.value,
        "origin": Origin.LISTING.value,
        "need_text": told or None,
        "opened_on": context.today,
        "opened_by_id": context.by_id,
    }
    return PROBLEMS.new_row(values, at=context.at)


def _name(
    problem: Row,
    outcomes: Sequence[Outcome],
    register: Register,
    plan: Plan,
    household_id: uuid.UUID,
) -> None:
    """Name the people in whom it fails; what fails in the household names nobody."""
    named = register.named.setdefault(problem["id"], set())
    for outcome in outcomes:
        if outcome.line.unit is not Unit.PERSON or outcome.member is None:
            continue
        member_id = outcome.member["id"]
        if member_id in named:
            continue
        named.add(member_id)
        row = {"id": uuid7(), "problem_id": problem["id"], "member_id": member_id}
        plan.insert(NAMED, row, household_id)
        outcome.is_changed = True
