"""What somebody looked for, kept for a day, so that no page address tells of a person."""

from django.conf import settings
from django.db import models

from casework.querysets import StoredQueryQuerySet
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
