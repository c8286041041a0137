"""The plan for people whom nobody knows yet, made before the register is asked.

Most lines of a new list bring households that the register does not have. What they do
follows from the lines alone, so a thread works it out, sealed and encoded, while PostgreSQL
writes the chunk before. The register is then asked under locks as always: of a household of
which it knows nothing the draft is the plan; every other one is planned from what it holds.
"""

from collections.abc import Sequence

from imports.apply.chunks import plan_homes
from imports.apply.lines import Line
from imports.apply.plan import Context, Plan
from imports.apply.register import Register, load
from imports.apply.tables import HOUSEHOLDS, TABLES
from imports.apply.writing import make_ready
from imports.models import ImportBatch
from imports.profiles.profile import Unit


def is_worthwhile(batch: ImportBatch) -> bool:
    """Say whether most households were new when the lines were compared."""
    effect = batch.effect
    return 2 * int(effect.get("households_created", 0)) > int(effect.get("households", 0))


def draft(lines: Sequence[Line], context: Context) -> Plan | None:
    """Plan the lines as if the register were empty; None if they are not all of persons.

    Asks no database.
    """
    if not lines or any(line.unit is not Unit.PERSON for line in lines):
        return None
    plan = Plan()
    plan_homes(lines, Register(), context, plan)
    make_ready(plan)
    return plan


def settle(drafted: Plan, lines: Sequence[Line], context: Context) -> Plan:
    """Return the plan for these lines by what the register holds, its rows held until commit."""
    register = load(lines, source=context.source, year_be=context.year_be, lock=True)
    known = {line.house_key for line in lines if _may_know(register, line)}
    if not known:
        return drafted
    plan = Plan()
    plan_homes([line for line in lines if line.house_key in known], register, context, plan)
    make_ready(plan)
    _add(plan, drafted, without=known)
    return plan


def _may_know(register: Register, line: Line) -> bool:
    """Say whether planning the line would find anything in the register, whatever it means."""
    place = (line.area_code, line.text("house_no"))
    return (
        line.chosen_member is not None
        or (line.house_code, line.house_seq) in register.by_code
        or (line.house_code is None and (place in register.by_place))
        or (line.house_code is None and place in register.coded_places)
        or any(index in register.by_index for index in line.indexes)
        or line.name_key in register.namesakes
    )


def _add(plan: Plan, drafted: Plan, *, without: set[str]) -> None:
    """Take over what was drafted of all households but these."""
    left_out = {
        outcome.household_id for outcome in drafted.outcomes if outcome.line.house_key in without
    }
    for table in TABLES:
        name = table.name
        kept = [
            (row, line, household_id)
            for row, line, household_id in zip(
                drafted.inserts[name], drafted.lines[name], drafted.added_for[name], strict=True
            )
            if household_id not in left_out
        ]
        # New rows stay in the order of their keys.
        plan.inserts[name] = [row for row, _, _ in kept] + plan.inserts[name]
        plan.lines[name] = [line for _, line, _ in kept] + plan.lines[name]
        plan.added_for[name] = [household_id for _, _, household_id in kept] + plan.added_for[name]
    plan.areas |= {row["area_id"] for row in plan.inserts[HOUSEHOLDS.name]}
    plan.outcomes += [o for o in drafted.outcomes if o.line.house_key not in without]
