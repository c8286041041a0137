"""Paper leaves a trace too: who printed which list of households."""

from datetime import datetime

from accounts.models import User
from accounts.permissions import check_has_in
from accounts.roles import Permission
from audit.services import record


def note_print(*, area_code: str, households: int, by: User, at: datetime) -> None:
    """Record that `by` got a list of a village to print. Raises PermissionDenied."""
    check_has_in(by, Permission.HOUSEHOLD_VERIFY, area_code)
    record(
        event="worklist.printed",
        by=by,
        at=at,
        area=area_code,
        detail={"village": area_code, "households": households},
    )
