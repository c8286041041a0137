"""Questionnaires as versioned rows, assessments, and the livelihood group of a household."""

from slf.models.assessment import Assessment, AssessmentRevision
from slf.models.listed import ListedCapitals
from slf.models.livelihood import LivelihoodProfile
from slf.models.questionnaire import Choice, Item, LevelBand, Questionnaire

__all__ = [
    "Assessment",
    "AssessmentRevision",
    "Choice",
    "Item",
    "LevelBand",
    "ListedCapitals",
    "LivelihoodProfile",
    "Questionnaire",
]
