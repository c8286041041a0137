"""Faults of lists that are not simply of persons."""

from imports.management.samples.faults.fault import (
    ACCEPTED,
    HELD,
    IN_ANOTHER_HOUSE,
    REJECTED,
    THAI,
    Fault,
    Line,
)


# ---- households ----
def _household_twice(line: Line) -> None:
    """Say of the partner's household once more, and something else."""
    assert line.partner is not None
    line.cells = dict(line.partner.cells)
    line.values = dict(line.partner.values)
    count = line.values["member_count"] + 1
    line.change("member_count", count, count)


HOUSEHOLD_TWICE = Fault(
    "household_twice", HELD, ("H_DUP_IN_FILE",), _household_twice, partner=IN_ANOTHER_HOUSE
)


# ---- indicators, capitals ----
def _indicator_unreadable(line: Line) -> None:
    line.spoil("ind_3", "9")


def _indicator_in_words(line: Line) -> None:
    line.change("ind_4", "ไม่ผ่าน", 0)


INDICATOR_FAULTS = (
    Fault("indicator_unreadable", HELD, ("H_UNREADABLE",), _indicator_unreadable),
    Fault("indicator_in_words", ACCEPTED, (), _indicator_in_words),
)


def _capital_out_of_range(line: Line) -> None:
    line.spoil("cap_social", "5.2")


def _capital_zero(line: Line) -> None:
    line.change("cap_human", 0, None)


def _position_swapped(line: Line) -> None:
    line.cells["lat"], line.cells["lon"] = line.cells["lon"], line.cells["lat"]


CAPITAL_FAULTS = (
    Fault("capital_out_of_range", REJECTED, ("E_CAP_RANGE",), _capital_out_of_range),
    Fault("capital_zero", ACCEPTED, (), _capital_zero),
    Fault("position_swapped", ACCEPTED, ("W_LATLON_SWAPPED",), _position_swapped),
)


# ---- choices ----
def _dimension_unknown(line: Line) -> None:
    line.spoil("dimension", "สิ่งแวดล้อม")


def _dimension_long(line: Line) -> None:
    line.write("dimension", f"ด้าน{line.cells['dimension']}")


def _dimension_missing(line: Line) -> None:
    line.change("dimension", None, None)


DIMENSION_FAULTS = (
    Fault("dimension_unknown", HELD, ("H_UNREADABLE",), _dimension_unknown),
    Fault("dimension_long", ACCEPTED, (), _dimension_long),
    Fault("dimension_missing", HELD, ("H_UNREADABLE",), _dimension_missing),
)


def _group_unknown(line: Line) -> None:
    line.change("target_group", "กลุ่ม ก", None)


def _groups_several(line: Line) -> None:
    line.change("target_group", "ผู้พิการ, ผู้สูงอายุ และผู้ป่วยติดเตียง", "elderly,disabled,bedridden")


def _level_too_high(line: Line) -> None:
    line.change("vulnerability_level", 7, None)


GROUP_FAULTS = (
    Fault("group_unknown", ACCEPTED, ("W_VALUE",), _group_unknown),
    Fault("groups_several", ACCEPTED, (), _groups_several),
    Fault("level_too_high", ACCEPTED, ("W_VALUE",), _level_too_high),
)


# ---- help ----
def _help_to_nobody(line: Line) -> None:
    line.change("house_code", None, None)
    line.change("citizen_id", None, None)


def _help_of_nothing(line: Line) -> None:
    for column in ("agency", "activity", "help_kind"):
        line.change(column, None, None)


def _help_twice(line: Line) -> None:
    assert line.partner is not None
    line.cells = dict(line.partner.cells)
    line.values = dict(line.partner.values)
    line.change("budget", 99_999, "99999.00")


def _budget_in_words(line: Line) -> None:
    line.change("budget", "1,250 บาท", "1250.00")


def _budget_range(line: Line) -> None:
    line.spoil("budget", "1000-2000")


def _date_in_words(line: Line) -> None:
    line.change("help_date", "15 มีนาคม ๒๕๖๕", "2022-03-15")


def _date_to_come(line: Line) -> None:
    line.spoil("help_date", "1/1/2599")


def _result_unknown(line: Line) -> None:
    line.change("help_result", "ดีขึ้นมาก", None)


HELP_FAULTS = (
    Fault("help_to_nobody", REJECTED, ("E_NO_KEY",), _help_to_nobody),
    Fault("help_of_nothing", REJECTED, ("E_NO_HELP",), _help_of_nothing),
    Fault("help_twice", HELD, ("H_DUP_IN_FILE",), _help_twice, partner=IN_ANOTHER_HOUSE),
    Fault("budget_in_words", ACCEPTED, (), _budget_in_words),
    Fault("budget_range", REJECTED, ("E_AMOUNT",), _budget_range),
    Fault("date_in_words", ACCEPTED, (), _date_in_words),
    Fault("date_to_come", REJECTED, ("E_YEAR",), _date_to_come),
    Fault("result_unknown", ACCEPTED, ("W_VALUE",), _result_unknown),
)


# ---- figures ----
def _count_negative(line: Line) -> None:
    line.spoil("poor_people", "-5")


def _count_in_words(line: Line) -> None:
    line.spoil("poor_people", "ประมาณร้อยคน")


def _count_fraction(line: Line) -> None:
    line.spoil("target_people", "12.5")


def _count_with_commas(line: Line) -> None:
    line.change("surveyed_people", "12,345 คน", 12_345)


def _count_thai_digits(line: Line) -> None:
    line.write("poor_households", str(line.cells["poor_households"]).translate(THAI))


def _area_twice(line: Line) -> None:
    assert line.partner is not None
    line.cells = dict(line.partner.cells)
    line.values = dict(line.partner.values)
    line.change("poor_people", 77_777, 77_777)


def _area_elsewhere(line: Line) -> None:
    for column, name in (
        ("tambon_name", "นามน"),
        ("amphoe_name", "นามน"),
        ("province_name", "กาฬสินธุ์"),
    ):
        line.change(column, name, name)


def _area_unknown(line: Line) -> None:
    line.spoil("tambon_name", "ไม่มีอยู่จริง")


FIGURE_FAULTS = (
    Fault("count_negative", REJECTED, ("E_COUNT",), _count_negative),
    Fault("count_in_words", REJECTED, ("E_COUNT",), _count_in_words),
    Fault("count_fraction", REJECTED, ("E_COUNT",), _count_fraction),
    Fault("count_with_commas", ACCEPTED, (), _count_with_commas),
    Fault("count_thai_digits", ACCEPTED, (), _count_thai_digits),
    Fault("area_twice", HELD, ("H_DUP_IN_FILE",), _area_twice, partner=IN_ANOTHER_HOUSE),
    Fault("area_elsewhere", REJECTED, ("E_AREA_SCOPE",), _area_elsewhere),
    Fault("area_unknown", REJECTED, ("E_AREA_UNKNOWN",), _area_unknown),
)
