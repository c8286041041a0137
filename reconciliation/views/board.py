"""The board of an area and year, its sheet, and the households behind each number."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from areas.models import Area, Level
from households.models import Household
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest
from reconciliation import figures, permissions, queries
from reconciliation.figures import FIELD, LABELS, Change, Count, Pair, Signature
from reconciliation.queries import SHOWN, Wanted, households_of
from reconciliation.services import board_file
from reconciliation.views.choosing import Chosen, choose, list_of

PAGE_SIZE = 50
MOST_OVERLAPS = 12
"""So many combinations of lists are shown; the sheet has them all."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the list behind it."""

    count: Count
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of numbers with a name."""

    label: str
    url: str
    cells: list[tuple[str, Cell]]
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    labels: str
    marks: list[bool]
    count: Count
    url: str


@require_safe
@login_required
def board(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Say who is on which list, where lists disagree, and whom only the field found."""
    permissions.check_can_see(request.user)
    chosen = choose(request.GET, request.user)
    signs = queries.signatures(chosen.area.pk, chosen.year_be, digits=_inside(chosen.area))
    lists = figures.lists_there(signs)
    overlaps = _overlaps(chosen, signs, lists)
    context = {
        "title": f"กระทบยอดบัญชี {chosen.area.get_level_display()}{chosen.area.name}",
        "crumbs": [
            {"label": str(place), "url": f"?area={place.pk}&year={chosen.year_be}"}
            for place in chosen.above[:-1]
        ],
        "chosen": chosen,
        "labels": LABELS,
        "choices": [(code, LABELS[code]) for code in LABELS],
        "is_empty": not signs,
        "headline": _headline(chosen, signs),
        "main": _pair_cells(chosen, figures.pair(signs, chosen.a, chosen.b), _field(signs)),
        "pairs": [_pair_line(chosen, one) for one in figures.pairs(signs, lists)],
        "inside": _inside_lines(chosen, signs),
        "inside_name": _inside_name(chosen.area),
        "lists": [LABELS[code] for code in lists],
        "overlaps": overlaps[:MOST_OVERLAPS],
        "more_overlaps": max(0, len(overlaps) - MOST_OVERLAPS),
        "largest": max((one.count.households for one in overlaps), default=0),
        "changes": [_change_line(chosen, one) for one in _changes(chosen)],
        "compares_years": chosen.against in chosen.years,
        "published": queries.published(chosen.area.pk, chosen.year_be),
        "export_url": chosen.url("board.xlsx"),
    }
    return render(request, "reconciliation/board.html", context)


@require_safe
@login_required
def board_sheet(request: AuthenticatedHttpRequest) -> FileResponse:
    """Download every number of the board."""
    permissions.check_can_see(request.user)
    chosen = choose(request.GET, request.user)
    signs = queries.signatures(chosen.area.pk, chosen.year_be, digits=_inside(chosen.area))
    stream = board_file(
        area=chosen.area,
        year_be=chosen.year_be,
        a=chosen.a,
        b=chosen.b,
        signs=signs,
        changes=_changes(chosen),
        published=queries.published(chosen.area.pk, chosen.year_be),
        by=request.user,
        at=now(),
    )
    name = f"ppaos-lists-{chosen.area.pk}-{chosen.year_be}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name)


