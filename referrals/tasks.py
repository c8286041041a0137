from celery import shared_task
from django.utils.timezone import now

from referrals import services


@shared_task(name="referrals.remind_overdue")
def remind_overdue() -> None:
    services.remind_overdue(at=now())
