"""What lines say: results, flags, capitals and needs, before anything is compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from households.workflow import Source
from imports.apply.lines import Line
from imports.apply.plan import Context, Form
from imports.apply.tables import Row
from imports.profiles.profile import Unit
from problems.rules import (
    DIMENSIONS,
    SET_2560,
    Dimension,
    DimensionBits,
    PackedResults,
    UnknownIncomeThreshold,
    dimension_results,
    income_line,
    pack,
    passes_income,
)
from problems.services import combined_dimensions
from slf.instrument import CAPITALS

CAPITAL_COLUMNS = {capital: f"cap_{capital.value}" for capital in CAPITALS}

_INCOME_INDICATOR = 22
"""Of the form of 2560: income per person and year against the line of that year."""
_NO_PROBLEM = frozenset(
    {"ไม่มี", "ไม่มีปัญหา", "ไม่พบปัญหา", "ไม่ประสบปัญหา", "ไม่เป็นปัญหา", "ปกติ", "ไม่มีปัญหาในด้านนี้"}
)


_NOTHING = DimensionBits(0, 0)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line, or all lines about one household, say of their subject in the list's year."""

    flags: Row
    bits: DimensionBits
    indicators: PackedResults
    form: Form | None


def said_by(line: Line, context: Context) -> Said:
    form = _form(line, context) if line.indicators.known_bits or _has_income(line) else None
    indicators = _with_income(line, form, context)
    derived = _derived(indicators, form, context) if form else _NOTHING
    stated = combined_dimensions(stated=line.dimensions, derived=_dimensions_of_needs(line))
    bits = combined_dimensions(stated=stated, derived=derived)
    return Said(_flags(line, bits, context), bits, indicators, form)


def _derived(indicators: PackedResults, form: Form, context: Context) -> DimensionBits:
    found = context.derived.get((form.id, indicators))
    if found is None:
        found = dimension_results(indicators, form.dimensions)
        context.derived[form.id, indicators] = found
    return found


def said_together(lines: Sequence[Line], context: Context) -> Said:
    """Join what lines about one household say. Where two contradict, the later one counts.

    Such a line is held until somebody chooses it.
    """
    every = [said_by(line, context) for line in lines]
    flags: Row = {}
    known = failed = known_bits = passed_bits = 0
    for said in every:
        flags |= {c: v for c, v in said.flags.items() if v is not None or c not in flags}
        known |= said.bits.known
        failed = failed & ~said.bits.known | said.bits.failed
        known_bits |= said.indicators.known_bits
        passed_bits = passed_bits & ~said.indicators.known_bits | said.indicators.passed_bits
    if flags["is_mpi_poor"] is not None:
        flags["is_mpi_poor"] = failed > 0
    form = next((said.form for said in every if said.form), None)
    bits = DimensionBits(known, failed)
    return Said(flags, bits, PackedResults(known_bits, passed_bits), form)


def _flags(line: Line, bits: DimensionBits, context: Context) -> Row:
    """Return the columns of the listing. A card list is one of people who have the card."""
    values = line.values
    has_card = values.get("welfare_card")
    if context.source == Source.WELFARE_CARD and has_card is None:
        has_card = True
    bmn_year = values.get("bmn_year")
    if context.source == Source.BMN and bmn_year is None:
        bmn_year = context.year_be
    # A problem that people told is no verdict of the index.
    is_index = context.source != Source.THAIQM and bits.known
    return {
        "bmn_year_be": bmn_year,
        "welfare_year_be": values.get("welfare_year"),
        "is_mpi_poor": bits.failed > 0 if is_index else None,
        "is_registered": values.get("registered_welfare"),
        "has_welfare_card": has_card,
    }


# ---- indicators -----------------------------------------------------------------------
def _form(line: Line, context: Context) -> Form | None:
    """Return the จปฐ. form of the line."""
    year = _bmn_year(line, context)
    size = line.indicators.known_bits.bit_length()
    fitting = [form for form in context.forms if form.size >= size]
    in_use = [form for form in fitting if form.year_from <= year <= form.year_to]
    return next(iter(in_use or fitting), None)


def _bmn_year(line: Line, context: Context) -> int:
    """Return the survey's year: a TPMAP list rests on the survey of the year before."""
    usual = context.year_be if context.source == Source.BMN else context.year_be - 1
    return int(line.values.get("bmn_year") or usual)


