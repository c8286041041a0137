"""The lines of a file, what was found wrong with them, and how their values are sealed."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from households.models import Household, Member
from imports.models.batch import ImportBatch
from imports.normalise.packing import pack_payload, unpack, unpack_values
from imports.querysets import IssueQuerySet, RowQuerySet
from imports.workflow import Action, Decision, Severity, Verdict
from ppaos.orm import keyring


class ImportRow(models.Model):
    """One line of the sheet and what becomes of it.

    `payload` holds the line as read and as normalised, and what each issue said
    of it, sealed as one. Only codes and keyed fingerprints stand in the clear. A line
    that says what one of an earlier import said names that one in `kept_in` and `kept_row`:
    its payload was sealed there, and stands there as long as it is empty here.
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
    kept_in = models.UUIDField(null=True)
    kept_row = models.PositiveIntegerField(null=True)
    # Keyed fingerprints of what a line is compared with others by.
    prints = models.BinaryField(max_length=64, null=True)
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
                name="importrow_kept_in_a_line_or_here",
                condition=Q(kept_in__isnull=True, kept_row__isnull=True)
                | Q(kept_in__isnull=False, kept_row__isnull=False),
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

    @property
    def sealed(self) -> bytes | memoryview:
        """The payload, also if it stands in the line of another import."""
        if self.payload or self.kept_in is None:
            return self.payload
        kept = ImportRow.objects.filter(batch_id=self.kept_in, row=self.kept_row or 0)
        payload: bytes | memoryview = kept.values_list("payload", flat=True).first() or b""
        self.payload = payload
        return payload

    @property
    def payload_context(self) -> str:
        """Name the line under which the payload was sealed."""
        return payload_context(self.kept_in or self.batch_id, self.kept_row or self.row)

    def open_payload(self) -> dict[str, Any]:
        return open_payload(
            self.sealed, batch_id=self.kept_in or self.batch_id, row=self.kept_row or self.row
        )

    def reseal(self, payload: dict[str, Any]) -> None:
        """Give the line a payload of its own; the caller saves PAYLOAD_COLUMNS."""
        self.payload = seal_payload(payload, batch_id=self.batch_id, row=self.row)
        self.kept_in = self.kept_row = None


PAYLOAD_COLUMNS = ("payload", "kept_in", "kept_row")


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
