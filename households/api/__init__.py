"""The register over the API: one household, its verifications and exits.

Lists and search are casework's, because they filter by what other apps know.
"""

from households.api import moving
from households.api.incoming import HouseholdIn
from households.api.outgoing import ExitOut, HouseholdBrief, HouseholdOut
from households.api.register import create, detail, visible_household
from households.api.verifying import verifications

__all__ = [
    "ExitOut",
    "HouseholdBrief",
    "HouseholdIn",
    "HouseholdOut",
    "create",
    "detail",
    "moving",
    "verifications",
    "visible_household",
]
