"""Who visits which household, until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fieldwork.querysets import AssignmentQuerySet
from fieldwork.workflow import Ended
from households.models import Household
from ppaos.orm import Entity


class Assignment(Entity):
    """One household that one person is to visit.

    Whether the visit was made is not written here: a verdict that stands and was recorded
    after `assigned_at` is the visit, so a verdict that is taken back brings the work back.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="assignments")
    surveyor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้สำรวจ", on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField("ภายในวันที่")
    assigned_at = models.DateTimeField("มอบหมายเมื่อ")
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้มอบหมาย",
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_over_from = models.OneToOneField(
        "self",
        verbose_name="รับช่วงจาก",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handed_over_to",
    )
    ended = models.CharField("สิ้นสุดเพราะ", max_length=12, choices=Ended.choices(), blank=True)
    ended_at = models.DateTimeField("สิ้นสุดเมื่อ", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "งานที่มอบหมาย"
        verbose_name_plural = "งานที่มอบหมาย"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(ended_at__isnull=True),
                name="assignment_one_standing_per_household",
                violation_error_message="ครัวเรือนนี้มีผู้รับผิดชอบอยู่แล้ว",
            ),
            models.CheckConstraint(
                name="assignment_end_all_or_none",
                condition=Q(ended="", ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(ended="") & Q(ended_at__isnull=False, ended_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["surveyor", "due_on"],
                condition=Q(ended_at__isnull=True),
                name="assignment_of_surveyor",
            )
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.due_on:%Y-%m-%d}"
