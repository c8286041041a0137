"""For how long an agency sees its referrals of a household."""

from django.db import models

from accounts.models import Agency
from households.models.household import Household
from households.querysets import AccessGrantQuerySet
from ppaos.orm import Entity


class AccessGrant(Entity):
    """An agency may see its own referrals of a household, for a time.

    Written by the referral's services. It opens no case file: without a live grant the
    agency's referrals are not there either.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="access_grants")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    valid_from = models.DateTimeField("ตั้งแต่")
    valid_until = models.DateTimeField("ถึง", null=True)
    reason = models.CharField("เพราะ", max_length=200)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "สิทธิดูของหน่วยงาน"
        verbose_name_plural = "สิทธิดูของหน่วยงาน"
        indexes = [models.Index(fields=["agency", "household"], name="accessgrant_agency")]

    def __str__(self) -> str:
        return self.reason
