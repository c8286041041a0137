"""Visits that are made a second time by somebody else, who does not know what was found."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from areas.models import Area
from fieldwork.querysets import BackCheckDrawQuerySet, BackCheckQuerySet
from fieldwork.workflow import Settled
from households.models import Verification
from households.workflow import Outcome
from ppaos.orm import Entity, SealedTextField


class BackCheckShare(Entity):
    """Which share of visits is made again, in an area or of one surveyor; the newest holds."""

    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    surveyor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้สำรวจ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    percent = models.PositiveSmallIntegerField("ร้อยละ")
    set_at = models.DateTimeField("ตั้งเมื่อ")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "สัดส่วนการตรวจซ้ำ"
        verbose_name_plural = "สัดส่วนการตรวจซ้ำ"
        constraints = [
            models.CheckConstraint(
                name="backcheckshare_is_a_percentage", condition=Q(percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.percent}%"


class BackCheckDraw(Entity):
    """One drawing: its seed and what it was drawn from, so that anybody can draw it again."""

    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    seed = models.CharField("ค่าเริ่มสุ่ม", max_length=40)
    visited_from = models.DateField("เยี่ยมตั้งแต่")
    visited_to = models.DateField("เยี่ยมถึง")
    # Surveyor → {"visits": …, "percent": …, "drawn": …}
    counts = models.JSONField("จำนวนต่อผู้สำรวจ", default=dict)
    drawn_at = models.DateTimeField("สุ่มเมื่อ")
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้สุ่ม", on_delete=models.PROTECT, related_name="+"
    )

    objects = BackCheckDrawQuerySet.as_manager()

    class Meta:
        verbose_name = "การสุ่มตรวจซ้ำ"
        verbose_name_plural = "การสุ่มตรวจซ้ำ"
        constraints = [
            models.CheckConstraint(
                name="backcheckdraw_days_in_order",
                condition=Q(visited_to__gte=F("visited_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.seed}"


class BackCheck(Entity):
    """A verdict that was drawn, and what a second visit found.

    `is_blind` is false if the second visitor had opened the case file after the first visit;
    such a pair does not count towards agreement.
    """

    drawn_in = models.ForeignKey(BackCheckDraw, on_delete=models.PROTECT, related_name="checks")
    verification = models.OneToOneField(
        Verification, on_delete=models.PROTECT, related_name="back_check"
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้ตรวจซ้ำ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_on = models.DateField("ภายในวันที่", null=True, blank=True)
    outcome = models.CharField("ผลตรวจซ้ำ", max_length=10, choices=Outcome.choices(), blank=True)
    visited_on = models.DateField("วันที่เยี่ยม", null=True, blank=True)
    reason = SealedTextField("เหตุผล", null=True, blank=True)
    is_blind = models.BooleanField("ไม่เห็นผลครั้งแรก", null=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled = models.CharField("ตัดสินว่า", max_length=6, choices=Settled.choices(), blank=True)
    settled_reason = SealedTextField("เหตุที่ตัดสิน", null=True, blank=True)
    settled_at = models.DateTimeField("ตัดสินเมื่อ", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BackCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "การตรวจซ้ำ"
        verbose_name_plural = "การตรวจซ้ำ"
        constraints = [
            models.CheckConstraint(
                name="backcheck_second_visit_all_or_none",
                condition=Q(
                    outcome="",
                    visited_on__isnull=True,
                    is_blind__isnull=True,
                    recorded_at__isnull=True,
                    recorded_by__isnull=True,
                )
                | (
                    ~Q(outcome="")
                    & Q(
                        visited_on__isnull=False,
                        is_blind__isnull=False,
                        recorded_at__isnull=False,
                        recorded_by__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="backcheck_settled_all_or_none",
                condition=Q(settled="", settled_at__isnull=True, settled_by__isnull=True)
                | (
                    ~Q(settled="")
                    & Q(
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        recorded_at__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="backcheck_checker_has_a_day",
                condition=Q(checker__isnull=True, due_on__isnull=True)
                | Q(checker__isnull=False, due_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["checker", "due_on"],
                condition=Q(recorded_at__isnull=True),
                name="backcheck_of_checker",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verification_id}"
