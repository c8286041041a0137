"""One tree of administrative units, keyed by the code of กรมการปกครอง."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Length

from areas.querysets import AreaFigureQuerySet, AreaQuerySet
from ppaos.orm import Entity


class Level(models.TextChoices):
    PROVINCE = "PROVINCE", "จังหวัด"
    DISTRICT = "DISTRICT", "อำเภอ"
    SUBDISTRICT = "SUBDISTRICT", "ตำบล"
    VILLAGE = "VILLAGE", "หมู่บ้าน"


CODE_LENGTH: dict[str, int] = {
    Level.PROVINCE: 2,
    Level.DISTRICT: 4,
    Level.SUBDISTRICT: 6,
    Level.VILLAGE: 8,
}


class Origin(models.TextChoices):
    OFFICIAL = "official", "ทะเบียนราชการ"
    LEARNT = "learnt", "เรียนรู้จากไฟล์นำเข้า"


def _length_matches_level() -> Q:
    rule = Q()
    for level, length in CODE_LENGTH.items():
        rule |= Q(level=level, code_length=length)
    return rule


class Area(models.Model):
    """A province, district, subdistrict or village."""

    code = models.CharField("รหัสพื้นที่", primary_key=True, max_length=8, db_collation="C")
    level = models.CharField("ระดับ", max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self",
        verbose_name="อยู่ใน",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name = models.CharField("ชื่อ", max_length=120)
    name_en = models.CharField("ชื่ออังกฤษ", max_length=120, blank=True)
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name="ชื่ออื่น", default=list, blank=True
    )
    is_municipal = models.BooleanField("เขตเทศบาล", null=True, blank=True)
    origin = models.CharField("ที่มา", max_length=8, choices=Origin, default=Origin.OFFICIAL)
    valid_from = models.DateField("ใช้ตั้งแต่", null=True, blank=True)
    valid_to = models.DateField("ใช้ถึง", null=True, blank=True)
    # What stands for it since `valid_to`, where the whole of it went to one other code.
    successor = models.ForeignKey(
        "self",
        verbose_name="ปัจจุบันคือ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    code_length = models.GeneratedField(
        expression=Length("code"), output_field=models.SmallIntegerField(), db_persist=True
    )

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = "พื้นที่"
        verbose_name_plural = "พื้นที่"
        constraints = [
            models.CheckConstraint(
                name="area_code_is_digits",
                condition=Q(code__regex=r"^[0-9]+$"),
                violation_error_message="รหัสพื้นที่ต้องเป็นตัวเลขอารบิก",
            ),
            models.CheckConstraint(
                name="area_code_length_matches_level",
                condition=_length_matches_level(),
                violation_error_message="จำนวนหลักของรหัสไม่ตรงกับระดับพื้นที่",
            ),
            models.CheckConstraint(
                name="area_parent_is_the_prefix",
                condition=Q(level=Level.PROVINCE, parent__isnull=True)
                | (
                    ~Q(level=Level.PROVINCE)
                    & Q(parent__isnull=False)
                    & Q(parent_id=Left("code", F("code_length") - 2))
                ),
                violation_error_message="รหัสต้องขึ้นต้นด้วยรหัสของพื้นที่ที่สังกัด",
            ),
            models.CheckConstraint(
                name="area_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                violation_error_message="วันสิ้นสุดต้องไม่ก่อนวันเริ่ม",
            ),
            models.CheckConstraint(
                name="area_successor_only_when_ended",
                condition=Q(successor__isnull=True)
                | (Q(valid_to__isnull=False) & ~Q(successor=F("code"))),
                violation_error_message="พื้นที่ที่มีรหัสใหม่แทนแล้วต้องมีวันสิ้นสุด",
            ),
        ]
        indexes = [models.Index(fields=["level", "name"], name="area_level_name")]

    def __str__(self) -> str:
        return f"{self.PREFIX[Level(self.level)]}{self.name}"

    PREFIX = {
        Level.PROVINCE: "จ.",
        Level.DISTRICT: "อ.",
        Level.SUBDISTRICT: "ต.",
        Level.VILLAGE: "บ้าน",
    }


class AreaChange(models.Model):
    """Outbox: something that is counted changed in this area.

    Written in the transaction of the change itself, folded and deleted by the
    aggregation, so a count can be late but never wrong for good.
    """

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    year_be = models.SmallIntegerField("ปี พ.ศ.", null=True)
    changed_at = models.DateTimeField("เมื่อ", auto_now_add=True)

    class Meta:
        verbose_name = "การเปลี่ยนแปลงที่รอนับ"
        verbose_name_plural = "การเปลี่ยนแปลงที่รอนับ"

    def __str__(self) -> str:
        return f"{self.area_id} {self.year_be or ''}".strip()


class AreaFigure(Entity):
    """One figure that a list publishes of an area, source and year.

    `measure` is the code of a known column, or the name under which the list has it. A
    newer list of the same level takes the place of the one before: what it leaves out is
    not current any more.
    """

    area = models.ForeignKey(
        Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="figures"
    )
    source = models.CharField("บัญชี", max_length=14)
    year_be = models.PositiveSmallIntegerField("ปี พ.ศ.")
    measure = models.CharField("รายการ", max_length=120)
    unit = models.CharField("หน่วย", max_length=60, blank=True)
    value = models.BigIntegerField("จำนวน")
    is_current = models.BooleanField("เป็นปัจจุบัน", default=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")

    objects = AreaFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "ตัวเลขรายพื้นที่"
        verbose_name_plural = "ตัวเลขรายพื้นที่"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "source", "year_be", "measure"],
                name="areafigure_once_per_area_source_year_and_measure",
                violation_error_message="มีตัวเลขรายการนี้ของพื้นที่ บัญชี และปีนี้แล้ว",
            ),
            models.CheckConstraint(
                name="areafigure_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="จำนวนต้องไม่ติดลบ",
            ),
            models.CheckConstraint(
                name="areafigure_year_is_be",
                condition=Q(year_be__gte=2500, year_be__lte=2699),
                violation_error_message="ปีต้องเป็น พ.ศ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.measure} {self.year_be}"
