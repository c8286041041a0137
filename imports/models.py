"""A file on its way into the register: its lines, what was wrong, what it changed."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.permissions import common_area
from files.models import StoredFile
from households.models import Household, Member
from households.workflow import Source
from imports.normalise.packing import pack_payload, unpack, unpack_values
from imports.querysets import BatchQuerySet, IssueQuerySet, RowQuerySet
from imports.workflow import (
    COUNTED,
    OVER,
    Action,
    Decision,
    Kind,
    Phase,
    Severity,
    State,
    Verdict,
)
from ppaos.orm import Entity, keyring


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


class ImportRow(models.Model):
    """One line of the sheet and what becomes of it.

    `payload` holds the line as read and as normalised, and what each issue said
    of it, sealed as one. Only codes and keyed fingerprints stand in the clear.
    `house_key` puts the lines of one household together: the house code, or a
    keyed fingerprint of tambon and house number where there is none.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="rows"
    )
    row = models.PositiveIntegerField("แถว")
    verdict = models.CharField("ผลตรวจ", max_length=8, choices=Verdict.choices())
    codes = ArrayField(models.CharField(max_length=24), verbose_name="รหัสผลตรวจ", default=list)
    payload = models.BinaryField()
    citizen_index = models.BinaryField(max_length=32, null=True)
    row_hash = models.BinaryField(max_length=32, null=True)
    raw_hash = models.BinaryField(max_length=32, null=True)
    # The import that added the household, if nothing of it has changed since.
    known_from = models.UUIDField(null=True)
    house_key = models.CharField(max_length=24, blank=True, db_collation="C")
    area_code = models.CharField(max_length=8, blank=True, db_collation="C")
    action = models.CharField("ผลต่อทะเบียน", max_length=10, choices=Action.choices(), blank=True)
    household_action = models.CharField(
        "ผลต่อครัวเรือน", max_length=10, choices=Action.choices(), blank=True
    )
    household = models.ForeignKey(
        Household,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="import_rows",
    )
    member = models.ForeignKey(
        Member,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="import_rows",
    )
    is_applied = models.BooleanField("อยู่ในทะเบียน", default=False)
    decision = models.CharField("คำตัดสิน", max_length=8, choices=Decision.choices(), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    decided_at = models.DateTimeField("ตัดสินเมื่อ", null=True)
    # Who the person is, if somebody was asked: a member of the register, or nobody yet.
    chosen_member = models.ForeignKey(
        Member,
        verbose_name="เป็นคนเดียวกับ",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    is_new_person = models.BooleanField("เป็นคนใหม่", default=False, db_default=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        verbose_name = "แถวของไฟล์"
        verbose_name_plural = "แถวของไฟล์"
        constraints = [
            models.UniqueConstraint(fields=["batch", "row"], name="importrow_line_once"),
            models.CheckConstraint(
                name="importrow_verdict_is_known",
                condition=Q(verdict__in=[v.value for v in Verdict]),
            ),
            models.CheckConstraint(
                name="importrow_applied_only_if_accepted",
                condition=Q(is_applied=False) | Q(verdict=Verdict.ACCEPTED.value),
            ),
            models.CheckConstraint(
                name="importrow_decision_all_or_none",
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision="")),
            ),
            models.CheckConstraint(
                name="importrow_the_same_or_a_new_person",
                condition=Q(chosen_member__isnull=True) | Q(is_new_person=False),
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "verdict", "row"], name="importrow_verdict"),
            models.Index(fields=["batch", "house_key", "row"], name="importrow_house"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"

    def open_payload(self) -> dict[str, Any]:
        return open_payload(self.payload, batch_id=self.batch_id, row=self.row)


def payload_context(batch_id: uuid.UUID, row: int) -> str:
    """Name the one line that a ciphertext belongs to."""
    return f"{ImportRow._meta.db_table}.payload.{batch_id}.{row}"


def seal_payload(payload: dict[str, Any], *, batch_id: uuid.UUID, row: int) -> bytes:
    """Encrypt one line's values, bound to the batch and the line."""
    return seal_packed(pack_payload(payload), batch_id=batch_id, row=row)


def seal_packed(plain: bytes, *, batch_id: uuid.UUID, row: int) -> bytes:
    return keyring().seal(plain, context=payload_context(batch_id, row))


def open_payload(blob: bytes | memoryview, *, batch_id: uuid.UUID, row: int) -> dict[str, Any]:
    """Return `{"raw": [texts], "normalised": {column: value}, "notes": [[code, column,
    cell as read, detail]]}`, all empty once the file's time is up.

    Raises UnableToUnseal.
    """
    if not blob:
        return {"raw": [], "normalised": {}, "notes": []}
    return unpack(keyring().unseal(blob, context=payload_context(batch_id, row)))


def open_values(blob: bytes | memoryview, *, batch_id: uuid.UUID, row: int) -> dict[str, Any]:
    """Return `normalised` alone, in less time. Raises UnableToUnseal."""
    if not blob:
        return {}
    plain = keyring().unseal(blob, context=payload_context(batch_id, row))
    values: dict[str, Any] = unpack_values(plain)["normalised"]
    return values


class RowIssue(models.Model):
    """Something a check found in one line. The value itself is in the line's payload."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="issues"
    )
    row = models.PositiveIntegerField("แถว")
    column = models.CharField("คอลัมน์", max_length=120, blank=True)
    code = models.CharField("รหัส", max_length=24)
    severity = models.CharField("ความรุนแรง", max_length=8, choices=Severity.choices())

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "ข้อสังเกต"
        verbose_name_plural = "ข้อสังเกต"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "row", "column", "code"], name="rowissue_once_per_cell"
            ),
        ]
        indexes = [models.Index(fields=["batch", "code", "row"], name="rowissue_code")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"


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
