"""What a province sets about the rules, what is excused, and the counts that the board shows."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from areas.models import Area
from households.models import Household
from ppaos.orm import Entity
from quality.querysets import ExemptionQuerySet, QualityCellQuerySet


class RuleSetting(Entity):
    """What a province holds otherwise than the defaults of a rule."""

    province = models.ForeignKey(
        Area, verbose_name="จังหวัด", on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField("กติกา", max_length=40, db_collation="C")
    is_on = models.BooleanField("ใช้กติกานี้", default=True)
    threshold = models.PositiveIntegerField("เกณฑ์", null=True, blank=True)
    set_at = models.DateTimeField("ตั้งเมื่อ")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "การตั้งกติกาคุณภาพข้อมูล"
        verbose_name_plural = "การตั้งกติกาคุณภาพข้อมูล"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "rule"], name="rulesetting_once_per_province_and_rule"
            )
        ]

    def __str__(self) -> str:
        return f"{self.province_id} {self.rule}"


class Exemption(Entity):
    """A row that breaks a rule and is right all the same: until the row changes.

    `subject` is the household's key, or the member's. It stands while the row has the
    version that was seen; a changed row is held against the rule again.
    """

    rule = models.CharField("กติกา", max_length=40, db_collation="C")
    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="+"
    )
    subject = models.UUIDField("รายการ")
    subject_version = models.PositiveIntegerField("รุ่นของรายการ")
    reason = models.CharField("เหตุผล", max_length=300)
    made_at = models.DateTimeField("ยกเว้นเมื่อ")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("เลิกยกเว้นเมื่อ", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = "ข้อยกเว้นของคุณภาพข้อมูล"
        verbose_name_plural = "ข้อยกเว้นของคุณภาพข้อมูล"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "rule", "subject_version"],
                condition=Q(ended_at__isnull=True),
                name="exemption_one_standing_per_row_and_rule",
                violation_error_message="รายการนี้ได้รับการยกเว้นจากกติกานี้อยู่แล้ว",
            ),
            models.CheckConstraint(
                name="exemption_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(name="exemption_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject}"


class QualityCell(models.Model):
    """How many rows of one village or tambon break one rule now, by who recorded the visit.

    Derived: no foreign keys, only values above zero.
    """

    id = models.BigAutoField(primary_key=True)
    area_code = models.CharField("รหัสพื้นที่", max_length=8, db_collation="C")
    rule = models.CharField("กติกา", max_length=40, db_collation="C")
    recorder = models.UUIDField("ผู้บันทึก", null=True)
    found = models.PositiveIntegerField("พบ")

    objects = QualityCellQuerySet.as_manager()

    class Meta:
        verbose_name = "จำนวนที่ผิดกติกา"
        verbose_name_plural = "จำนวนที่ผิดกติกา"
        constraints = [
            models.CheckConstraint(name="qualitycell_not_zero", condition=Q(found__gt=0))
        ]
        indexes = [
            models.Index(fields=["area_code"], include=["rule", "found"], name="qualitycell_area")
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.rule} {self.found}"


class QualityDay(models.Model):
    """What the nightly count found in one tambon: the trend."""

    id = models.BigAutoField(primary_key=True)
    area_code = models.CharField("รหัสพื้นที่", max_length=8, db_collation="C")
    day = models.DateField("วัน")
    rule = models.CharField("กติกา", max_length=40, db_collation="C")
    found = models.PositiveIntegerField("พบ")

    class Meta:
        verbose_name = "จำนวนที่ผิดกติการายวัน"
        verbose_name_plural = "จำนวนที่ผิดกติการายวัน"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "area_code", "rule"], name="qualityday_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.day} {self.rule}"


class QualityRun(models.Model):
    """One row: when everything was counted last, and which acts are counted since."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_at = models.DateTimeField("นับเมื่อ", null=True)
    whole_at = models.DateTimeField("นับทั้งหมดเมื่อ", null=True)
    # Acts of the last minutes that are counted already: an act may commit late.
    seen = ArrayField(models.UUIDField(), default=list)

    class Meta:
        verbose_name = "รอบการนับคุณภาพข้อมูล"
        verbose_name_plural = "รอบการนับคุณภาพข้อมูล"
        constraints = [models.CheckConstraint(name="qualityrun_only_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.counted_at)
