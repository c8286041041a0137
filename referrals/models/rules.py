"""Routing, working days allowed, holidays: rows that are replaced, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
from areas.models import Area
from ppaos.orm import Entity
from problems.rules import Dimension, ProblemCode
from referrals.querysets import RoutingRuleQuerySet
from referrals.workflow import TIMED, Status, Urgency
from slf.instrument import Group


class RoutingRule(Entity):
    """Which agency a problem goes to. What is left empty fits everything.

    Of the rules that fit, the most specific wins, then the lowest priority number.
    A rule that was in force is retired, and another one added.
    """

    dimension = models.CharField("มิติ", max_length=14, choices=Dimension.choices())
    code = models.CharField(
        "ปัญหา", max_length=30, choices=ProblemCode.choices(), null=True, blank=True
    )
    group = models.CharField("กลุ่ม", max_length=14, choices=Group.choices(), null=True, blank=True)
    area = models.ForeignKey(
        Area,
        verbose_name="พื้นที่",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="ใช้กับครัวเรือนในพื้นที่นี้",
    )
    age_from = models.PositiveSmallIntegerField("อายุตั้งแต่ (ปี)", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("อายุไม่เกิน (ปี)", null=True, blank=True)
    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", on_delete=models.PROTECT, related_name="+"
    )
    priority = models.PositiveSmallIntegerField("ลำดับ", default=10)
    note = models.CharField("คำอธิบาย", max_length=200, blank=True)
    is_default = models.BooleanField("ค่าเริ่มต้นของระบบ", default=False)
    created_at = models.DateTimeField("เพิ่มเมื่อ")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField("เลิกใช้เมื่อ", null=True, blank=True)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "เกณฑ์เลือกหน่วยงาน"
        verbose_name_plural = "เกณฑ์เลือกหน่วยงาน"
        constraints = [
            models.CheckConstraint(
                name="routingrule_ages_in_order",
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_to__gte=models.F("age_from")),
                violation_error_message="อายุสูงสุดต้องไม่น้อยกว่าอายุต่ำสุด",
            ),
        ]
        indexes = [
            models.Index(
                fields=["dimension", "priority"],
                condition=Q(retired_at__isnull=True),
                name="routingrule_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} → {self.agency_id}"


class SlaTerm(Entity):
    """Working days allowed in a status to whoever must act; the newest version holds."""

    version = models.PositiveSmallIntegerField("รุ่น")
    status = models.CharField(
        "สถานะ", max_length=12, choices=[(s.value, s.label) for s in Status if s in TIMED]
    )
    urgency = models.CharField("ความเร่งด่วน", max_length=12, choices=Urgency.choices())
    days = models.PositiveSmallIntegerField("วันทำการ")
    created_at = models.DateTimeField("เพิ่มเมื่อ")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "กำหนดเวลา"
        verbose_name_plural = "กำหนดเวลา"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "status", "urgency"], name="slaterm_once_per_version"
            ),
            models.CheckConstraint(
                name="slaterm_at_least_a_day",
                condition=Q(days__gte=1),
                violation_error_message="กำหนดเวลาต้องอย่างน้อยหนึ่งวันทำการ",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.get_urgency_display()}: {self.days}"


class Holiday(models.Model):
    """A day that is no working day, as the operator says. Without rows only weekends are."""

    date = models.DateField("วันที่", primary_key=True)
    name = models.CharField("ชื่อวันหยุด", max_length=120)

    class Meta:
        verbose_name = "วันหยุดราชการ"
        verbose_name_plural = "วันหยุดราชการ"

    def __str__(self) -> str:
        return self.name
