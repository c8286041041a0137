"""What an operator does to the whole installation: back it up, restore it, change its keys."""

from operations.services.backup import BackupReport, UnableToBackUp, back_up
from operations.services.keys import RotationReport, rotate_keys
from operations.services.restore import UnableToRestore, restore, verify

__all__ = [
    "BackupReport",
    "RotationReport",
    "UnableToBackUp",
    "UnableToRestore",
    "back_up",
    "restore",
    "rotate_keys",
    "verify",
]
