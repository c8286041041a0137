"""What was announced about an area, and what that did to the register."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from areas.models import Area
from ppaos.orm import Entity


class AreaRevision(Entity):
    """An area got another name, or another code took its place. Rows are added only."""

    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(
        Area, verbose_name="รหัสใหม่", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name_before = models.CharField("ชื่อเดิม", max_length=120)
    name_after = models.CharField("ชื่อใหม่", max_length=120)
    valid_on = models.DateField("มีผลเมื่อ")
    reason = models.CharField("ตามประกาศ", max_length=300)
    households = models.PositiveIntegerField("ครัวเรือนที่ย้ายตาม", default=0)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "การเปลี่ยนแปลงพื้นที่"
        verbose_name_plural = "การเปลี่ยนแปลงพื้นที่"
        constraints = [
            models.CheckConstraint(name="arearevision_has_a_reason", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["-recorded_at"], name="arearevision_latest")]

    def __str__(self) -> str:
        return f"{self.name_before} → {self.name_after}"
