from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from areas.querysets import within
from households.models import Household

if TYPE_CHECKING:
    from quality.models import Exemption, QualityCell


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def visible_to(self, user: User | AnonymousUser) -> "ExemptionQuerySet":
        """Narrow to those of households whose file this person may open."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def standing(self) -> "ExemptionQuerySet":
        return self.filter(ended_at__isnull=True)

    def in_area(self, code: str) -> "ExemptionQuerySet":
        return self.filter(within([code], column="household__area_id"))


class QualityCellQuerySet(models.QuerySet["QualityCell"]):
    def in_area(self, code: str) -> "QualityCellQuerySet":
        return self.filter(within([code], column="area_code"))
