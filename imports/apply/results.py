"""What the list says of each person's poverty, and the problems that follow from it."""

import uuid
from collections.abc import Sequence
from datetime import date

from households.workflow import Stage
from imports.apply.lines import Line
from imports.apply.plan import Context, Form, Home, Outcome, Plan
from imports.apply.register import Register
from imports.apply.tables import LISTINGS, NAMED, PROBLEMS, RESULTS, Row
from ppaos.lib.buddhist_era import to_ce_year
from ppaos.orm import uuid7
from problems.rules import DIMENSIONS, Dimension, DimensionBits, ProblemCode, dimension_results
from problems.services import combined_dimensions
from problems.workflow import Origin, Status

# A list names the dimension, not what exactly is wrong in it.
LISTED_CODES = {
    Dimension.HEALTH: ProblemCode.HEALTH_OTHER,
    Dimension.LIVING: ProblemCode.LIVING_OTHER,
    Dimension.EDUCATION: ProblemCode.EDUCATION_OTHER,
    Dimension.INCOME: ProblemCode.INCOME_BELOW_LINE,
    Dimension.ACCESSIBILITY: ProblemCode.ACCESSIBILITY_OTHER,
}


def plan_results(home: Home, register: Register, context: Context, plan: Plan) -> None:
    """Plan listings and results of the household's lines, and its problems."""
    if home.row is None:
        return
    failing: dict[Dimension, list[uuid.UUID]] = {}
    for outcome in home.taking_part:
        assert outcome.member is not None
        form = _form(outcome.line, context) if outcome.line.indicators.known_bits else None
        bits = _dimension_bits(outcome.line, form)
        _write_listing(outcome, bits, register, context, plan)
        _write_result(outcome, bits, form, register, context, plan)
        for dimension in DIMENSIONS:
            if bits.failed & dimension.bit:
                failing.setdefault(dimension, []).append(outcome.member["id"])
    # A household that left the targets keeps its listing; a problem would call it back.
    if home.row["stage"] != Stage.EXITED:
        _write_problems(home, failing, register, context, plan)


def _form(line: Line, context: Context) -> Form | None:
    """Return the จปฐ. form of the line: a TPMAP list rests on the survey of the year before."""
    year = int(line.values.get("bmn_year") or context.year_be - 1)
    size = line.indicators.known_bits.bit_length()
    fitting = [form for form in context.forms if form.size >= size]
    in_use = [form for form in fitting if form.year_from <= year <= form.year_to]
    return next(iter(in_use or fitting), None)


def _dimension_bits(line: Line, form: Form | None) -> DimensionBits:
    derived = dimension_results(line.indicators, form.dimensions) if form else DimensionBits(0, 0)
    return combined_dimensions(stated=line.dimensions, derived=derived)


def _write_listing(
    outcome: Outcome, bits: DimensionBits, register: Register, context: Context, plan: Plan
) -> None:
    assert outcome.member is not None
    assert outcome.household_id is not None
    values = outcome.line.values
    said: Row = {
        "bmn_year_be": values.get("bmn_year"),
        "welfare_year_be": values.get("welfare_year"),
        "is_mpi_poor": bits.failed > 0 if bits.known else None,
        "is_registered": values.get("registered_welfare"),
        "has_welfare_card": values.get("welfare_card"),
    }
    present = register.listings.get(outcome.member["id"])
    if present is None:
        key = {
            "id": uuid7(),
            "household_id": outcome.household_id,
            "member_id": outcome.member["id"],
            "source": context.source,
            "year_be": context.year_be,
        }
        plan.insert(LISTINGS, LISTINGS.new_row(key | said, at=context.at), outcome.household_id)
        outcome.is_changed = True
        return
    new = {c: v for c, v in said.items() if v is not None and v != present[c]}
    if new:
        plan.update(LISTINGS, present, new, outcome.household_id)
        outcome.is_changed = True


def _write_result(
    outcome: Outcome,
    bits: DimensionBits,
    form: Form | None,
    register: Register,
    context: Context,
    plan: Plan,
) -> None:
    assert outcome.member is not None
    assert outcome.household_id is not None
    indicators = outcome.line.indicators
    if not bits.known and not indicators.known_bits:
        return
    said: Row = {
        "indicator_set_id": form.id if form else None,
        # Without a form nobody can say later what the bits meant.
        "known_bits": indicators.known_bits if form else 0,
        "passed_bits": indicators.passed_bits if form else 0,
        "dimension_known_bits": bits.known,
        "dimension_failed_bits": bits.failed,
    }
    present = register.results.get(outcome.member["id"])
    if present is None:
        key = {
            "id": uuid7(),
            "household_id": None,
            "member_id": outcome.member["id"],
            "source": context.source,
            "year_be": context.year_be,
        }
        plan.insert(RESULTS, RESULTS.new_row(key | said, at=context.at), outcome.household_id)
        outcome.is_changed = True
        return
    new = {column: value for column, value in said.items() if value != present[column]}
    if new:
        plan.update(RESULTS, present, new, outcome.household_id)
        outcome.is_changed = True


def _write_problems(
    home: Home,
    failing: dict[Dimension, list[uuid.UUID]],
    register: Register,
    context: Context,
    plan: Plan,
) -> None:
    """Open what fails and is not open; name in it the members in whom it fails.

    The rules of problems.services.open_problem, for many at once. What was solved
    stays so, unless a list of a later year than the solution says it again.
    """
    assert home.row is not None
    household_id = home.row["id"]
    for dimension, member_ids in failing.items():
        present = register.problems.get((household_id, dimension.value))
        if present is None or _came_back(present, context):
            present = _new_problem(household_id, dimension, context)
            plan.insert(PROBLEMS, present, household_id)
            register.problems[household_id, dimension.value] = present
        elif present["status"] != Status.OPEN or present["origin"] != Origin.LISTING:
            continue
        _name(present, member_ids, home.taking_part, register, plan, household_id)


def _came_back(problem: Row, context: Context) -> bool:
    if problem["status"] == Status.OPEN:
        return False
    solved: date = problem["resolved_on"]
    return to_ce_year(context.year_be) > solved.year


def _new_problem(household_id: uuid.UUID, dimension: Dimension, context: Context) -> Row:
    values = {
        "id": uuid7(),
        "household_id": household_id,
        "dimension": dimension.value,
        "code": LISTED_CODES[dimension].value,
        "status": Status.OPEN.value,
        "origin": Origin.LISTING.value,
        "opened_on": context.today,
        "opened_by_id": context.by_id,
    }
    return PROBLEMS.new_row(values, at=context.at)


def _name(
    problem: Row,
    member_ids: Sequence[uuid.UUID],
    outcomes: Sequence[Outcome],
    register: Register,
    plan: Plan,
    household_id: uuid.UUID,
) -> None:
    named = register.named.setdefault(problem["id"], set())
    for member_id in member_ids:
        if member_id in named:
            continue
        named.add(member_id)
        row = {"id": uuid7(), "problem_id": problem["id"], "member_id": member_id}
        plan.insert(NAMED, row, household_id)
        for outcome in outcomes:
            if outcome.member is not None and outcome.member["id"] == member_id:
                outcome.is_changed = True
