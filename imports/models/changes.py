"""The ledger of an import, and what it added to the register or changed there."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from imports.models.batch import ImportBatch
from imports.workflow import Kind, Phase


class ImportChunk(models.Model):
    """The ledger: a piece of work that was committed whole, with its counts."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="chunks"
    )
    phase = models.CharField("งาน", max_length=8, choices=Phase.choices())
    number = models.PositiveIntegerField("ชุดที่")
    last_row = models.PositiveIntegerField("ถึงแถว", default=0)
    last_key = models.CharField("ถึงบ้าน", max_length=24, blank=True, db_collation="C")
    lines = models.PositiveIntegerField("จำนวนแถว")
    counts = models.JSONField("จำนวน", default=dict)
    committed_at = models.DateTimeField("เสร็จเมื่อ")

    class Meta:
        verbose_name = "ชุดงาน"
        verbose_name_plural = "ชุดงาน"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "phase", "number"], name="importchunk_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.phase} {self.number}"


class ImportAdded(models.Model):
    """What this import added to the register for one household, in one chunk.

    One row instead of one for each row added. Place by place `tables` says in which
    table (its number in imports.apply.tables), `pks` which row, and `digests` how the
    import left it: while the digest still fits, nobody has touched that row since.
    `household_key` is no foreign key, since undo deletes what it points to.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="added"
    )
    chunk = models.PositiveIntegerField("ชุดที่")
    household_key = models.UUIDField("ครัวเรือน")
    tables = ArrayField(models.SmallIntegerField(), verbose_name="ตาราง")
    pks = ArrayField(models.UUIDField(), verbose_name="รหัสข้อมูล")
    digests = ArrayField(models.BinaryField(max_length=16), verbose_name="ลายนิ้วมือข้อมูล")
    is_undone = models.BooleanField("ย้อนกลับแล้ว", default=False)
    conflict = models.CharField("เหตุที่ย้อนกลับไม่ได้", max_length=200, blank=True)

    class Meta:
        verbose_name = "สิ่งที่เพิ่มในทะเบียน"
        verbose_name_plural = "สิ่งที่เพิ่มในทะเบียน"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "household_key", "chunk"], name="importadded_once_a_chunk"
            ),
            models.CheckConstraint(
                name="importadded_a_digest_for_each_row",
                condition=Q(pks__len=F("digests__len"), tables__len=F("digests__len")),
            ),
        ]
        indexes = [models.Index(fields=["household_key"], name="importadded_household")]

    def __str__(self) -> str:
        return f"{self.household_key} {self.chunk}"


class HouseholdTouch(models.Model):
    """A household that came by an import, and that somebody worked on in another way.

    Triggers on the tables of the register write it, whoever changes a row. While there is
    none, and no other import added to the household, it stands as its import left it.
    """

    id = models.BigAutoField(primary_key=True)
    household_key = models.UUIDField("ครัวเรือน")

    class Meta:
        verbose_name = "ครัวเรือนที่มีผู้แก้ไขหลังนำเข้า"
        verbose_name_plural = "ครัวเรือนที่มีผู้แก้ไขหลังนำเข้า"
        indexes = [models.Index(fields=["household_key"], name="householdtouch_household")]

    def __str__(self) -> str:
        return str(self.household_key)


class ImportChange(models.Model):
    """A row of the register that this import changed, and how it was before; or an area it taught.

    `digest` fingerprints the row as the import left it: while it still fits,
    nobody has touched the row since. `image` seals, for each changed column,
    the value before and after. `household_key` is the household that the row
    belongs to; no foreign key, since undo deletes what it points to. `conflict`
    says why something stayed at an undo, `conflict_columns` which of the columns.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="changes"
    )
    chunk = models.PositiveIntegerField("ชุดที่")
    table = models.CharField("ตาราง", max_length=40)
    pk_value = models.CharField("รหัสข้อมูล", max_length=36, db_collation="C")
    household_key = models.UUIDField("ครัวเรือน", null=True)
    kind = models.CharField("ทำอะไร", max_length=6, choices=Kind.choices())
    digest = models.BinaryField(max_length=16)
    image = models.BinaryField(null=True)
    is_undone = models.BooleanField("ย้อนกลับแล้ว", default=False)
    conflict = models.CharField("เหตุที่ย้อนกลับไม่ได้", max_length=200, blank=True)
    conflict_columns = ArrayField(
        models.CharField(max_length=40), verbose_name="คอลัมน์ที่คงค่าปัจจุบัน", default=list
    )

    class Meta:
        verbose_name = "สิ่งที่เปลี่ยนในทะเบียน"
        verbose_name_plural = "สิ่งที่เปลี่ยนในทะเบียน"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "table", "pk_value"], name="importchange_row_once"
            ),
            models.CheckConstraint(
                name="importchange_image_exactly_when_updated",
                condition=Q(kind=Kind.INSERT.value, image__isnull=True)
                | Q(kind=Kind.UPDATE.value, image__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["pk_value"], name="importchange_pk"),
            models.Index(fields=["batch", "household_key"], name="importchange_household"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.pk_value}"
