"""What goes out of the board."""

from reconciliation.services.exporting import board_file

__all__ = ["board_file"]
