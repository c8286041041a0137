"""A household's livelihood group depends on its open problems: look at it again."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from households.models import Household
from slf.models import Assessment
from slf.services import regroup


def regroup_assessed(household_ids: Iterable[uuid.UUID], *, by_id: uuid.UUID, at: datetime) -> None:
    """Apply the rule of the group to those of the households that were assessed."""
    assessed = Assessment.objects.complete().filter(household__in=list(household_ids))
    households = list(Household.objects.filter(pk__in=assessed.values("household")).order_by("pk"))
    if not households:
        return
    by = User.objects.get(pk=by_id)
    for household in households:
        regroup(household=household, by=by, at=at)
