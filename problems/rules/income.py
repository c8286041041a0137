"""The income line: what a household must earn, per person and year, to pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


class UnknownIncomeThreshold(Exception):
    """No line is known for that survey year. The message is shown to the user."""


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One line over a run of จปฐ. survey years (พ.ศ.); `year_to` None means until replaced."""

    year_from: int
    year_to: int | None
    amount_thb: Decimal
    source: str
    is_confirmed: bool

    def covers(self, year_be: int) -> bool:
        return self.year_from <= year_be and (self.year_to is None or year_be <= self.year_to)


# Not every line was found in print: those are used, and shown as not yet confirmed.
INCOME_THRESHOLDS_V1: tuple[IncomeLine, ...] = (
    IncomeLine(2549, 2549, Decimal(20000), "กรมการปกครอง จังหวัดชุมพร", is_confirmed=True),
    IncomeLine(2550, 2554, Decimal(23000), "รอยืนยันจากประกาศ จปฐ.", is_confirmed=False),
    IncomeLine(2555, 2559, Decimal(30000), "รอยืนยันจากประกาศ จปฐ.", is_confirmed=False),
    IncomeLine(2560, 2564, Decimal(38000), "แบบสำรวจ จปฐ. ปี 2560–2564", is_confirmed=True),
    IncomeLine(2565, 2567, Decimal(40000), "แบบสำรวจครัวเรือนของ ศอ.บต. 2565", is_confirmed=True),
    IncomeLine(2568, None, Decimal(40000), "ใช้เกณฑ์ปี 2567 ไปก่อน", is_confirmed=False),
)


def income_line(year_be: int, lines: Sequence[IncomeLine]) -> IncomeLine:
    """Return the line in force for a จปฐ. survey year (พ.ศ.).

    Raises UnknownIncomeThreshold if no row covers the year.
    """
    for line in lines:
        if line.covers(year_be):
            return line
    raise UnknownIncomeThreshold(f"ยังไม่มีเกณฑ์รายได้ของปี {year_be}")


def passes_income(
    *, household_thb_per_year: Decimal, residents: int, line_thb: Decimal
) -> bool | None:
    """Say whether income per resident and year reaches the line; None if nobody lives there.

    Equal to the line passes. Source: จปฐ. indicator 22 (form 2560–2564).
    """
    if residents <= 0:
        return None
    return household_thb_per_year >= line_thb * residents
