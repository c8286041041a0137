"""Pages of one's own account, of the settings, and of the audit trail."""

from accounts.views import agencies, audit, own, settings, users

__all__ = ["agencies", "audit", "own", "settings", "users"]
