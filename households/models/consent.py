"""What a household answered when it was asked whether its data may be used."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models.household import Household
from households.workflow import Consent, LegalBasis
from ppaos.orm import Entity, SealedTextField


class ConsentRecord(Entity):
    """One answer, who gave it, and on what ground the data is used since. Never edited.

    The newest one stands in Household.consent too.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    answer = models.CharField(
        "คำตอบ",
        max_length=10,
        choices=[choice for choice in Consent.choices() if choice[0] != Consent.NOT_ASKED],
    )
    answered_on = models.DateField("วันที่ให้คำตอบ")
    informant = SealedTextField("ผู้ให้คำตอบ")
    legal_basis = models.CharField("ฐานทางกฎหมาย", max_length=12, choices=LegalBasis.choices())
    covers_sensitive = models.BooleanField("รวมข้อมูลอ่อนไหว (สุขภาพ ความพิการ)")
    notice_version = models.CharField("ฉบับของคำชี้แจง", max_length=40)
    note = SealedTextField("บันทึก", null=True, blank=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "คำตอบเรื่องความยินยอม"
        verbose_name_plural = "คำตอบเรื่องความยินยอม"
        constraints = [
            models.CheckConstraint(
                name="consent_record_is_an_answer",
                condition=Q(answer__in=[Consent.GIVEN, Consent.REFUSED]),
            ),
            models.CheckConstraint(
                name="consent_refused_is_no_ground",
                condition=~Q(answer=Consent.REFUSED, legal_basis=LegalBasis.CONSENT),
                violation_error_message="ครัวเรือนไม่ยินยอม จึงใช้ความยินยอมเป็นฐานไม่ได้",
            ),
            models.CheckConstraint(
                name="consent_refused_covers_nothing_sensitive",
                condition=~Q(answer=Consent.REFUSED, covers_sensitive=True),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-recorded_at"], name="consent_household"),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()
