"""What the cells of one line say about each other."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from imports.profiles.profile import Unit
from imports.verdicts import Finding
from ppaos.lib.buddhist_era import OFFSET
from ppaos.lib.thai_text import FEMALE_TITLES, MALE_TITLES, split_full_name, split_title

_YEAR_COLUMNS = ("tpmap_year", "bmn_year", "survey_year")
_AGE_SLACK = 1
"""Years by which a counted age may differ: birthdays, and lists a year behind their survey."""

# Thailand, in degrees.
_LATITUDES = (5.5, 20.6)
_LONGITUDES = (97.3, 105.7)


class NameSplitter(dict[tuple[str | None, str], tuple[str | None, str, tuple[Finding, ...]]]):
    """(title column, first name column) → title, first name and findings; equal ones once."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def __missing__(
        self, key: tuple[str | None, str]
    ) -> tuple[str | None, str, tuple[Finding, ...]]:
        title, first_name = key
        written, rest = split_title(first_name, known_title=title)
        found: tuple[Finding, ...] = ()
        if written and rest:
            code = "F_NAME_SPLIT" if title in (None, written) else "W_TITLE_SEX"
            if code == "F_NAME_SPLIT" and split_title(first_name)[0] is None:
                # Only the title's own column says that นาง is a title here and no name's start.
                code = "W_NAME_SPLIT"
            found = (Finding(code, "first_name", first_name),)
            title, first_name = title or written, rest
        if len(self) >= self._size:
            self.clear()
        self[key] = title, first_name, found
        return title, first_name, found


def name_findings(values: dict[str, Any], splitter: NameSplitter) -> list[Finding]:
    """Put title, first and last name into their own columns; say if they were not."""
    found: list[Finding] = []
    if values["first_name"] is None and values["full_name"]:
        full = split_full_name(values["full_name"], known_title=values["title"])
        values["title"] = values["title"] or full.title
        values["first_name"] = full.first_name or None
        values["last_name"] = values["last_name"] or full.last_name or None
        return [Finding("F_NAME_SPLIT", "full_name", values["full_name"])]
    if values["first_name"] is None:
        return found
    title, first_name, split = splitter[values["title"], values["first_name"]]
    found.extend(split)
    if values["last_name"] is None and " " in first_name:
        if not split:
            found.append(Finding("F_NAME_SPLIT", "first_name", first_name))
        first_name, _, values["last_name"] = first_name.partition(" ")
    values["title"], values["first_name"] = title, first_name
    return found


def sex_findings(values: dict[str, Any]) -> list[Finding]:
    """Say if the title is one of the other sex."""
    title, sex = values["title"], values["sex"]
    if (sex == "หญิง" and title in MALE_TITLES) or (sex == "ชาย" and title in FEMALE_TITLES):
        return [Finding("W_TITLE_SEX", "sex", sex)]
    return []


def _is_rejected(found: list[Finding]) -> bool:
    return any(item.code.startswith("E_") for item in found)


def person_findings(values: dict[str, Any], found: list[Finding]) -> list[Finding]:
    """Say if nothing tells who this is or where to look for the house."""
    if _is_rejected(found):
        return []
    has_id = values["citizen_id"] is not None
    if values["first_name"] is None:
        return [Finding("E_NO_NAME" if has_id else "E_NO_KEY", "first_name")]
    if not has_id and values["house_code"] is None and values["house_no"] is None:
        return [Finding("E_NO_KEY", "house_code")]
    return []


def household_findings(values: dict[str, Any], found: list[Finding]) -> list[Finding]:
    """Say if nothing tells which house this is, or a problem stands under no dimension."""
    if _is_rejected(found):
        return []
    if values["house_code"] is None and values["house_no"] is None:
        return [Finding("E_NO_KEY", "house_code")]
    if values.get("dimension", "") is None and not any(
        item.column == "dimension" for item in found
    ):
        return [Finding("H_UNREADABLE", "dimension", "", "ไม่ได้ระบุมิติ")]
    return []


def help_findings(values: dict[str, Any], found: list[Finding]) -> list[Finding]:
    """Say if nothing tells who was helped, or what was done."""
    if _is_rejected(found):
        return []
    if values["citizen_id"] is None and values["house_code"] is None:
        return [Finding("E_NO_KEY", "house_code")]
    if not any(values[name] for name in ("activity", "agency", "help_kind")):
        return [Finding("E_NO_HELP", "activity")]
    return []


KEY_FINDINGS: Mapping[Unit, Callable[[dict[str, Any], list[Finding]], list[Finding]]] = {
    Unit.PERSON: person_findings,
    Unit.HOUSEHOLD: household_findings,
    Unit.HELP: help_findings,
    # Without an area the line is refused when its area is looked for.
    Unit.AREA: lambda values, found: [],
}


def age_findings(values: dict[str, Any], *, year_be: int | None, today: date) -> list[Finding]:
    """Say if the age does not follow from the birth in any year that the list may mean."""
    age, birth = values["age"], values["birth_date"]
    if age is None or birth is None:
        return []
    years_be = [values[column] for column in _YEAR_COLUMNS if values.get(column)]
    years = [year - OFFSET for year in (years_be or ([year_be] if year_be else []))] or [today.year]
    born = int(birth[:4])
    youngest = min(years) - born - 1 - _AGE_SLACK
    oldest = max(years) - born + _AGE_SLACK
    return [] if youngest <= age <= oldest else [Finding("W_AGE_BIRTH_MISMATCH", "age", str(age))]


def position_findings(values: dict[str, Any]) -> list[Finding]:
    """Swap a position whose columns were exchanged; drop one that is not in Thailand."""
    lat, lon = values["lat"], values["lon"]
    if lat is None and lon is None:
        return []
    if lat is not None and lon is not None:
        if _is_in_thailand(lat, lon):
            return []
        if _is_in_thailand(lon, lat):
            values["lat"], values["lon"] = lon, lat
            return [Finding("W_LATLON_SWAPPED", "lat", lat)]
    values["lat"] = values["lon"] = None
    return [Finding("W_LATLON_OUTSIDE", "lat", f"{lat or ''} {lon or ''}".strip())]


def _is_in_thailand(lat: str, lon: str) -> bool:
    return (
        _LATITUDES[0] <= float(lat) <= _LATITUDES[1]
        and _LONGITUDES[0] <= float(lon) <= _LONGITUDES[1]
    )
