"""What can be done to users, scopes, agencies and tokens; each act is checked and recorded."""

from accounts.services.agencies import UnableToChangeAgency, create_agency, update_agency
from accounts.services.demo import create_demo_accounts, remove_demo_accounts
from accounts.services.passwords import change_own_password, one_time_password, reset_password
from accounts.services.scopes import UnableToGrant, grant_scope, revoke_scope
from accounts.services.second_factor import reseal_second_factors
from accounts.services.signing_in import UnableToSignIn, check_code, check_password, sign_in_by_api
from accounts.services.tokens import (
    IssuedToken,
    UnableToIssue,
    issue_token,
    revoke_token,
    user_of_token,
)
from accounts.services.users import (
    NewUser,
    UnableToChangeUser,
    create_first_admin,
    create_user,
    deactivate_user,
    reactivate_user,
    update_user,
)

__all__ = [
    "IssuedToken",
    "NewUser",
    "UnableToChangeAgency",
    "UnableToChangeUser",
    "UnableToGrant",
    "UnableToIssue",
    "UnableToSignIn",
    "change_own_password",
    "check_code",
    "check_password",
    "create_agency",
    "create_demo_accounts",
    "create_first_admin",
    "create_user",
    "deactivate_user",
    "grant_scope",
    "issue_token",
    "one_time_password",
    "reactivate_user",
    "remove_demo_accounts",
    "reseal_second_factors",
    "reset_password",
    "revoke_scope",
    "revoke_token",
    "sign_in_by_api",
    "update_agency",
    "update_user",
    "user_of_token",
]
