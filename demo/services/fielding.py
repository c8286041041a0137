"""Work in the field: visits shared out, some made again, with the product's own use cases."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.timezone import localdate

from accounts.models import User
from areas.models import Area
from fieldwork import services
from fieldwork.models import BackCheck
from households.models import Household, Verification
from households.workflow import Outcome, Stage

CHECKED_DAYS = 60
CHECKED = 6
"""Second visits that are made; of the others some wait."""


def share_out(accounts: dict[str, User], *, area_code: str, at: datetime) -> int:
    """Give the surveyor what waits in an area, and have some visits made again."""
    waiting = Household.objects.filter(stage=Stage.LISTED, is_protected=False)
    villages = sorted(set(waiting.in_area(area_code).values_list("area_id", flat=True)))
    if not villages:
        return 0
    given = services.assign_villages(
        village_codes=villages,
        surveyor=accounts["surveyor"],
        due_on=localdate(at) + timedelta(days=settings.FIELDWORK_DUE_DAYS),
        by=accounts["district"],
        at=at,
    )
    _check_again(accounts, area_code=area_code, at=at)
    return given


def _check_again(accounts: dict[str, User], *, area_code: str, at: datetime) -> None:
    today = localdate(at)
    since = today - timedelta(days=CHECKED_DAYS)
    visits = Verification.objects.filter(
        household__in=Household.objects.in_area(area_code), visited_on__gte=since
    )
    if not visits.filter(recorded_by=accounts["surveyor"], retracted_at__isnull=True).exists():
        return
    services.draw_back_checks(
        area=Area.objects.get(pk=area_code),
        visited_from=since,
        visited_to=today,
        by=accounts["province"],
        at=at,
        seed="ตัวอย่าง",
    )
    mine = BackCheck.objects.filter(verification__recorded_by=accounts["surveyor"])
    rows = list(mine.order_by("pk").select_related("verification__household"))
    services.appoint_checker(
        check_ids=[row.pk for row in rows],
        checker=accounts["district"],
        due_on=today + timedelta(days=settings.FIELDWORK_DUE_DAYS),
        by=accounts["province"],
        at=at,
    )
    for number, row in enumerate(rows[:CHECKED]):
        row.checker = accounts["district"]
        first = Outcome(row.verification.outcome)
        # One in six disagrees, so that the office has something to settle.
        other = Outcome.NOT_POOR if first is Outcome.POOR else Outcome.POOR
        services.record_back_check(
            check=row,
            outcome=other if number == CHECKED - 1 else first,
            visited_on=today,
            reason="ไปดูที่บ้านอีกครั้งและถามเพื่อนบ้าน",
            by=accounts["district"],
            at=at,
        )
