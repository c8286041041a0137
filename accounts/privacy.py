"""Which columns tell something about a person, and which do not.

PERSONAL columns are scrubbed in copies and left out of exports without names.
"""

PERSONAL: dict[str, set[str]] = {
    "User": {"username", "name", "email", "password", "last_login"},
    "ApiToken": {"digest"},
}

OPEN: dict[str, set[str]] = {
    "Agency": {"id", "code", "name", "short_name", "area", "phone", "is_active"},
    "User": {
        "id",
        "is_active",
        "is_staff",
        "is_superuser",
        "must_change_password",
        "is_demo",
        "date_joined",
        "groups",
        "user_permissions",
    },
    "Scope": {
        "id",
        "user",
        "role",
        "agency",
        "area",
        "valid_until",
        "granted_by",
        "granted_at",
        "revoked_at",
        "revoked_by",
    },
    "ApiToken": {"id", "user", "created_at", "expires_at", "revoked_at"},
}
