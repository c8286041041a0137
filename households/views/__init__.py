"""Pages that change a household. Those that only show one belong to casework."""

from households.views import deciding, editing, registering, verifying

__all__ = ["deciding", "editing", "registering", "verifying"]
