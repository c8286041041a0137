from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from duplicates import permissions, services
from duplicates.forms import MergeForm
from duplicates.models import Candidate, Merge, Search
from duplicates.workflow import RunState
from ppaos.lib.thai_text import clean
from ppaos.web.request import AuthenticatedHttpRequest

MERGES_SHOWN = 20


@never_cache
@require_safe
@login_required
def pairs(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what may be one, put together, the likeliest first; and the latest merges."""
    permissions.check_can_look(request.user)
    area = request.GET.get("area", "")
    merges = Merge.objects.visible_to(request.user).for_list()[:MERGES_SHOWN]
    found = services.clusters(
        by=request.user, area=area if area.isascii() and area.isdigit() else ""
    )
    return render(
        request,
        "duplicates/pairs.html",
        {
            "clusters": found,
            "title": f"รายที่อาจซ้ำ {len(found):,} กลุ่มรอตรวจ",
            "merges": merges,
            "last": Search.objects.filter(state=RunState.DONE).order_by("looked_at").last(),
            "is_searching": Search.objects.filter(state=RunState.WAITING).exists(),
        },
    )


@require_POST
@login_required
def search(request: AuthenticatedHttpRequest) -> HttpResponse:
    services.ask_for_search(by=request.user, at=now())
    messages.success(request, "สั่งค้นหารายการซ้ำแล้ว ผลจะแสดงที่นี่เมื่อค้นหาเสร็จ")
    return redirect("duplicates:pairs")


@never_cache
@require_safe
@login_required
def pair(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Put the two side by side, field by field."""
    candidate = _candidate_or_404(request, pk)
    permissions.check_can_look(request.user)
    return _page(request, candidate, MergeForm())


@require_POST
@login_required
def merge(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    permissions.check_can_look(request.user)
    form = MergeForm(request.POST)
    if not form.is_valid():
        return _page(request, candidate, form)
    try:
        merged = services.merge_pair(
            candidate=candidate, wish=form.wish(request.POST), by=request.user, at=now()
        )
    except services.UnableToMerge as error:
        messages.error(request, str(error))
        return redirect("duplicates:pair", pk)
    messages.success(request, "รวมแล้ว ทุกอย่างที่ผูกกับรายเดิมย้ายมาที่แฟ้มนี้ แยกกลับได้ที่หน้ารายการซ้ำ")
    return redirect("casework:case-file", merged.survivor_id)


@require_POST
@login_required
def distinct(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    candidate = get_object_or_404(Candidate.objects.visible_to(request.user), pk=pk)
    permissions.check_can_look(request.user)
    try:
        services.say_distinct(
            candidate=candidate,
            reason=clean(request.POST.get("reason", ""))[:300],
            by=request.user,
            at=now(),
        )
    except services.UnableToDecide as error:
        messages.error(request, str(error))
        return redirect("duplicates:pair", pk)
    messages.success(request, "จำไว้แล้วว่าไม่ใช่รายเดียวกัน จะไม่เสนอคู่นี้อีก เว้นแต่ข้อมูลเปลี่ยน")
    return redirect("duplicates:pairs")


def _candidate_or_404(request: AuthenticatedHttpRequest, pk: UUID) -> Candidate:
    return get_object_or_404(
        Candidate.objects.visible_to(request.user).select_related("decided_by"), pk=pk
    )


def _page(request: AuthenticatedHttpRequest, candidate: Candidate, form: MergeForm) -> HttpResponse:
    comparison = services.compare_pair(
        candidate=candidate, survivor=_survivor(request), by=request.user, at=now()
    )
    return render(
        request,
        "duplicates/pair.html",
        {
            "candidate": candidate,
            "comparison": comparison,
            "form": form,
            **_versions(comparison),
        },
    )


def _survivor(request: AuthenticatedHttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("survivor") or request.GET.get("survivor", ""))
    except ValueError:
        return None


def _versions(comparison: services.Comparison) -> dict[str, object]:
    """Return who stays and who goes, with the versions that are shown."""
    if comparison.is_of_people:
        stays, goes = comparison.staying[0], comparison.matches[0].merged
        return {"stays": stays, "goes": goes}
    return {"stays": comparison.survivor, "goes": comparison.merged}
