from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST

from imports import permissions, services
from imports.models import ImportBatch
from imports.views.finding import batch_or_404
from imports.workflow import TRANSITIONS, State
from ppaos.web.request import AuthenticatedHttpRequest


@require_POST
@login_required
def apply(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Write the accepted lines into the register."""
    batch = batch_or_404(request, pk)

    try:
        services.order_apply(batch=batch, by=request.user, at=now())
    except (services.UnableToApply, services.UnableToMove) as error:
        messages.error(request, str(error))
    else:
        if batch.state == State.AWAITING_APPROVAL:
            messages.warning(request, "เกินเกณฑ์ความปลอดภัย รอผู้มีสิทธิอีกคนอนุมัติ")
        else:
            messages.success(request, f"เริ่มนำเข้า {services.pending(batch):,} แถวแล้ว")

    return redirect("imports:detail", batch.pk)


@require_POST
@login_required
def approve(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Approve an import above a safety limit, as a second person."""
    batch = batch_or_404(request, pk)

    try:
        services.approve(
            batch=batch, by=request.user, at=now(), asked=request.POST.get("asked", "")
        )
    except (services.UnableToApply, services.UnableToMove) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"อนุมัติแล้ว เริ่มนำเข้า {services.pending(batch):,} แถว")

    return redirect("imports:detail", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undo(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what taking the import back does, then do it."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    if request.method != "POST":
        if batch.state not in (State.APPLIED, State.FAILED):
            return redirect("imports:detail", batch.pk)
        return render(
            request,
            "imports/undo.html",
            {
                "batch": batch,
                "effects": _effects_of_undo(batch.pk),
                "foreseen": services.foresee_undo(batch, by=request.user, at=now()),
            },
        )

    try:
        services.order_undo(batch=batch, by=request.user, at=now())
    except (services.UnableToApply, services.UnableToMove) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "เริ่มย้อนกลับแล้ว")

    return redirect("imports:detail", batch.pk)


def _effects_of_undo(pk: UUID) -> list[str]:
    counts = services.written(batch_id=pk)
    return [
        f"ลบครัวเรือนที่การนำเข้านี้เพิ่ม {counts.households:,} ครัวเรือน และบุคคล {counts.members:,} คน",
        *_other_effects(counts),
        f"คืนค่าเดิมให้ข้อมูลที่ถูกเปลี่ยน {counts.updated:,} รายการ",
        "ข้อมูลที่มีผู้แก้ไข สอบทาน หรือประเมินไปแล้วจะคงไว้ และแสดงรายการให้ทราบ",
    ]


def _other_effects(counts: services.Written) -> list[str]:
    """Return what goes besides households and people, of the lists that bring such."""
    texts = {
        f"ลบคะแนนทุนตามบัญชี {counts.capitals:,} ครัวเรือน": counts.capitals,
        f"ลบความช่วยเหลือ {counts.helps:,} รายการ ที่ยังไม่มีการแจ้งผลหรือสอบทาน": counts.helps,
        f"ลบตัวเลขรายพื้นที่ {counts.figures:,} รายการ": counts.figures,
    }
    return [text for text, count in texts.items() if count]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cancel(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Show what giving the file up does now, then do it; while applying, stop and take back."""
    batch = batch_or_404(request, pk)
    permissions.check_can_manage(request.user, batch)
    if request.method != "POST":
        if not {State.CANCELLED, State.UNDOING} & TRANSITIONS[State(batch.state)]:
            return redirect("imports:detail", batch.pk)
        return render(
            request,
            "imports/cancel.html",
            {
                "batch": batch,
                "is_applying": batch.state == State.APPLYING,
                "effects": _effects_of_cancel(batch),
            },
        )

    try:
        services.cancel_import(batch=batch, by=request.user, at=now())
    except services.UnableToMove as error:
        messages.error(request, str(error))
    else:
        if batch.state == State.UNDOING:
            messages.success(request, "หยุดนำเข้าแล้ว กำลังคืนทะเบียนให้เป็นอย่างก่อนนำเข้า")
        else:
            messages.success(request, "ยกเลิกการนำเข้าแล้ว ไม่มีข้อมูลใดเข้าทะเบียน")

    return redirect("imports:detail", batch.pk)


def _effects_of_cancel(batch: ImportBatch) -> list[str]:
    if batch.state != State.APPLYING:
        return [
            "หยุดอ่านและตรวจเมื่อจบชุดที่ทำอยู่ ไม่มีข้อมูลใดจากไฟล์นี้เข้าทะเบียน",
            "ผลตรวจที่อ่านแล้วยังเปิดดูได้ และไฟล์เก็บไว้จนครบกำหนด",
            "ส่งไฟล์เดิมอีกครั้งได้ทันที",
        ]
    counts = services.written(batch_id=batch.pk)
    return [
        "หยุดเมื่อจบชุดที่เขียนอยู่ ไม่มีชุดใดค้างครึ่งทาง",
        f"ลบครัวเรือนที่เขียนไปแล้ว {counts.households:,} ครัวเรือน และบุคคล {counts.members:,} คน",
        *_other_effects(counts),
        f"คืนค่าเดิมให้ข้อมูลที่ถูกเปลี่ยน {counts.updated:,} รายการ",
        "ข้อมูลที่มีผู้แก้ไขระหว่างนี้จะคงไว้ และแสดงรายการให้ทราบ",
    ]
