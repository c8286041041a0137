"""Noting what a household answered about the use of its data. An answer is never rewritten."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from areas.services import mark_changed
from audit.services import record
from households import permissions
from households.models import ConsentRecord, Household
from households.services import stages
from households.services.updating import UnableToUpdateStale
from households.workflow import Consent, LegalBasis


class UnableToConsent(Exception):
    """The answer cannot be right. `fields` says where; the message is for the user."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__("ข้อมูลไม่ถูกต้อง กรุณาแก้จุดที่ระบุ")
        self.fields = fields


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """An answer as it was given at the house."""

    answer: Consent
    answered_on: date
    informant: str
    legal_basis: LegalBasis
    covers_sensitive: bool
    notice_version: str
    note: str = ""


@transaction.atomic
def record_consent(
    *, household: Household, version: int, draft: ConsentDraft, by: User, at: datetime
) -> ConsentRecord:
    """Keep an answer; the household stands under it from now on.

    Raises PermissionDenied, UnableToUpdateStale unless `version` is the present one, and
    UnableToConsent.
    """
    permissions.check_can_update(by, household)
    _check(draft, today=localdate(at))
    household = stages.lock(household)
    if household.version != version:
        raise UnableToUpdateStale
    kept = ConsentRecord.objects.create(
        household=household,
        answer=draft.answer,
        answered_on=draft.answered_on,
        informant=draft.informant.strip(),
        legal_basis=draft.legal_basis,
        covers_sensitive=draft.covers_sensitive,
        notice_version=draft.notice_version.strip(),
        note=draft.note.strip() or None,
        recorded_at=at,
        recorded_by=by,
    )
    household.consent = draft.answer
    household.consent_date = draft.answered_on
    household.version += 1
    household.save(update_fields=["consent", "consent_date", "version", "updated_at"])
    record(
        event="consent.recorded",
        subject=household,
        by=by,
        at=at,
        area=household.area_id,
        detail={
            "consent": str(kept.pk),
            "answer": draft.answer.value,
            "basis": draft.legal_basis.value,
            "fields": ["consent", "consent_date"],
        },
    )
    mark_changed(area_codes=[household.area_id])
    return kept


def _check(draft: ConsentDraft, *, today: date) -> None:
    found: dict[str, list[str]] = {}
    if draft.answer is Consent.NOT_ASKED:
        found["answer"] = ["เลือกคำตอบของครัวเรือน"]
    if draft.answered_on > today:
        found["answered_on"] = ["วันที่ให้คำตอบต้องไม่เป็นวันในอนาคต"]
    if not draft.informant.strip():
        found["informant"] = ["ระบุผู้ให้คำตอบ"]
    if not draft.notice_version.strip():
        found["notice_version"] = ["ระบุฉบับของคำชี้แจงที่อ่านให้ฟัง"]
    if draft.answer is Consent.REFUSED and draft.legal_basis is LegalBasis.CONSENT:
        found["legal_basis"] = ["ครัวเรือนไม่ยินยอม จึงใช้ความยินยอมเป็นฐานไม่ได้ กรุณาเลือกฐานอื่น"]
    if draft.answer is Consent.REFUSED and draft.covers_sensitive:
        found["covers_sensitive"] = ["ครัวเรือนไม่ยินยอม จึงไม่รวมข้อมูลอ่อนไหว กรุณาเอาเครื่องหมายออก"]
    if found:
        raise UnableToConsent(found)
