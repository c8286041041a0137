"""Who lives where, on which lists, what a visit found, and how they leave the targets."""

from households.models.consent import ConsentRecord
from households.models.exit import Exit, RelapseCheck
from households.models.grant import AccessGrant
from households.models.household import Household
from households.models.listing import SourceListing
from households.models.member import Member
from households.models.move import HouseholdMove, MemberMove
from households.models.protection import ProtectedAccess
from households.models.revision import AreaRevision
from households.models.verification import Verification, VerificationPhoto

__all__ = [
    "AccessGrant",
    "AreaRevision",
    "ConsentRecord",
    "Exit",
    "Household",
    "HouseholdMove",
    "Member",
    "MemberMove",
    "ProtectedAccess",
    "RelapseCheck",
    "SourceListing",
    "Verification",
    "VerificationPhoto",
]
