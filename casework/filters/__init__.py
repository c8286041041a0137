"""Narrowing the register by what is not personal; it may stand in an address."""

from casework.filters.register import NAMES, HouseholdFilter

__all__ = ["NAMES", "HouseholdFilter"]
