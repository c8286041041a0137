"""A file on its way into the register, and how lists like it were read."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.permissions import common_area
from files.models import StoredFile
from households.workflow import Source
from imports.querysets import BatchQuerySet
from imports.workflow import COUNTED, OVER, State
from ppaos.orm import Entity


class ImportBatch(Entity):
    """One file of one list and year, from upload to undo.

    `mapping` is header → canonical column, as guessed or confirmed. `layout` is
    what was found in the file: sheet, header line, headers, encoding. `effect`
    counts what the import will do (before apply) or has done (after).
    """

    state = models.CharField(
        "สถานะ", max_length=20, choices=State.choices(), default=State.UPLOADED.value
    )
    source = models.CharField("บัญชี", max_length=14, choices=Source.choices())
    year_be = models.SmallIntegerField("ปี พ.ศ. ของบัญชี")
    file = models.ForeignKey(
        StoredFile, verbose_name="ไฟล์", on_delete=models.PROTECT, related_name="import_batches"
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    scope_codes = ArrayField(models.CharField(max_length=8), verbose_name="พื้นที่ที่ผู้นำเข้ารับผิดชอบ")
    comment = models.CharField("หมายเหตุ", max_length=300, blank=True)
    reimport_reason = models.CharField("เหตุที่นำเข้าไฟล์เดิมซ้ำ", max_length=300, blank=True)
    mapping = models.JSONField("การจับคู่คอลัมน์", null=True)
    options = models.JSONField("ตัวเลือก", default=dict)
    layout = models.JSONField("โครงของไฟล์", default=dict)
    lines_counted = models.PositiveIntegerField("จำนวนบรรทัดที่นับแยก", null=True)
    rows_read = models.PositiveIntegerField("จำนวนแถวที่อ่าน", null=True)
    accepted = models.PositiveIntegerField("พร้อมนำเข้า", default=0)
    held = models.PositiveIntegerField("รอคนตัดสินใจ", default=0)
    rejected = models.PositiveIntegerField("นำเข้าไม่ได้", default=0)
    skipped = models.PositiveIntegerField("ไม่ใช่ข้อมูลคน", default=0)
    warned = models.PositiveIntegerField("มีข้อสังเกต", default=0)
    effect = models.JSONField("ผลต่อทะเบียน", default=dict)
    error = models.CharField("สาเหตุที่ไม่สำเร็จ", max_length=500, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("ส่งเมื่อ")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("อนุมัติเมื่อ", null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField("นำเข้าเสร็จเมื่อ", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField("ย้อนกลับเสร็จเมื่อ", null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "การนำเข้า"
        verbose_name_plural = "การนำเข้า"
        constraints = [
            models.CheckConstraint(
                name="importbatch_every_line_has_its_verdict",
                condition=Q(rows_read__isnull=True)
                | Q(rows_read=F("accepted") + F("held") + F("rejected") + F("skipped")),
            ),
            models.CheckConstraint(
                name="importbatch_counted_from_staged_on",
                condition=~Q(state__in=[state.value for state in sorted(COUNTED)])
                | Q(rows_read__isnull=False, lines_counted=F("rows_read")),
            ),
            models.CheckConstraint(
                name="importbatch_state_is_known", condition=Q(state__in=[s.value for s in State])
            ),
            models.CheckConstraint(
                name="importbatch_year_is_be", condition=Q(year_be__gte=2500, year_be__lte=2699)
            ),
            models.CheckConstraint(
                name="importbatch_sha256_is_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="importbatch_approved_at_and_by_together",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="importbatch_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("uploaded_by")),
            ),
            models.CheckConstraint(
                name="importbatch_applied_at_and_by_together",
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
            ),
            models.CheckConstraint(
                name="importbatch_applied_when_it_says_so",
                condition=~Q(state=State.APPLIED.value) | Q(applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="importbatch_undone_exactly_when_it_says_so",
                condition=Q(
                    state=State.UNDONE.value, undone_at__isnull=False, undone_by__isnull=False
                )
                | (
                    ~Q(state=State.UNDONE.value) & Q(undone_at__isnull=True, undone_by__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="importbatch_failed_says_why", condition=~Q(state=State.FAILED.value, error="")
            ),
            models.UniqueConstraint(
                fields=["sha256", "source", "year_be"],
                condition=~Q(state__in=[state.value for state in sorted(OVER)])
                & Q(reimport_reason=""),
                name="importbatch_same_bytes_once",
                violation_error_message="ไฟล์นี้นำเข้าเป็นบัญชีและปีนี้แล้ว",
            ),
        ]
        indexes = [
            models.Index(fields=["-uploaded_at", "id"], name="importbatch_latest"),
            models.Index(fields=["sha256"], name="importbatch_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.year_be}"

    @property
    def area_code(self) -> str:
        """The area that holds all areas the import may touch: where its events belong."""
        return common_area(self.scope_codes)


class SavedMapping(models.Model):
    """How a list of a year was read once somebody said so; the newest of equal headers wins.

    `headers` are those of the file, in its order. `columns` is canonical column → index.
    `choices` are other choices about reading that came with it.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField("บัญชี", max_length=14, choices=Source.choices())
    year_be = models.SmallIntegerField("ปี พ.ศ. ของบัญชี")
    profile = models.CharField("แบบของบัญชี", max_length=40)
    headers = models.JSONField("หัวคอลัมน์ของไฟล์")
    columns = models.JSONField("การจับคู่คอลัมน์")
    polarity = models.JSONField("ความหมายของเลข 1", default=dict)
    choices = models.JSONField("ตัวเลือกการอ่าน", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("บันทึกเมื่อ")

    class Meta:
        verbose_name = "การจับคู่ที่จำไว้"
        verbose_name_plural = "การจับคู่ที่จำไว้"
        constraints = [
            models.CheckConstraint(
                name="savedmapping_year_is_be", condition=Q(year_be__gte=2500, year_be__lte=2699)
            ),
        ]
        indexes = [models.Index(fields=["source", "-year_be", "-id"], name="savedmapping_latest")]

    def __str__(self) -> str:
        return f"{self.source} {self.year_be} {self.profile}"
