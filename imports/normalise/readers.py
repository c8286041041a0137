"""Which reader reads which column of a list."""

from collections.abc import Callable
from datetime import date

from imports.normalise import codes, house_no, identity, names, times, values
from imports.normalise.cells import Outcome, Reader, finding, guarded, text_reader
from imports.profiles.column import Column, Holds
from imports.profiles.columns import COLUMNS
from imports.profiles.profile import Mapping, Profile, Unit

# What these say decides where the line goes, so a word that nobody knows holds it.
_DECISIVE = frozenset({"dimension"})
# Nobody expects these on every line of a list that is not of persons.
_NOT_MISSED = {
    Unit.PERSON: {},
    Unit.HOUSEHOLD: {"citizen_id": "W_CID_MISSING"},
    Unit.HELP: {"citizen_id": "W_CID_MISSING", "house_code": "H_NO_HOUSE"},
    Unit.AREA: {},
}


def readers_of(
    mapping: Mapping,
    profile: Profile,
    *,
    today: date,
    year_be: int | None,
    is_check_strict: bool,
) -> tuple[Reader, ...]:
    """Return the readers of the mapped columns, in their order."""
    year_column = _year_column(mapping, profile)
    return tuple(
        _reader(
            COLUMNS[name],
            profile,
            mapping,
            today=today,
            year_be=year_be,
            is_year_of_list=name == year_column and not profile.is_series,
            is_check_strict=is_check_strict,
        )
        for name in mapping.columns
    )


def _year_column(mapping: Mapping, profile: Profile) -> str:
    """Return the column that must agree with the year of the list."""
    return profile.year_column if profile.year_column in mapping.columns else "survey_year"


def _reader(
    column: Column,
    profile: Profile,
    mapping: Mapping,
    *,
    today: date,
    year_be: int | None,
    is_year_of_list: bool,
    is_check_strict: bool,
) -> Reader:
    """Return the function that reads the cells of one column of this list."""
    read = _plain_reader(
        column,
        profile,
        today=today,
        expected_year_be=year_be if is_year_of_list else None,
        is_check_strict=is_check_strict,
        one_is_problem=mapping.one_is_problem,
        one_is_passed=mapping.one_is_passed,
    )
    if column.name in profile.earlier_years and year_be is not None:
        read = _not_after(column.name, year_be, read)
    if code := _NOT_MISSED[profile.unit].get(column.name):
        read = _without(code, read)
    return guarded(column.name, read)


def _not_after(column: str, year_be: int, read_year: Reader) -> Reader:
    """Hold a year behind that of the list, which rests on it."""

    def read(cell: object) -> Outcome:
        year, found = read_year(cell)
        if year is None or year <= year_be:
            return year, found
        detail = f"บัญชีเป็นปี {year_be} แต่ช่องนี้เป็นปี {year} ซึ่งใหม่กว่า"
        return year, (*found, finding("H_YEAR", column, cell, detail))

    return read


def _without(code: str, read_cell: Reader) -> Reader:
    """Leave out that a cell is empty where it may be."""

    def read(cell: object) -> Outcome:
        value, found = read_cell(cell)
        if value is None and found and any(item.code == code for item in found):
            found = tuple(item for item in found if item.code != code)
        return value, found

    return read


def _plain_reader(
    column: Column,
    profile: Profile,
    *,
    today: date,
    expected_year_be: int | None,
    is_check_strict: bool,
    one_is_problem: bool,
    one_is_passed: bool,
) -> Reader:
    """Return the function that reads the cells of one column."""
    name, size, x_means = column.name, column.size, profile.x_means
    readers: dict[Holds, Callable[[], Reader]] = {
        Holds.CITIZEN_ID: lambda: identity.citizen_id_reader(name, is_check_strict=is_check_strict),
        Holds.HOUSE_CODE: lambda: identity.house_code_reader(name),
        Holds.HOUSE_NO: lambda: house_no.house_no_reader(name, size),
        Holds.PHONE: lambda: identity.phone_reader(name),
        Holds.YEAR: lambda: times.year_reader(name, expected_be=expected_year_be),
        Holds.BIRTH_DATE: lambda: times.date_reader(name, today=today, is_birth=True),
        Holds.DATE: lambda: times.date_reader(name, today=today, is_birth=False),
        Holds.TITLE: lambda: names.title_reader(name, size),
        Holds.TEXT: lambda: (
            names.name_reader(name, size) if name in names.NAME_COLUMNS else text_reader(name, size)
        ),
        Holds.PLACE: lambda: values.place_reader(name, size, column.level),
        Holds.AREA_CODE: lambda: values.area_code_reader(name, size),
        Holds.WHOLE: lambda: values.whole_reader(name, size),
        Holds.MOO: lambda: values.moo_reader(name),
        Holds.AMOUNT: lambda: values.amount_reader(name),
        Holds.DEGREES: lambda: values.degrees_reader(name),
        Holds.SEX: lambda: values.sex_reader(name),
        Holds.FLAG: lambda: values.flag_reader(name, x_means=x_means),
        Holds.DIMENSION: lambda: values.dimension_reader(
            name,
            one_is_problem=one_is_problem,
            blank=profile.blank_dimension,
            x_means=x_means,
        ),
        Holds.INDICATOR: lambda: values.indicator_reader(
            name, x_means=x_means, one_is_passed=one_is_passed
        ),
        Holds.CAPITAL: lambda: values.capital_reader(name),
        Holds.COUNT: lambda: codes.count_reader(name, size),
        Holds.CHOICE: lambda: codes.choice_reader(
            name, column.words, is_many=column.is_many, is_decisive=name in _DECISIVE
        ),
    }
    return readers[column.holds]()
