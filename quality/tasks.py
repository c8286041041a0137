from celery import shared_task
from django.utils.timezone import now

from quality import services


@shared_task(name="quality.refresh")
def refresh() -> None:
    services.refresh(at=now())


@shared_task(name="quality.count")
def count() -> None:
    services.count_all(at=now())
