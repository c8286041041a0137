"""Two rows made one, and every single change that this took."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from duplicates.querysets import MergeQuerySet
from duplicates.workflow import Act, Kind
from households.models import Household, Member
from ppaos.orm import Entity, SealedTextField


class Merge(Entity):
    """`merged` became part of `survivor`: two households, or two members of `household`s.

    Undone means that both are again as they were.
    """

    kind = models.CharField("ชนิด", max_length=10, choices=Kind.choices())
    survivor = models.ForeignKey(
        Household, verbose_name="ครัวเรือนหลัก", on_delete=models.PROTECT, related_name="+"
    )
    merged = models.ForeignKey(
        Household, verbose_name="ครัวเรือนที่รวมเข้า", on_delete=models.PROTECT, related_name="+"
    )
    survivor_member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    merged_member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("เหตุผล", max_length=300)
    merged_at = models.DateTimeField("รวมเมื่อ")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField("แยกกลับเมื่อ", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_reason = models.CharField("เหตุที่แยกกลับ", max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = "การรวมรายการซ้ำ"
        verbose_name_plural = "การรวมรายการซ้ำ"
        constraints = [
            models.CheckConstraint(
                name="merge_of_two_households_or_two_members",
                condition=Q(
                    kind=Kind.HOUSEHOLD, survivor_member__isnull=True, merged_member__isnull=True
                )
                & ~Q(survivor=models.F("merged"))
                | Q(kind=Kind.PERSON, survivor_member__isnull=False, merged_member__isnull=False)
                & ~Q(survivor_member=models.F("merged_member")),
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True, kind=Kind.HOUSEHOLD),
                name="merge_household_merged_once",
                violation_error_message="ครัวเรือนนี้ถูกรวมไปแล้ว",
            ),
            models.UniqueConstraint(
                fields=["merged_member"],
                condition=Q(undone_at__isnull=True),
                name="merge_member_merged_once",
                violation_error_message="บุคคลนี้ถูกรวมไปแล้ว",
            ),
            models.CheckConstraint(
                name="merge_undone_all_or_none",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undone_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason=""),
            ),
        ]
        indexes = [models.Index(fields=["-merged_at", "id"], name="merge_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.merged_at:%Y-%m-%d}"


class MergeChange(Entity):
    """One step of a merge: a row, the columns that changed, their values before and after.

    The values are JSON as PostgreSQL writes a row, sealed. Steps are taken back in the
    opposite order.
    """

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField("ลำดับ")
    table = models.CharField("ตาราง", max_length=63)
    row = models.CharField("รหัสข้อมูล", max_length=40, db_collation="C")
    act = models.CharField("ทำอะไร", max_length=8, choices=Act.choices())
    columns = ArrayField(models.CharField(max_length=63), verbose_name="คอลัมน์", default=list)
    before = SealedTextField("ค่าก่อนรวม", null=True, blank=True)
    after = SealedTextField("ค่าหลังรวม", null=True, blank=True)

    class Meta:
        verbose_name = "สิ่งที่เปลี่ยนเพราะการรวม"
        verbose_name_plural = "สิ่งที่เปลี่ยนเพราะการรวม"
        constraints = [
            models.UniqueConstraint(fields=["merge", "number"], name="mergechange_number_once"),
            models.CheckConstraint(
                name="mergechange_values_exactly_when_changed",
                condition=Q(
                    act__in=[Act.MOVED, Act.CHANGED],
                    before__isnull=False,
                    after__isnull=False,
                    columns__len__gte=1,
                )
                | Q(act__in=[Act.ADDED, Act.KEPT], before__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.act}"
