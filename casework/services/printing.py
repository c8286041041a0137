"""Taking a household's file along on paper leaves a trace."""

from datetime import datetime

from accounts.models import User
from audit.services import record
from households.models import Household


def note_printed(*, household: Household, by: User, at: datetime) -> None:
    """Record that somebody printed the household's file."""
    record(event="file.printed", subject=household, by=by, at=at, area=household.area_id)
