"""A daily word to the agencies whose referrals are late: numbers only, no case."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Min
from django.utils.timezone import localdate, localtime

from accounts.models import Agency, User
from accounts.roles import Permission, Role
from audit.models import Event
from audit.services import record
from referrals.models import Referral

logger = logging.getLogger(__name__)

REMINDED = "referrals.reminded"


def remind_overdue(*, at: datetime) -> int:
    """Note for each agency with overdue referrals how many, once a day; return how many agencies.

    Its officers who have an address get a mail, if the operator has set a mail server.
    """
    today = localdate(at)
    late = (
        Referral.objects.with_agency()
        .overdue(on=today)
        .values("agency")
        .annotate(overdue=Count("pk"), oldest=Min("due_on"))
        .order_by("agency")
    )
    reminded = 0
    for row in late:
        agency = Agency.objects.get(pk=row["agency"])
        days = (today - row["oldest"]).days
        reminded += _remind(agency, overdue=row["overdue"], days=days, at=at)
    return reminded


def _remind(agency: Agency, *, overdue: int, days: int, at: datetime) -> bool:
    midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        # Held, so that two workers do not remind twice.
        Agency.objects.select_for_update().get(pk=agency.pk)
        if Event.objects.filter(
            event=REMINDED,
            subject_id=str(agency.pk),
            at__gte=midnight,
            at__lt=midnight + timedelta(days=1),
        ).exists():
            return False
        record(
            event=REMINDED,
            subject=agency,
            by=None,
            at=at,
            area=agency.area_id,
            detail={"overdue": overdue, "oldest_days": days},
        )
    _mail(agency, overdue=overdue, days=days, at=at)
    return True


def _mail(agency: Agency, *, overdue: int, days: int, at: datetime) -> None:
    addresses = _addresses(agency, at) if settings.EMAIL_HOST else []
    for address in addresses:
        try:
            send_mail(
                subject=f"เรื่องส่งต่อเกินกำหนด {overdue:,} เรื่อง",
                message=(
                    f"{agency} มีเรื่องส่งต่อที่เกินกำหนด {overdue:,} เรื่อง "
                    f"เรื่องที่นานที่สุดเกินมาแล้ว {days:,} วัน "
                    "เข้าระบบเพื่อดูรายการและตอบกลับ"
                ),
                from_email=None,
                recipient_list=[address],
            )
        except OSError:
            logger.warning("no mail could be sent for agency %s", agency.pk)
            return


def _addresses(agency: Agency, at: datetime) -> list[str]:
    roles = Role.with_permission(Permission.REFERRAL_ANSWER)
    officers = User.objects.filter(
        is_active=True,
        scopes__agency=agency,
        scopes__role__in=roles,
        scopes__revoked_at__isnull=True,
        scopes__valid_until__gte=localdate(at),
    )
    return sorted(set(officers.exclude(email="").values_list("email", flat=True)))
