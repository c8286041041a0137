"""Pages that change a household. Those that only show one belong to casework."""

from households.views import editing, registering, revealing, verifying

__all__ = ["editing", "registering", "revealing", "verifying"]
