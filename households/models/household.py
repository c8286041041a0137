"""A household: who lives together, and where."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from areas.models import Area
from households.querysets import HouseholdQuerySet
from households.workflow import Consent, Stage
from ppaos.orm import Entity, SealedTextField


def _code_of(length: int) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Left("area", length),
        output_field=models.CharField(max_length=length, db_collation="C"),
        db_persist=True,
    )


class Household(Entity):
    """One household: who and where. What was found out about it has tables of its own.

    `house_code` is the registrar's 11 digits; several households may share one,
    told apart by `seq`. Without a registered house a temporary code stands in.
    """

    house_code = models.CharField("รหัสบ้าน", max_length=11, null=True, blank=True, db_collation="C")
    temporary_code = models.CharField(
        "รหัสชั่วคราว", max_length=20, null=True, blank=True, unique=True
    )
    seq = models.PositiveSmallIntegerField("ครัวเรือนที่", default=1)
    house_no = models.CharField("บ้านเลขที่", max_length=40, blank=True)
    village_name = models.CharField("ชื่อหมู่บ้าน", max_length=120, blank=True)
    soi = models.CharField("ซอย", max_length=120, blank=True)
    road = models.CharField("ถนน", max_length=120, blank=True)
    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    province_code = _code_of(2)
    district_code = _code_of(4)
    subdistrict_code = _code_of(6)
    lat = models.DecimalField("ละติจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField("ลองจิจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    phone = SealedTextField("โทรศัพท์", null=True, blank=True)
    stage = models.CharField("สถานะ", max_length=20, choices=Stage.choices(), default=Stage.LISTED)
    stage_date = models.DateField("สถานะตั้งแต่")
    consent = models.CharField(
        "ความยินยอม", max_length=10, choices=Consent.choices(), default=Consent.NOT_ASKED
    )
    consent_date = models.DateField("วันที่ให้คำตอบ", null=True, blank=True)
    # The empty default is the database's too: lists are copied in around the model.
    is_protected = models.BooleanField("ครัวเรือนคุ้มครอง", default=False, db_default=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="รวมเข้ากับ",
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    version = models.PositiveIntegerField("รุ่น", default=1)
    created_at = models.DateTimeField("เพิ่มเมื่อ", auto_now_add=True)
    updated_at = models.DateTimeField("แก้ไขเมื่อ", auto_now=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "ครัวเรือน"
        verbose_name_plural = "ครัวเรือน"
        constraints = [
            models.UniqueConstraint(
                fields=["house_code", "seq"],
                name="household_code_and_seq_once",
                violation_error_message="มีครัวเรือนรหัสบ้านและลำดับนี้แล้ว",
            ),
            models.CheckConstraint(
                name="household_has_exactly_one_code",
                condition=Q(house_code__isnull=False, temporary_code__isnull=True)
                | Q(house_code__isnull=True, temporary_code__isnull=False),
                violation_error_message="ครัวเรือนต้องมีรหัสบ้านหรือรหัสชั่วคราวอย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                name="household_house_code_is_11_digits",
                condition=Q(house_code__isnull=True) | Q(house_code__regex=r"^[0-9]{11}$"),
                violation_error_message="รหัสบ้านต้องเป็นตัวเลข 11 หลัก",
            ),
            models.CheckConstraint(
                name="household_position_in_thailand",
                condition=Q(lat__isnull=True, lon__isnull=True)
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
            models.CheckConstraint(
                name="household_consent_date_exactly_when_asked",
                condition=Q(consent=Consent.NOT_ASKED, consent_date__isnull=True)
                | (~Q(consent=Consent.NOT_ASKED) & Q(consent_date__isnull=False)),
                violation_error_message="ระบุวันที่ให้คำตอบเรื่องความยินยอม",
            ),
            models.CheckConstraint(
                name="household_area_is_subdistrict_or_village",
                condition=Q(subdistrict_code__regex=r"^[0-9]{6}$"),
                violation_error_message="ครัวเรือนต้องอยู่ในตำบลหรือหมู่บ้าน",
            ),
            models.CheckConstraint(
                name="household_merged_has_left_the_targets",
                condition=Q(merged_into__isnull=True)
                | (Q(stage=Stage.EXITED) & ~Q(merged_into=models.F("id"))),
            ),
            models.CheckConstraint(
                name="household_stage_is_known", condition=Q(stage__in=[s.value for s in Stage])
            ),
        ]
        indexes = [
            models.Index(fields=["area", "stage", "id"], name="household_area_stage"),
            models.Index(fields=["subdistrict_code", "id"], name="household_subdistrict"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="household_merged",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The house code, or the temporary one."""
        return self.house_code or self.temporary_code or ""

    @property
    def moo(self) -> int | None:
        """The village number, if the village is known."""
        return int(self.area_id[6:]) if len(self.area_id) == 8 else None
