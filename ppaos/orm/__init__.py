"""What every model shares: keys, the sealed column, the keyring. Imports no app."""

from ppaos.orm.entity import Entity
from ppaos.orm.folding import folded_name
from ppaos.orm.keyring import keyring
from ppaos.orm.keys import uuid7
from ppaos.orm.sealed import SealedTextField, seal_cell, unseal_cell
from ppaos.orm.sorting import thai_order

__all__ = [
    "Entity",
    "SealedTextField",
    "folded_name",
    "keyring",
    "seal_cell",
    "thai_order",
    "unseal_cell",
    "uuid7",
]
