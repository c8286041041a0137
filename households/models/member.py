"""A person of a household."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from households.models.household import Household
from households.querysets import MemberQuerySet
from households.workflow import LeftReason, Residence, Sex
from ppaos.orm import Entity, SealedTextField, folded_name


class Member(Entity):
    """A person of the household. A person without a citizen ID is allowed.

    The ID itself is sealed; `citizen_id_index` is its keyed fingerprint, for
    exact search and to keep one living record per person.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    seq = models.PositiveSmallIntegerField("ลำดับในบ้าน", default=1)
    is_head = models.BooleanField("หัวหน้าครัวเรือน", default=False)
    citizen_id = SealedTextField("เลขประจำตัวประชาชน", null=True, blank=True)
    citizen_id_index = models.BinaryField(max_length=32, null=True, editable=False)
    key_version = models.PositiveSmallIntegerField(null=True, editable=False)
    title = models.CharField("คำนำหน้า", max_length=40, blank=True)
    first_name = models.CharField("ชื่อ", max_length=120)
    last_name = models.CharField("นามสกุล", max_length=120, blank=True)
    # The empty default is the database's too: lists are copied in around the model.
    no_id_reason = models.CharField("เหตุที่ไม่มีเลข", max_length=200, blank=True, db_default="")
    name_key = models.CharField(max_length=240, db_collation="C", editable=False)
    search_key = models.GeneratedField(
        expression=folded_name("name_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    province_code = models.CharField(max_length=2, db_collation="C", editable=False)
    birth_date = models.DateField("วันเกิด", null=True, blank=True)
    birth_year = models.SmallIntegerField("ปีเกิด (ค.ศ.)", null=True, blank=True)
    sex = models.CharField("เพศ", max_length=6, choices=Sex.choices(), blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="บิดาหรือมารดา",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    relation = models.CharField("ความสัมพันธ์", max_length=60, blank=True)
    residence = models.CharField(
        "สถานะการอาศัย",
        max_length=20,
        choices=Residence.choices(),
        default=Residence.LISTED_AND_LIVING,
    )
    left_on = models.DateField("ออกจากครัวเรือนเมื่อ", null=True, blank=True)
    left_reason = models.CharField(
        "เหตุที่ออก", max_length=10, choices=LeftReason.choices(), blank=True
    )
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

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "สมาชิก"
        verbose_name_plural = "สมาชิก"
        constraints = [
            models.UniqueConstraint(
                fields=["citizen_id_index"],
                condition=Q(left_on__isnull=True),
                name="member_one_live_per_citizen_id",
                violation_error_message="มีบุคคลเลขประจำตัวนี้อยู่ในทะเบียนแล้ว",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, left_on__isnull=True),
                name="member_one_head_per_household",
                violation_error_message="ครัวเรือนมีหัวหน้าได้หนึ่งคน",
            ),
            models.CheckConstraint(
                name="member_citizen_id_and_index_together",
                condition=Q(
                    citizen_id__isnull=True, citizen_id_index__isnull=True, key_version__isnull=True
                )
                | Q(
                    citizen_id__isnull=False,
                    citizen_id_index__isnull=False,
                    key_version__isnull=False,
                ),
            ),
            models.CheckConstraint(name="member_has_a_name", condition=~Q(first_name="")),
            models.CheckConstraint(
                name="member_left_on_and_reason_together",
                condition=Q(left_on__isnull=True, left_reason="")
                | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                violation_error_message="ระบุทั้งวันที่และเหตุที่ออกจากครัวเรือน",
            ),
            models.CheckConstraint(
                name="member_merged_exactly_when_left_so",
                condition=Q(merged_into__isnull=True) & ~Q(left_reason=LeftReason.MERGED)
                | Q(merged_into__isnull=False, left_reason=LeftReason.MERGED)
                & ~Q(merged_into=models.F("id")),
            ),
            models.CheckConstraint(
                name="member_birth_year_in_range",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__gte=1850, birth_year__lte=2100),
                violation_error_message="ปีเกิดไม่อยู่ในช่วงที่เป็นไปได้",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "seq"], name="member_household_seq"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="member_merged",
            ),
            # The unique one holds the living only.
            models.Index(
                fields=["citizen_id_index"],
                condition=Q(merged_into__isnull=False),
                name="member_merged_citizen_id",
            ),
            GinIndex(
                fields=["province_code", "search_key"],
                opclasses=["varchar_ops", "gin_trgm_ops"],
                name="member_search_trgm",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.first_name} {self.last_name}".strip()