@require_safe
@login_required
def rows(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show the households that one number of the board counts."""
    permissions.check_can_see(request.user)
    chosen = choose(request.GET, request.user)
    show = request.GET.get("show") or "both"
    if show not in SHOWN:
        raise Http404("ไม่รู้จักตัวเลขนี้")
    wanted = Wanted(
        show=show,
        area=chosen.area.pk,
        year_be=chosen.year_be,
        a=chosen.a,
        b=chosen.b,
        lists=tuple(list_of(code) for code in request.GET.getlist("list")),
        against=chosen.against,
    )
    counted = households_of(wanted)
    total = counted.count()
    visible = counted.filter(pk__in=Household.objects.visible_to(request.user).values("pk"))
    page = keyset_page(
        visible.for_list(),
        order=["area_id", "pk"],
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    context = {
        "title": _title(wanted),
        "chosen": chosen,
        "total": total,
        "kept_back": total - visible.count(),
        "households": page.rows,
        "board_url": chosen.url(),
    }
    response = render(request, "reconciliation/rows.html", context | page_links(request, page))
    response["Cache-Control"] = "no-store"
    return response


# ---- cells -------------------------------------------------------------------------------
def _inside(area: Area) -> int:
    """Return how long the codes of the areas inside are."""
    return len(area.pk) if area.level == Level.VILLAGE else len(area.pk) + 2


def _inside_name(area: Area) -> str:
    names = {"PROVINCE": "อำเภอ", "DISTRICT": "ตำบล", "SUBDISTRICT": "หมู่บ้าน"}
    return names.get(area.level, "")


def _cell(chosen: Chosen, count: Count, show: str, **more: object) -> Cell:
    return Cell(count, chosen.url("households/", **{"show": show, **more}))


def _field(signs: list[Signature]) -> Count:
    return figures.count(signs, figures.is_field_only)


def _pair_cells(
    chosen: Chosen, found: Pair, field: Count | None = None, **more: object
) -> list[tuple[str, Cell]]:
    asked = {"a": found.a, "b": found.b, **more}
    cells = [
        ("อยู่ทั้งสองบัญชี", _cell(chosen, found.both, "both", **asked)),
        (f"เฉพาะ {LABELS[found.a]}", _cell(chosen, found.only_a, "only-a", **asked)),
        (f"เฉพาะ {LABELS[found.b]}", _cell(chosen, found.only_b, "only-b", **asked)),
    ]
    if field is not None:
        cells.append(("พบในพื้นที่เท่านั้น", _cell(chosen, field, "field", **asked)))
    return [*cells, ("ข้อมูลขัดแย้ง", _cell(chosen, found.conflicting, "conflict", **asked))]


def _pair_line(chosen: Chosen, found: Pair) -> Line:
    return Line(
        label=f"{LABELS[found.a]} กับ {LABELS[found.b]}",
        url=chosen.url(a=found.a, b=found.b),
        cells=[
            (label, cell)
            for label, (_, cell) in zip(
                ("อยู่ทั้งสอง", "เฉพาะบัญชีแรก", "เฉพาะบัญชีหลัง", "ขัดแย้ง"),
                _pair_cells(chosen, found),
                strict=True,
            )
        ],
        is_current={found.a, found.b} == {chosen.a, chosen.b},
    )


def _inside_lines(chosen: Chosen, signs: list[Signature]) -> list[Line]:
    """Return the areas inside; households whose village is not known stand in their tambon."""
    by_area: defaultdict[str, list[Signature]] = defaultdict(list)
    for one in signs:
        by_area[one.area].append(one)
    places = Area.objects.filter(pk__in=by_area).exclude(pk=chosen.area.pk).order_by("code")
    return [
        Line(
            label=_place_name(place),
            url=chosen.url(area=place.pk),
            cells=_pair_cells(
                chosen,
                figures.pair(by_area[place.pk], chosen.a, chosen.b),
                _field(by_area[place.pk]),
                area=place.pk,
            ),
        )
        for place in places
    ]


def _place_name(place: Area) -> str:
    return f"หมู่ {int(place.pk[6:])} {place}" if place.level == Level.VILLAGE else str(place)


def _headline(chosen: Chosen, signs: list[Signature]) -> list[dict[str, Any]]:
    """Return the lists of the year one beside the other, ours last."""
    named = {one.code: one.named for one in chosen.figures if one.year_be == chosen.year_be}
    return [
        {
            "label": LABELS[code],
            "cell": _cell(chosen, figures.count(signs, _is_on(code)), "on", a=code),
            "named": named.get(code),
            "is_ours": code == FIELD,
        }
        for code in figures.lists_there(signs)
    ]


def _is_on(code: str) -> Any:
    return lambda one: one.on(code)


def _overlaps(chosen: Chosen, signs: list[Signature], lists: list[str]) -> list[Overlap]:
    return [
        Overlap(
            labels=" + ".join(LABELS[code] for code in codes),
            marks=[code in codes for code in lists],
            count=counted,
            url=chosen.url("households/", show="exactly", list=list(codes)),
        )
        for codes, counted in figures.overlaps(signs)
    ]


def _changes(chosen: Chosen) -> list[Change]:
    return queries.changes(chosen.area.pk, chosen.year_be, against=chosen.against)


def _change_line(chosen: Chosen, found: Change) -> Line:
    wanted = (
        (f"ปี {chosen.against}", found.before, "before"),
        (f"ปี {chosen.year_be}", found.now, "on"),
        ("ยังอยู่", found.stayed, "stayed"),
        ("ใหม่", found.new, "new"),
        ("กลับมาอีก", found.again, "again"),
        ("หายไป", found.gone, "gone"),
    )
    return Line(
        label=LABELS[found.code],
        url="",
        cells=[
            (label, _cell(chosen, Count(number), show, a=found.code))
            for label, number, show in wanted
        ],
    )


# ---- words -------------------------------------------------------------------------------
def _title(wanted: Wanted) -> str:
    a, b = LABELS[wanted.a], LABELS[wanted.b]
    year, against = wanted.year_be, wanted.against
    listed = " + ".join(LABELS[code] for code in wanted.lists)
    return {
        "on": f"อยู่ในบัญชี {a} ปี {year}",
        "both": f"อยู่ทั้งใน {a} และ {b} ปี {year}",
        "only-a": f"อยู่ใน {a} แต่ไม่อยู่ใน {b} ปี {year}",
        "only-b": f"อยู่ใน {b} แต่ไม่อยู่ใน {a} ปี {year}",
        "conflict": f"{a} กับ {b} หรือผลสอบทาน ให้ข้อมูลไม่ตรงกัน",
        "field": f"พบในพื้นที่ ไม่อยู่ในบัญชีใดของปี {year}",
        "exactly": f"อยู่ใน {listed} เท่านั้น ปี {year}",
        "before": f"อยู่ในบัญชี {a} ปี {against}",
        "stayed": f"อยู่ใน {a} ทั้งปี {against} และ {year}",
        "new": f"ใหม่ใน {a} ปี {year}",
        "again": f"กลับมาอยู่ใน {a} อีกในปี {year}",
        "gone": f"อยู่ใน {a} ปี {against} แต่ไม่อยู่ในปี {year}",
    }[wanted.show]
