"""What somebody keeps of the register: searches for a day, views under a name, columns.

A search is kept so that no page address tells of a person.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from areas.models import Area
from casework.querysets import SavedViewQuerySet, StoredQueryQuerySet
from ppaos.orm import Entity, SealedTextField


class StoredQuery(Entity):
    """A search that was posted; its id stands in the address instead of the words."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้ค้นหา", on_delete=models.CASCADE, related_name="+"
    )
    text = SealedTextField("คำค้น")
    created_at = models.DateTimeField("เมื่อ")
    expires_at = models.DateTimeField("หมดอายุ")

    objects = StoredQueryQuerySet.as_manager()

    class Meta:
        verbose_name = "คำค้นที่เก็บไว้"
        verbose_name_plural = "คำค้นที่เก็บไว้"
        constraints = [
            models.CheckConstraint(
                name="storedquery_expires_after_it_is_made",
                condition=models.Q(expires_at__gt=models.F("created_at")),
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="storedquery_expiry")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class SavedView(Entity):
    """Filters and order of the list under a name, as they stand in an address.

    With `area` everybody who works in that area sees it; without, only its owner.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="เจ้าของ", on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField("ชื่อมุมมอง", max_length=60)
    query = models.CharField("ตัวกรอง", max_length=500)
    area = models.ForeignKey(
        Area,
        verbose_name="แบ่งให้ผู้ที่ทำงานใน",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    saved_at = models.DateTimeField("บันทึกเมื่อ")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "มุมมองที่บันทึก"
        verbose_name_plural = "มุมมองที่บันทึก"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="savedview_once_a_name",
                violation_error_message="มีมุมมองชื่อนี้แล้ว",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListColumns(models.Model):
    """Which columns of the register's list a person chose to see."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้ใช้",
        on_delete=models.CASCADE,
        related_name="+",
        primary_key=True,
    )
    columns = ArrayField(models.CharField(max_length=20), verbose_name="คอลัมน์")

    class Meta:
        verbose_name = "คอลัมน์ที่เลือก"
        verbose_name_plural = "คอลัมน์ที่เลือก"

    def __str__(self) -> str:
        return ", ".join(self.columns)
