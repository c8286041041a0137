"""Pages that read every room. They write nothing but what was looked for."""

from casework.views import case_file, finding, referral, register, today

__all__ = ["case_file", "finding", "referral", "register", "today"]
