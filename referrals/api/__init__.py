"""Referrals over the API, and what follows from them.

What a program is told of a household through a referral is what an agency may know.
"""

from referrals.api.handling import collection, detail
from referrals.api.moving import ACTIONS

__all__ = ["ACTIONS", "collection", "detail"]
