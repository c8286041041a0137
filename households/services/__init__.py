"""What can be done to a household. Pages, API, imports and commands all call these."""

from households.services.consenting import ConsentDraft, UnableToConsent, record_consent
from households.services.drafts import HouseholdDraft, MemberDraft, UnableToRegister
from households.services.exiting import (
    Proof,
    UnableToExit,
    approve_exit,
    propose_exit,
    reject_exit,
    revoke_exit,
    withdraw_exit,
)
from households.services.helping import begin_help, end_help
from households.services.identity import (
    CITIZEN_ID_PURPOSE,
    IdentityColumns,
    citizen_id_indexes,
    identity_columns,
    sealed_citizen_id,
)
from households.services.reading import UnableToReveal, note_read, reveal_citizen_id
from households.services.registering import add_member, register_household
from households.services.searching import (
    By,
    UnableToSearch,
    Wanted,
    as_citizen_id,
    as_house_code,
    as_name,
    interpret,
    likely_twins,
    matching,
    search_households,
    was_searched,
)
from households.services.updating import (
    HouseholdChanges,
    UnableToUpdate,
    UnableToUpdateStale,
    member_left,
    update_household,
    update_member,
)
from households.services.verifying import (
    UnableToRetract,
    UnableToVerify,
    record_verification,
    retract_verification,
)

__all__ = [
    "CITIZEN_ID_PURPOSE",
    "By",
    "ConsentDraft",
    "HouseholdChanges",
    "HouseholdDraft",
    "IdentityColumns",
    "MemberDraft",
    "Proof",
    "UnableToConsent",
    "UnableToExit",
    "UnableToRegister",
    "UnableToRetract",
    "UnableToReveal",
    "UnableToSearch",
    "UnableToUpdate",
    "UnableToUpdateStale",
    "UnableToVerify",
    "Wanted",
    "add_member",
    "approve_exit",
    "as_citizen_id",
    "as_house_code",
    "as_name",
    "begin_help",
    "citizen_id_indexes",
    "end_help",
    "identity_columns",
    "interpret",
    "likely_twins",
    "matching",
    "member_left",
    "note_read",
    "propose_exit",
    "record_consent",
    "record_verification",
    "register_household",
    "reject_exit",
    "retract_verification",
    "reveal_citizen_id",
    "revoke_exit",
    "sealed_citizen_id",
    "search_households",
    "update_household",
    "update_member",
    "was_searched",
    "withdraw_exit",
]
