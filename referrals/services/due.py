"""Until when whoever has to act now is in time, in working days."""

from datetime import date

from django.db.models import Max

from ppaos.lib.working_days import add_working_days
from referrals.models import Holiday, SlaTerm
from referrals.workflow import TIMED, Status, Urgency

_ANSWER = dict.fromkeys(Urgency, 7)
_HELP = {Urgency.NORMAL: 60, Urgency.URGENT: 14, Urgency.MOST_URGENT: 3}

DEFAULT_DAYS: dict[Status, dict[Urgency, int]] = {
    Status.SUBMITTED: _ANSWER,
    Status.RECEIVED: _ANSWER,
    Status.RETURNED: _ANSWER,
    Status.REJECTED: _ANSWER,
    Status.ACCEPTED: _HELP,
    Status.IN_PROGRESS: _HELP,
    Status.HELPED: dict.fromkeys(Urgency, 30),
}
"""Working days allowed in a status; a default of this system, which staff may change."""


def terms_in_force() -> dict[tuple[Status, Urgency], int]:
    """Return the working days of the newest version; the defaults stand in for what it lacks."""
    terms = {
        (status, urgency): days
        for status, by_urgency in DEFAULT_DAYS.items()
        for urgency, days in by_urgency.items()
    }
    newest = SlaTerm.objects.aggregate(newest=Max("version"))["newest"]
    for row in SlaTerm.objects.filter(version=newest):
        terms[Status(row.status), Urgency(row.urgency)] = row.days
    return terms


def holidays_after(day: date) -> set[date]:
    return set(Holiday.objects.filter(date__gt=day).values_list("date", flat=True))


def last_day(*, status: Status, urgency: Urgency, since: date) -> date | None:
    """Return the last day in time for a referral in this status since that day.

    None where nobody is waited for.
    """
    if status not in TIMED:
        return None
    days = terms_in_force()[status, urgency]
    return add_working_days(since, days, holidays=holidays_after(since))
