"""A problem handed to an agency, what the agency gave, and what was found at the house."""

from referrals.models.assistance import Assistance, AssistancePhoto, OutcomeCheck
from referrals.models.exits import ExitRule
from referrals.models.referral import Referral, ReferralEvent, ReferralSeries
from referrals.models.rules import Holiday, RoutingRule, SlaTerm

__all__ = [
    "Assistance",
    "AssistancePhoto",
    "ExitRule",
    "Holiday",
    "OutcomeCheck",
    "Referral",
    "ReferralEvent",
    "ReferralSeries",
    "RoutingRule",
    "SlaTerm",
]
