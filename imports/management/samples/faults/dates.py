"""Faults in birth dates."""

from datetime import date

from imports.management.samples.faults.fault import (
    ACCEPTED,
    HELD,
    MONTHS,
    REJECTED,
    THAI,
    Fault,
    Line,
)

_LONG_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip


def _born_dashes(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day}-{month}-{year}")


def _born_short_month(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {MONTHS[month - 1]} {year}")


def _born_long_month(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {_LONG_MONTHS[month - 1]} พ.ศ. {year}")


def _born_thai_digits(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{day} {_LONG_MONTHS[month - 1]} {year}".translate(THAI))


def _born_iso_be(line: Line) -> None:
    day, month, year = line.born_be
    line.write("birth_date", f"{year}-{month:02}-{day:02}")


def _born_iso_ce(line: Line) -> None:
    line.write("birth_date", line.person.birth_date.isoformat())


def _born_date_cell(line: Line) -> None:
    born = line.person.birth_date
    line.write("birth_date", f"{born.isoformat()} 00:00:00" if line.is_csv else born)


def _born_date_cell_be(line: Line) -> None:
    day, month, year = line.born_be
    if line.is_csv or (month, day) == (2, 29):
        line.write("birth_date", f"{year}-{month:02}-{day:02} 00:00:00")
    else:
        line.write("birth_date", date(year, month, day))


def _born_year_only(line: Line) -> None:
    line.change("birth_date", str(line.born_be[2]), str(line.person.birth_date.year))


def _born_two_digit_year(line: Line) -> None:
    day, month, year = line.born_be
    line.spoil("birth_date", f"{day}/{month}/{year % 100:02}")


def _born_impossible(line: Line) -> None:
    line.spoil("birth_date", f"31/4/{line.born_be[2]}")


def _born_unknown(line: Line) -> None:
    line.change("birth_date", "ไม่ทราบ", None)


DATE_FAULTS = (
    Fault("born_dashes", ACCEPTED, (), _born_dashes),
    Fault("born_short_month", ACCEPTED, (), _born_short_month),
    Fault("born_long_month", ACCEPTED, (), _born_long_month),
    Fault("born_thai_digits", ACCEPTED, (), _born_thai_digits),
    Fault("born_iso_be", ACCEPTED, (), _born_iso_be),
    Fault("born_iso_ce", ACCEPTED, (), _born_iso_ce),
    Fault("born_date_cell", ACCEPTED, (), _born_date_cell),
    Fault("born_date_cell_be", ACCEPTED, (), _born_date_cell_be),
    Fault("born_year_only", ACCEPTED, (), _born_year_only),
    Fault("born_two_digit_year", HELD, ("H_YEAR",), _born_two_digit_year),
    Fault("born_impossible", REJECTED, ("E_DATE",), _born_impossible),
    Fault("born_unknown", ACCEPTED, ("W_BIRTH_UNKNOWN",), _born_unknown),
)
