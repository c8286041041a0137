"""Fetching what an address names, from what this person may read; else 404."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404

from accounts.models import User
from households.models import Household
from referrals.models import Referral

Person = User | AnonymousUser


def household_or_404(user: Person, pk: UUID) -> Household:
    """Return a household with its chain of areas and present members."""
    return get_object_or_404(Household.objects.visible_to(user).for_list(), pk=pk)


def referral_or_404(user: Person, pk: UUID) -> Referral:
    """Return a referral with what a page of it shows this person."""
    return get_object_or_404(Referral.objects.visible_to(user).for_page(user), pk=pk)
