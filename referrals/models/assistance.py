from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
from files.models import StoredFile
from households.models import Household
from ppaos.orm import Entity, SealedTextField
from problems.rules import Dimension
from referrals.models.referral import Referral
from referrals.querysets import AssistanceQuerySet
from referrals.workflow import AssistanceKind


class Assistance(Entity):
    """One help that a household got: what, when, worth how much. Zero baht is allowed.

    Mostly through a referral; help that an agency reports by list has none. Wrong ones
    are taken back with a reason, never edited.
    """

    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="assistance"
    )
    referral = models.ForeignKey(
        Referral,
        verbose_name="เรื่องส่งต่อ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assistance",
    )
    dimension = models.CharField("มิติ", max_length=14, choices=Dimension.choices())
    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("ประเภท", max_length=12, choices=AssistanceKind.choices())
    description = SealedTextField("รายละเอียด", null=True, blank=True)
    amount_thb = models.DecimalField("จำนวนเงิน (บาท)", max_digits=12, decimal_places=2)
    helped_on = models.DateField("วันที่ช่วยเหลือ")
    people = models.PositiveSmallIntegerField("จำนวนคนที่ได้รับ", null=True, blank=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้บันทึก", on_delete=models.PROTECT, related_name="+"
    )
    retracted_at = models.DateTimeField("ถอนเมื่อ", null=True, blank=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retracted_reason = models.CharField("เหตุที่ถอน", max_length=300, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "ความช่วยเหลือ"
        verbose_name_plural = "ความช่วยเหลือ"
        constraints = [
            models.CheckConstraint(
                name="assistance_amount_not_negative",
                condition=Q(amount_thb__gte=0),
                violation_error_message="จำนวนเงินต้องไม่ติดลบ",
            ),
            models.CheckConstraint(
                name="assistance_retraction_all_or_none",
                condition=Q(
                    retracted_at__isnull=True, retracted_by__isnull=True, retracted_reason=""
                )
                | (
                    Q(retracted_at__isnull=False, retracted_by__isnull=False)
                    & ~Q(retracted_reason="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-helped_on"], name="assistance_household"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class AssistancePhoto(Entity):
    """A picture of the help given."""

    assistance = models.ForeignKey(Assistance, on_delete=models.CASCADE, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "รูปความช่วยเหลือ"
        verbose_name_plural = "รูปความช่วยเหลือ"

    def __str__(self) -> str:
        return str(self.pk)


class OutcomeCheck(Entity):
    """What somebody who did not give the help found at the house."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField("วันที่เยี่ยม")
    problem_remains = models.BooleanField("ปัญหายังอยู่")
    satisfaction = models.PositiveSmallIntegerField("ความพึงพอใจ (1–5)", null=True, blank=True)
    note = SealedTextField("บันทึก", null=True, blank=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้สอบทาน", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "การสอบทานผลช่วยเหลือ"
        verbose_name_plural = "การสอบทานผลช่วยเหลือ"
        constraints = [
            models.CheckConstraint(
                name="outcomecheck_satisfaction_1_to_5",
                condition=Q(satisfaction__isnull=True)
                | Q(satisfaction__gte=1, satisfaction__lte=5),
                violation_error_message="ความพึงพอใจต้องเป็น 1 ถึง 5",
            ),
        ]

    def __str__(self) -> str:
        return "ปัญหายังอยู่" if self.problem_remains else "ปัญหาหมดไป"
