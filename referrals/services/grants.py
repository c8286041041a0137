"""What an agency may look at, because a referral asked it. The reason is its number."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from households.models import AccessGrant
from referrals.models import Referral


def _running(referral: Referral, at: datetime) -> QuerySet[AccessGrant]:
    return AccessGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        household=referral.household_id,
        reason=referral.number,
    )


def begin(referral: Referral, *, at: datetime) -> None:
    """Let the agency asked see the household from now on, without an end."""
    agency = referral.agency_id
    assert agency is not None, "only what is sent to an agency opens a household to it"
    if not _running(referral, at).filter(agency=agency).update(valid_until=None):
        AccessGrant.objects.create(
            household_id=referral.household_id,
            agency_id=agency,
            valid_from=at,
            reason=referral.number,
        )


def run_out(referral: Referral, *, at: datetime) -> None:
    """Let the agency look back for some days after the end, then no more."""
    until = at + timedelta(days=settings.REFERRAL_GRANT_DAYS)
    _running(referral, at).update(valid_until=until)


def end_now(referral: Referral, *, at: datetime) -> None:
    """Show the household no longer to whoever saw it because of this referral."""
    _running(referral, at).update(valid_until=at)
