"""What can be done to a household. Pages, API, imports and commands all call these."""

from households.services.identity import (
    CITIZEN_ID_PURPOSE,
    IdentityColumns,
    citizen_id_indexes,
    identity_columns,
    sealed_citizen_id,
)

__all__ = [
    "CITIZEN_ID_PURPOSE",
    "IdentityColumns",
    "citizen_id_indexes",
    "identity_columns",
    "sealed_citizen_id",
]