def _has_income(line: Line) -> bool:
    return line.unit is Unit.HOUSEHOLD and _income(line.values) is not None


def _with_income(line: Line, form: Form | None, context: Context) -> PackedResults:
    """Add the income indicator that follows from the income, where the form has that one.

    Which indicator of a later form it is nobody knows, so there it is not guessed.
    """
    indicators = line.indicators
    if form is None or context.source != Source.BMN or not _has_income(line):
        return indicators
    bit = pack({_INCOME_INDICATOR: True}).known_bits
    is_of_form = form.dimensions.get(_INCOME_INDICATOR) is Dimension.INCOME
    if form.code != SET_2560.code or not is_of_form or indicators.known_bits & bit:
        return indicators
    try:
        threshold = income_line(_bmn_year(line, context), context.income_lines)
    except UnknownIncomeThreshold:
        return indicators
    income = _income(line.values)
    assert income is not None
    passes = passes_income(
        household_thb_per_year=income[0], residents=income[1], line_thb=threshold.amount_thb
    )
    if passes is None:
        return indicators
    return PackedResults(
        indicators.known_bits | bit, indicators.passed_bits | (bit if passes else 0)
    )


def _income(values: Mapping[str, Any]) -> tuple[Decimal, int] | None:
    """Return income of a year and the people who live on it, if the line says both."""
    if values.get("income_per_person_per_year") is not None:
        return Decimal(values["income_per_person_per_year"]), 1
    if values.get("income_year") is not None and values.get("member_count"):
        return Decimal(values["income_year"]), int(values["member_count"])
    return None


# ---- problems in words ----------------------------------------------------------------
_NEED_COLUMNS = {dimension: f"problem_{dimension.value}" for dimension in DIMENSIONS}
_OF_NEEDS = frozenset({*_NEED_COLUMNS.values(), "dimension"})


def _tells_no_needs(line: Line) -> bool:
    """Most lists have none of these columns, and this is asked of every line."""
    return _OF_NEEDS.isdisjoint(line.values)


def needs_of(line: Line) -> dict[Dimension, str]:
    """Return what the line says is wrong, in words, by dimension; "" where it only names one."""
    if _tells_no_needs(line):
        return {}
    found = {d: line.text(column) for d, column in _NEED_COLUMNS.items()}
    needs = {
        d: _with_need(text, line.text("need_text"))
        for d, text in found.items()
        if text and not is_no_problem(text)
    }
    if line.text("dimension") and not is_no_problem(line.text("problem_text")):
        dimension = Dimension(line.text("dimension"))
        needs[dimension] = _joined(needs.get(dimension, ""), _told(line))
    return needs


def _told(line: Line) -> str:
    return _with_need(line.text("problem_text"), line.text("need_text"))


def _with_need(problem: str, need: str) -> str:
    return f"{problem} (ต้องการ: {need})" if problem and need else problem or need


def _joined(first: str, second: str) -> str:
    return "; ".join(text for text in (first, second) if text)


def is_no_problem(text: str) -> bool:
    return text.strip() in _NO_PROBLEM


def has_homeless_text(line: Line) -> bool:
    """Say whether the line tells a problem without saying in which dimension."""
    told = line.text("problem_text")
    return bool(told) and not is_no_problem(told) and not line.text("dimension")


def _dimensions_of_needs(line: Line) -> DimensionBits:
    if _tells_no_needs(line):
        return _NOTHING
    known = failed = 0
    for dimension, column in _NEED_COLUMNS.items():
        if line.text(column):
            known |= dimension.bit
    if line.text("dimension"):
        known |= Dimension(line.text("dimension")).bit
    for dimension in needs_of(line):
        failed |= dimension.bit
    return DimensionBits(known, failed)


# ---- capitals -------------------------------------------------------------------------
def capitals_of(lines: Sequence[Line]) -> Row:
    """Return the capitals that the lines score, the later line's first; {} if none does."""
    said: Row = {}
    for capital, column in CAPITAL_COLUMNS.items():
        scores = [line.values.get(column) for line in lines]
        told = [score for score in scores if score is not None]
        if told:
            said[capital.value] = Decimal(str(told[-1]))
    return said
