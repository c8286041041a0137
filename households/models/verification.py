"""What a visit found."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from files.models import StoredFile
from households.models.household import Household
from households.workflow import Outcome, Stage
from ppaos.orm import Entity, SealedTextField


class Verification(Entity):
    """One visit's verdict. It can be taken back, never edited."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="verifications")
    outcome = models.CharField("ผลสอบทาน", max_length=10, choices=Outcome.choices())
    visited_on = models.DateField("วันที่เยี่ยม")
    reason = SealedTextField("เหตุผล", null=True, blank=True)
    note = SealedTextField("บันทึก", null=True, blank=True)
    lat = models.DecimalField("ละติจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField("ลองจิจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField("ความคลาดเคลื่อน (เมตร)", null=True, blank=True)
    stage_before = models.CharField(max_length=20, choices=Stage.choices())
    stage_date_before = models.DateField()
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    retracted_at = models.DateTimeField("ถอนเมื่อ", null=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retracted_reason = models.CharField("เหตุที่ถอน", max_length=300, blank=True)

    class Meta:
        verbose_name = "ผลสอบทาน"
        verbose_name_plural = "ผลสอบทาน"
        constraints = [
            models.CheckConstraint(
                name="verification_retraction_all_or_none",
                condition=Q(
                    retracted_at__isnull=True, retracted_by__isnull=True, retracted_reason=""
                )
                | (
                    Q(retracted_at__isnull=False, retracted_by__isnull=False)
                    & ~Q(retracted_reason="")
                ),
            ),
            models.CheckConstraint(
                name="verification_outcome_is_known",
                condition=Q(outcome__in=[o.value for o in Outcome]),
            ),
            models.CheckConstraint(
                name="verification_position_in_thailand",
                condition=Q(lat__isnull=True, lon__isnull=True, accuracy_m__isnull=True)
                | Q(
                    # Not null is said, since a comparison with null passes a check.
                    lat__isnull=False,
                    lon__isnull=False,
                    lat__gte=5.5,
                    lat__lte=20.6,
                    lon__gte=97.3,
                    lon__lte=105.7,
                ),
                violation_error_message="พิกัดต้องอยู่ในประเทศไทย และมีทั้งละติจูดและลองจิจูด",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-recorded_at"], name="verification_household")
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()


class VerificationPhoto(Entity):
    """A picture taken at the visit, kept sealed and without what the phone added."""

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "รูปการสอบทาน"
        verbose_name_plural = "รูปการสอบทาน"

    def __str__(self) -> str:
        return str(self.pk)
