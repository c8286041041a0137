"""The columns that follow from who somebody is. The only place that computes them.

The set-based path of the imports calls the same function, row by row, so that a
person found in the field and the same person on a list get equal keys.
"""

from dataclasses import dataclass
from uuid import UUID

from households.models import Member
from ppaos.lib.thai_text import name_key
from ppaos.orm import keyring, seal_cell

CITIZEN_ID_PURPOSE = "citizen_id"


@dataclass(frozen=True, slots=True)
class IdentityColumns:
    """Derived columns of Member, named as the columns are."""

    name_key: str
    province_code: str
    citizen_id_index: bytes | None
    key_version: int | None


def identity_columns(
    *, first_name: str, last_name: str, citizen_id: str | None, area_code: str
) -> IdentityColumns:
    """Return what the database keeps for finding this person again.

    `citizen_id` is 13 ASCII digits or None; `area_code` is the household's area.
    The index is made under the current key.
    """
    keys = keyring()
    return IdentityColumns(
        name_key=name_key(f"{first_name} {last_name}"),
        province_code=area_code[:2],
        citizen_id_index=keys.index(citizen_id, purpose=CITIZEN_ID_PURPOSE) if citizen_id else None,
        key_version=keys.current_version if citizen_id else None,
    )


def citizen_id_indexes(citizen_id: str) -> list[bytes]:
    """Return the index under every known key, for a search; the current one first."""
    return keyring().indexes(citizen_id, purpose=CITIZEN_ID_PURPOSE)


def sealed_citizen_id(*, member_id: UUID, citizen_id: str | None) -> bytes | None:
    """Return the cell `households_member.citizen_id` for a write around the model."""
    return seal_cell(citizen_id, table=Member._meta.db_table, column="citizen_id", pk=member_id)
