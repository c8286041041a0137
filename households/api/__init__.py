"""The register over the API: one household, its verifications and exits.

Lists and search are casework's, because they filter by what other apps know.
"""

from households.api.exiting import approve_exit, exits, reject_exit
from households.api.incoming import HouseholdIn
from households.api.outgoing import HouseholdBrief, HouseholdOut
from households.api.register import create, detail, visible_household
from households.api.verifying import verifications

__all__ = [
    "HouseholdBrief",
    "HouseholdIn",
    "HouseholdOut",
    "approve_exit",
    "create",
    "detail",
    "exits",
    "reject_exit",
    "verifications",
    "visible_household",
]
