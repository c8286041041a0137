"""Faults in citizen IDs, house codes and house numbers."""

from datetime import date

from imports.management.samples.faults.fault import (
    ACCEPTED,
    HELD,
    IN_ANOTHER_HOUSE,
    IN_THE_SAME_HOUSE,
    MONTHS,
    REJECTED,
    THAI,
    Fault,
    Line,
    is_alone,
    is_later_member,
)
from imports.management.samples.template import CellError
from ppaos.lib.citizen_id import check_digit, generate


def _cid_float(line: Line) -> None:
    line.write("citizen_id", line.citizen_id + ".0")


def _cid_number(line: Line) -> None:
    line.write("citizen_id", f"'{line.citizen_id}" if line.is_csv else int(line.citizen_id))


def _cid_scientific(line: Line) -> None:
    digits = line.citizen_id
    line.spoil("citizen_id", f"{digits[0]}.{digits[1:6]}E+12")


def _cid_dashes(line: Line) -> None:
    d = line.citizen_id
    line.write("citizen_id", f"{d[0]}-{d[1:5]}-{d[5:10]}-{d[10:12]}-{d[12]}")


def _cid_spaces(line: Line) -> None:
    d = line.citizen_id
    line.write("citizen_id", f"{d[0]} {d[1:5]} {d[5:10]} {d[10:12]} {d[12]}")


def _cid_thai_digits(line: Line) -> None:
    line.write("citizen_id", line.citizen_id.translate(THAI))


def _cid_lost_zero(line: Line) -> None:
    digits = generate(int(line.citizen_id[5:12]), first=0)
    line.change("citizen_id", digits[1:], digits)


def _cid_too_short(line: Line) -> None:
    digits = line.citizen_id[:12]
    if check_digit("0" + digits[:11]) == digits[11]:
        digits = digits[:11] + str((int(digits[11]) + 1) % 10)
    line.spoil("citizen_id", digits)


def _cid_bad_check(line: Line) -> None:
    digits = line.citizen_id
    line.spoil("citizen_id", digits[:12] + str((int(digits[12]) + 1) % 10))


def _cid_reserved(line: Line) -> None:
    first12 = "9" + line.citizen_id[1:12]
    line.spoil("citizen_id", first12 + check_digit(first12))


def _cid_missing(line: Line) -> None:
    line.change("citizen_id", line.random.choice((None, "-", "ไม่มีบัตร")), None)


def _cid_not_thai(line: Line) -> None:
    digits = generate(int(line.citizen_id[5:12]), first=6)
    line.change("citizen_id", digits, digits)


def _cid_error_cell(line: Line) -> None:
    line.spoil("citizen_id", CellError("#N/A"))


def _cid_of_another_house(line: Line) -> None:
    assert line.partner is not None
    line.change("citizen_id", line.partner.citizen_id, line.partner.citizen_id)


def _house_missing(line: Line) -> None:
    line.change("house_code", None, None)


def _house_too_short(line: Line) -> None:
    line.spoil("house_code", line.person.house_code[:10])


def _house_scientific(line: Line) -> None:
    digits = line.person.house_code
    line.spoil("house_code", f"{digits[0]}.{digits[1:3]}E+10")


def _house_of_other_province(line: Line) -> None:
    code = "47" + line.person.house_code[2:]
    line.change("house_code", code, code)


def _house_thai_digits(line: Line) -> None:
    line.write("house_code", line.person.house_code.translate(THAI))


def _house_no_is_date(line: Line) -> None:
    day, month = line.random.randint(1, 28), line.random.randint(1, 12)
    line.spoil("house_no", f"{day}-{MONTHS[month - 1]}" if line.is_csv else date(2025, month, day))


def _house_no_differs(line: Line) -> None:
    other = str(line.random.randint(300, 999))
    line.change("house_no", other, other)


def _moo_thai_digits(line: Line) -> None:
    line.write("moo", str(line.person.moo).translate(THAI))


IDENTITY_FAULTS = (
    Fault("cid_float", ACCEPTED, (), _cid_float),
    Fault("cid_number", ACCEPTED, (), _cid_number),
    Fault("cid_scientific", REJECTED, ("E_ID_SCI",), _cid_scientific),
    Fault("cid_dashes", ACCEPTED, (), _cid_dashes),
    Fault("cid_spaces", ACCEPTED, (), _cid_spaces),
    Fault("cid_thai_digits", ACCEPTED, (), _cid_thai_digits),
    Fault("cid_lost_zero", ACCEPTED, ("F_CID_PADDED", "W_CID_NONTHAI"), _cid_lost_zero),
    Fault("cid_too_short", REJECTED, ("E_CID_LEN",), _cid_too_short),
    Fault("cid_bad_check", REJECTED, ("E_CID_CHECK",), _cid_bad_check),
    Fault("cid_reserved", REJECTED, ("E_CID_RESERVED",), _cid_reserved),
    Fault("cid_missing", ACCEPTED, ("W_CID_MISSING",), _cid_missing),
    Fault("cid_not_thai", ACCEPTED, ("W_CID_NONTHAI",), _cid_not_thai),
    Fault("cid_error_cell", REJECTED, ("E_CELL_ERROR",), _cid_error_cell),
    Fault(
        "cid_of_another_house",
        HELD,
        ("H_DUP_IN_FILE",),
        _cid_of_another_house,
        partner=IN_ANOTHER_HOUSE,
    ),
    Fault("house_missing", HELD, ("H_NO_HOUSE",), _house_missing),
    Fault("house_too_short", REJECTED, ("E_HC_LEN",), _house_too_short),
    Fault("house_scientific", REJECTED, ("E_ID_SCI",), _house_scientific),
    Fault("house_of_other_province", ACCEPTED, ("W_HC_PREFIX",), _house_of_other_province),
    Fault("house_thai_digits", ACCEPTED, (), _house_thai_digits),
    Fault("house_no_is_date", HELD, ("H_HOUSENO_DATE",), _house_no_is_date, fits=is_alone),
    Fault(
        "house_no_differs",
        HELD,
        ("H_HOUSE_DIFFERS",),
        _house_no_differs,
        fits=is_later_member,
        partner=IN_THE_SAME_HOUSE,
    ),
    Fault("moo_thai_digits", ACCEPTED, (), _moo_thai_digits),
)
