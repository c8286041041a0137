from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from households.models import Household
from slf.workflow import QuestionnaireStatus, State

if TYPE_CHECKING:
    from slf.models import (
        Assessment,
        LevelBand,
        ListedCapitals,
        LivelihoodProfile,
        Questionnaire,
    )


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def active(self) -> "QuestionnaireQuerySet":
        return self.filter(status=QuestionnaireStatus.ACTIVE)

    def with_items(self) -> "QuestionnaireQuerySet":
        """Fetch items and choices too: three queries for a whole questionnaire."""
        return self.prefetch_related("items__choices")


class LevelBandQuerySet(models.QuerySet["LevelBand"]):
    def latest_version(self) -> "LevelBandQuerySet":
        return self.filter(version__in=self.order_by("-version").values("version")[:1])


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User | AnonymousUser) -> "AssessmentQuerySet":
        """Narrow to assessments of households that this person may read."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def of_household(self, household: Household) -> "AssessmentQuerySet":
        return self.filter(household=household)

    def complete(self) -> "AssessmentQuerySet":
        return self.filter(state=State.COMPLETE)

    def newest_first(self) -> "AssessmentQuerySet":
        return self.order_by("-year_be", "-round", "-assessed_on", "-pk")

    def for_result(self) -> "AssessmentQuerySet":
        return self.select_related("household__area", "questionnaire", "threshold", "assessed_by")


class LivelihoodProfileQuerySet(models.QuerySet["LivelihoodProfile"]):
    def visible_to(self, user: User | AnonymousUser) -> "LivelihoodProfileQuerySet":
        return self.filter(household__in=Household.objects.visible_to(user))

    def current(self) -> "LivelihoodProfileQuerySet":
        return self.filter(superseded_at__isnull=True)


class ListedCapitalsQuerySet(models.QuerySet["ListedCapitals"]):
    def visible_to(self, user: User | AnonymousUser) -> "ListedCapitalsQuerySet":
        """Narrow to what lists say of households that this person may read."""
        return self.filter(household__in=Household.objects.visible_to(user))

    def newest_first(self) -> "ListedCapitalsQuerySet":
        return self.order_by("-year_be", "source", "pk")
