"""Faults in titles, names and sex."""

from imports.management.samples.faults.fault import ACCEPTED, REJECTED, Fault, Line

_SHORT_TITLES = {"นางสาว": "น.ส.", "เด็กชาย": "ด.ช.", "เด็กหญิง": "ด.ญ."}


def _title_glued(line: Line) -> None:
    line.write("first_name", line.person.title + line.person.first_name)
    line.write("title", None)


def _title_short(line: Line) -> None:
    line.write("title", _SHORT_TITLES[line.person.title])


def _title_contradicts_sex(line: Line) -> None:
    other = "หญิง" if line.person.sex == "ชาย" else "ชาย"
    line.change("sex", other, other)


def _am_in_two_parts(line: Line) -> None:
    line.change("first_name", "อํานวย", "อำนวย")


def _am_and_tone_swapped(line: Line) -> None:
    line.change("last_name", "ทดสอบนํ้าใจ", "ทดสอบน้ำใจ")


def _two_e_for_ae(line: Line) -> None:
    line.change("first_name", "เเสงเดือน", "แสงเดือน")


def _zero_width(line: Line) -> None:
    name = line.person.last_name
    line.write("last_name", f"{name[:3]}\u200b{name[3:]}\ufeff")


def _odd_spaces(line: Line) -> None:
    line.write("first_name", f" \u00a0{line.person.first_name}  ")


def _name_missing(line: Line) -> None:
    line.change("first_name", None, None)
    line.change("last_name", None, None)


def _text_turned_round(line: Line) -> None:
    line.spoil("last_name", f"\u202e{line.person.last_name}")


def _sex_code(line: Line) -> None:
    written_as = {"ชาย": ("ช", "M", "1"), "หญิง": ("ญ", "F", "2")}[line.person.sex]
    line.write("sex", line.random.choice(written_as))


NAME_FAULTS = (
    # นาง runs into names that begin with it, so only the other titles are certain when glued.
    Fault(
        "title_glued", ACCEPTED, (), _title_glued, fits=lambda entry: entry.person.title != "นาง"
    ),
    Fault(
        "title_short",
        ACCEPTED,
        (),
        _title_short,
        fits=lambda entry: entry.person.title in _SHORT_TITLES,
    ),
    Fault("title_contradicts_sex", ACCEPTED, ("W_TITLE_SEX",), _title_contradicts_sex),
    Fault("am_in_two_parts", ACCEPTED, (), _am_in_two_parts),
    Fault("am_and_tone_swapped", ACCEPTED, (), _am_and_tone_swapped),
    Fault("two_e_for_ae", ACCEPTED, (), _two_e_for_ae),
    Fault("zero_width", ACCEPTED, (), _zero_width),
    Fault("odd_spaces", ACCEPTED, (), _odd_spaces),
    Fault("name_missing", REJECTED, ("E_NO_NAME",), _name_missing),
    Fault("text_turned_round", REJECTED, ("E_TEXT_DIRECTION",), _text_turned_round),
    Fault("sex_code", ACCEPTED, (), _sex_code),
)
