"""What it takes to leave the targets by help: versions that are added, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ppaos.orm import Entity

DEFAULT_SOURCE = "ค่าเริ่มต้นของระบบ ปรับได้"


class ExitRule(Entity):
    """The rule of who has risen out of poverty; the newest version holds for new proposals.

    The official criteria are not published: version 1 is a default of this system. The
    income line is not here, but that of the year of the assessment.
    """

    version = models.PositiveSmallIntegerField("รุ่น", unique=True, default=1)
    min_level = models.PositiveSmallIntegerField("ระดับรวมอย่างน้อย", default=3)
    no_capital_at_level = models.PositiveSmallIntegerField("ต้องไม่มีทุนใดอยู่ที่ระดับนี้หรือต่ำกว่า", default=1)
    needs_after_assessment = models.BooleanField("ต้องมีผลประเมินหลังช่วยเหลือ", default=True)
    needs_referrals_ended = models.BooleanField("เรื่องส่งต่อต้องสิ้นสุดทุกเรื่อง", default=True)
    source = models.CharField("ที่มา", max_length=200, default=DEFAULT_SOURCE)
    created_at = models.DateTimeField("เพิ่มเมื่อ", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "เกณฑ์พ้นเป้าหมาย"
        verbose_name_plural = "เกณฑ์พ้นเป้าหมาย"
        constraints = [
            models.CheckConstraint(
                name="exitrule_levels_in_range",
                condition=Q(
                    version__gte=1,
                    min_level__gte=1,
                    min_level__lte=4,
                    no_capital_at_level__gte=1,
                    no_capital_at_level__lte=3,
                ),
                violation_error_message="ระดับรวมต้องเป็น 1 ถึง 4 และระดับของทุนต้องเป็น 1 ถึง 3",
            ),
        ]

    def __str__(self) -> str:
        return f"รุ่น {self.version}"
