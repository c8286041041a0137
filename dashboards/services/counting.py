"""Count the register: what the figures mean, and the cells of some areas.

Every figure is about an area and a **year** (พ.ศ.). All definitions are defaults of this
system (ค่าเริ่มต้นของระบบ) unless a source is named.

**Households of a year.** On any list of this year or an earlier one, and not gone before it:
a household whose exit was approved belongs to the years up to and including that one. A list
named for a later year counts from now on. A TPMAP list is usually a year or two behind
(TPMAP 2567 rests on จปฐ. 2566), so a year is the year of the work, not of the list. Five
years are kept. What has a date (visits, problems, help, exits) is taken as it stood at the
end of the year; stages, groups and the status of referrals are those of today.

**Stages.** Households by present stage. **People.** Living members of those who have not left.

**On TPMAP**: has a TPMAP listing of the year or before. **Listed target**: a line of the
newest of these does not deny it, คนจนเป้าหมาย being who is MPI poor and holds the card
(source: glossary of ศจพ., NESDC); a list that does not say, says target. **Added target**:
no listed target, and the newest standing verdict of poor or not poor is "poor" (ตกหล่น).
Targets exclude who left in the year.

**Coverage** = on TPMAP with a standing verdict that settles something (poor, not poor, moved,
deceased) ÷ on TPMAP (source of the ratio: Kalasin, 9,421/10,154). **Inclusion error** = on
TPMAP and found not poor ÷ on TPMAP and found poor or not poor. **Exclusion error** = found
poor and not on TPMAP ÷ all found poor (standard definitions of targeting errors).

**Dimensions.** Households that have not left, with a problem open at the end of the year;
people: members named in it, all living members if none is named, each once in a dimension
and once in `people_total`; targets: those of them with a target line of their own, or of the
household's if the list names no person. Solved: the problem was solved in the year and no
other is open in the dimension. Problems recorded by mistake never count.

**KPI 80 %** (source of the goal and of the words "helped in what they fail": guideline of
ศจพ.มท. 2563). Base: targets, and those who left in the year because they rose out of poverty
or go on in care, with a failing dimension: a problem open, or solved in the year. Reading A:
completed help in one failing dimension; B: in all of them. Completed: a referral of the
problem that is helped, checked or closed as solved, with help that was not taken back; or
help reported by a list in that dimension in the year.

**Levels and capitals.** The newest complete assessment whose year is this one, "after" before
"before"; SD of a sample. Change: "after" of the year against the newest "before" until then.
**Groups.** Current group of those who have not left.

**Referrals.** Created in the year or before and not ended before it. **Help.** Given in the
year and not taken back; people: the largest number that a help of the household names (in the
dimension, or in all), else its living members. **Exits.** Approved in the year.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from dashboards.services.statement import PARAMETERS, WITH_COUNTED
from ppaos.lib.buddhist_era import to_be_year

_READ = f"{WITH_COUNTED} SELECT area_code, year_be, measure, value FROM counted"  # noqa: S608
YEARS_KEPT = 5
EVERYWHERE = ("",)

Key = tuple[str, int, str]
"""Area code, year (พ.ศ.), measure."""
Cells = dict[Key, Decimal]


def count_cells(area_codes: Iterable[str], *, on: date) -> Cells:
    """Count these areas and all inside them, as of a day; one query. Writes nothing.

    "" stands for the whole country. Zeros are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, parameters(area_codes, on=on))
        return {(area, year, measure): value for area, year, measure, value in cursor.fetchall()}


def parameters(area_codes: Iterable[str], *, on: date) -> dict[str, Any]:
    """Return what WITH_COUNTED asks for."""
    ranges = [range_of(code) for code in outermost(area_codes)]
    this_year = to_be_year(on.year)
    return PARAMETERS | {
        "lo": [low for low, _ in ranges],
        "hi": [high for _, high in ranges],
        "this_year": this_year,
        "first_year": this_year - YEARS_KEPT + 1,
        "zone": settings.TIME_ZONE,
    }


def outermost(area_codes: Iterable[str]) -> list[str]:
    """Return the codes without those inside another of them, so that nothing counts twice."""
    kept: list[str] = []
    for code in sorted(set(area_codes)):
        if not kept or not code.startswith(kept[-1]):
            kept.append(code)
    return kept


def range_of(code: str) -> tuple[str, str]:
    """Return the first code inside an area, and the first behind it (digits only)."""
    if not code:
        return "0", ":"
    return code, code[:-1] + chr(ord(code[-1]) + 1)
