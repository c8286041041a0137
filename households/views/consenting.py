from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from households import permissions, services
from households.forms import TidyCharField
from households.models import ConsentRecord, Household
from households.views.finding import add_errors, household_or_404, note_shown
from households.workflow import Consent, LegalBasis
from ppaos.web.fields import ThaiDateField
from ppaos.web.request import AuthenticatedHttpRequest

FIRST_NOTICE = "คำชี้แจงฉบับที่ 1"
"""What the notice is called until somebody names another. A project default."""


class ConsentForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="คำตอบของครัวเรือน",
        help_text="ถอนความยินยอมภายหลังได้ ให้บันทึกเป็น “ไม่ยินยอม” คำตอบเดิมยังอยู่ในประวัติ",
        choices=[(c.value, c.label) for c in (Consent.GIVEN, Consent.REFUSED)],
        widget=forms.RadioSelect,
    )
    answered_on = ThaiDateField(label="วันที่ให้คำตอบ")
    informant = TidyCharField(label="ผู้ให้คำตอบ", max_length=200)
    legal_basis = forms.ChoiceField(
        label="ฐานทางกฎหมายที่ใช้ข้อมูลต่อ",
        help_text="ตามกฎหมายคุ้มครองข้อมูลส่วนบุคคล",
        choices=LegalBasis.choices(),
        widget=forms.RadioSelect,
    )
    covers_sensitive = forms.BooleanField(
        label="ยินยอมรวมข้อมูลสุขภาพและความพิการ (มาตรา 26)", required=False
    )
    notice_version = TidyCharField(label="คำชี้แจงที่อ่านให้ฟัง", max_length=40)
    note = TidyCharField(
        label="บันทึกเพิ่มเติม",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def draft(self) -> services.ConsentDraft:
        data = self.cleaned_data
        return services.ConsentDraft(
            answer=Consent(data["answer"]),
            answered_on=data["answered_on"],
            informant=data["informant"],
            legal_basis=LegalBasis(data["legal_basis"]),
            covers_sensitive=data["covers_sensitive"],
            notice_version=data["notice_version"],
            note=data["note"],
        )


@require_http_methods(["GET", "POST"])
@login_required
def consent(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Note the household's answer; all answers before stand below."""
    household = household_or_404(request.user, pk)
    permissions.check_can_update(request.user, household)
    note_shown(request, household)
    records = list(
        ConsentRecord.objects.filter(household=household)
        .select_related("recorded_by")
        .order_by("-recorded_at", "-pk")
    )
    form = ConsentForm(request.POST or None, initial=_initial(household, records))

    if form.is_valid():
        try:
            services.record_consent(
                household=household,
                version=form.cleaned_data["version"],
                draft=form.draft(),
                by=request.user,
                at=now(),
            )
        except services.UnableToConsent as error:
            add_errors(form, error.fields)
        except services.UnableToUpdateStale as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "บันทึกคำตอบเรื่องความยินยอมแล้ว")
            return redirect("casework:case-file", pk)

    response = render(
        request,
        "households/consent.html",
        {"household": household, "form": form, "records": records},
    )
    response["Cache-Control"] = "no-store"
    return response


def _initial(household: Household, records: list[ConsentRecord]) -> dict[str, Any]:
    return {
        "version": household.version,
        "answered_on": localdate(),
        "notice_version": records[0].notice_version if records else FIRST_NOTICE,
    }
