"""Uploads, photos and exports, kept encrypted in PostgreSQL so that any host can read them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ppaos.orm import Entity


class Purpose(models.TextChoices):
    IMPORT = "import", "ไฟล์นำเข้า"
    EXPORT = "export", "ไฟล์ส่งออก"
    PHOTO = "photo", "รูปถ่าย"


class StoredFile(Entity):
    """A file's label and fingerprint; its bytes are in FileChunk until purged."""

    purpose = models.CharField("ใช้เพื่อ", max_length=10, choices=Purpose)
    name = models.CharField("ชื่อไฟล์เดิม", max_length=255)
    content_type = models.CharField("ชนิด", max_length=100)
    size = models.PositiveBigIntegerField("ขนาด (ไบต์)")
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField("เก็บเมื่อ")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    purge_on = models.DateField("ลบเนื้อไฟล์เมื่อ", null=True)
    purged_at = models.DateTimeField("ลบแล้วเมื่อ", null=True)

    class Meta:
        verbose_name = "ไฟล์"
        verbose_name_plural = "ไฟล์"
        constraints = [
            models.CheckConstraint(
                name="storedfile_sha256_is_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="storedfile_sha256")]

    def __str__(self) -> str:
        return self.name


class FileChunk(models.Model):
    """Up to one mebibyte of a file, sealed to its file and place."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="filechunk_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"
