"""Who did or saw what, when, from where. Rows are only ever added."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from audit.querysets import EventQuerySet
from ppaos.orm import Entity


class Event(Entity):
    """One act. Text and ids only, no foreign key: it outlives what it tells of.

    The database refuses UPDATE, DELETE and TRUNCATE by trigger (0002).
    """

    at = models.DateTimeField("เวลา")
    event = models.CharField("เหตุการณ์", max_length=60)
    actor_id = models.UUIDField("รหัสผู้กระทำ", null=True)
    actor = models.CharField("ผู้กระทำ", max_length=150)
    subject_type = models.CharField("ชนิดข้อมูล", max_length=60, blank=True)
    subject_id = models.CharField("รหัสข้อมูล", max_length=40, blank=True)
    area = models.CharField("พื้นที่", max_length=8, blank=True, db_collation="C")
    reason = models.CharField("เหตุผล", max_length=500, blank=True)
    ip_address = models.GenericIPAddressField("IP", null=True)
    detail = models.JSONField("รายละเอียด", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "เหตุการณ์"
        verbose_name_plural = "เหตุการณ์"
        constraints = [
            models.CheckConstraint(name="event_has_a_name", condition=~models.Q(event="")),
        ]
        indexes = [
            BrinIndex(fields=["at"], name="event_at"),
            models.Index(fields=["subject_id", "-at"], name="event_subject"),
            models.Index(fields=["actor_id", "-at"], name="event_actor"),
            models.Index(fields=["area", "-at"], name="event_area"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event}"
