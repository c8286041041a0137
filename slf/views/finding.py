"""Fetching what an address names, from what this person may read; else 404."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from households.models import Household
from problems.models import Problem
from slf.models import Assessment, AssessmentRevision
from slf.workflow import State

Person = User | AnonymousUser


def household_or_404(user: Person, pk: UUID) -> Household:
    """Return a household with its chain of areas, present members and listings."""
    return get_object_or_404(Household.objects.visible_to(user).for_list(), pk=pk)


def assessment_or_404(household: Household, pk: UUID) -> Assessment:
    rows = Assessment.objects.of_household(household).for_result()
    assessment = get_object_or_404(rows, pk=pk)
    assessment.household = household
    return assessment


def complete_or_404(household: Household, pk: UUID) -> Assessment:
    assessment = assessment_or_404(household, pk)
    if assessment.state != State.COMPLETE:
        raise Http404("ผลประเมินนี้ยังไม่เสร็จ")
    return assessment


def revision_or_404(assessment: Assessment, number: int) -> AssessmentRevision:
    rows = AssessmentRevision.objects.select_related("assessment__household", "saved_by")
    return get_object_or_404(rows, assessment=assessment, number=number)


def problem_or_404(household: Household, pk: UUID) -> Problem:
    return get_object_or_404(
        Problem.objects.select_related("household"), household=household, pk=pk
    )
