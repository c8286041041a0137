"""Who may see a household that must not be found."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models.household import Household
from households.querysets import ProtectedAccessQuerySet
from ppaos.orm import Entity, SealedTextField


class ProtectedAccess(Entity):
    """This person may see this protected household, within the areas of their own work.

    Rows are ended, never deleted: they tell who could have known.
    """

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="protected_access"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField("เหตุผล", null=True, blank=True)
    valid_until = models.DateField("ถึงวันที่", null=True, blank=True)
    granted_at = models.DateTimeField("ให้สิทธิเมื่อ")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("สิ้นสุดเมื่อ", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ProtectedAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "ผู้มีสิทธิดูครัวเรือนคุ้มครอง"
        verbose_name_plural = "ผู้มีสิทธิดูครัวเรือนคุ้มครอง"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "user"],
                condition=Q(ended_at__isnull=True),
                name="protectedaccess_once_per_person",
                violation_error_message="ผู้นี้มีสิทธิดูครัวเรือนนี้อยู่แล้ว",
            ),
            models.CheckConstraint(
                name="protectedaccess_end_all_or_none",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
