"""What an address asks for: area, year and two lists; 404 for what is not there or not seen."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area
from ppaos.lib.buddhist_era import to_be_year
from reconciliation import permissions, queries
from reconciliation.figures import FIELD, LABELS
from reconciliation.queries import ListFigure

EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699


@dataclass(frozen=True, slots=True)
class Chosen:
    """The area below those above it that the person may see, the year, and two lists."""

    above: list[Area]
    year_be: int
    years: list[int]
    a: str
    b: str
    against: int
    figures: list[ListFigure]

    @property
    def area(self) -> Area:
        return self.above[-1]

    def url(self, page: str = "", **more: object) -> str:
        """Return the address of the board, or of another page, with what is chosen."""
        asked = {"area": self.area.pk, "year": self.year_be, "a": self.a, "b": self.b}
        asked |= {"against": self.against}
        return f"/reconciliation/{page}?{urlencode(asked | more, doseq=True)}"


def choose(asked: QueryDict, user: User) -> Chosen:
    above = area_of(asked.get("area") or permissions.home_of(user), user)
    figures = queries.list_figures(above[-1].pk)
    years = queries.years_in(figures)
    year_be = year_of(asked.get("year"), default=years[0] if years else _this_year())
    a, b = _two_lists(asked, figures, year_be)
    older = [year for year in years if year < year_be]
    against = year_of(asked.get("against"), default=older[0] if older else year_be - 1)
    return Chosen(above, year_be, years, a, b, min(against, year_be - 1), figures)


def area_of(code: str, user: User) -> list[Area]:
    above = list(Area.objects.above([code]).order_by("code"))
    seen = [area for area in above if permissions.sees_area(user, area.pk)]
    if not seen or seen[-1].pk != code:
        raise Http404("ไม่พบพื้นที่นี้ หรืออยู่นอกพื้นที่ของท่าน")
    return seen


def year_of(said: str | None, *, default: int) -> int:
    if not said:
        return default
    if said.isascii() and said.isdigit() and len(said) == 4:
        year = int(said)
        if EARLIEST_YEAR_BE <= year <= LATEST_YEAR_BE:
            return year
    raise Http404("ปีต้องเป็น พ.ศ. สี่หลัก เช่น 2569")


def list_of(said: str) -> str:
    if said not in LABELS:
        raise Http404("ไม่รู้จักบัญชีนี้")
    return said


def _two_lists(asked: QueryDict, figures: list[ListFigure], year_be: int) -> tuple[str, str]:
    """Return the lists asked for; else the first two of the year, and the field in need."""
    there = [one.code for one in figures if one.year_be == year_be] + [FIELD, "tpmap"]
    a = list_of(asked.get("a") or there[0])
    others = [code for code in there if code != a]
    b = list_of(asked.get("b") or others[0])
    return a, (b if b != a else others[0])


def _this_year() -> int:
    return to_be_year(localdate().year)
