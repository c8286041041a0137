from celery import shared_task
from django.utils.timezone import now

from jobs.services import is_any_queue_busy
from quality import services


@shared_task(name="quality.refresh")
def refresh() -> None:
    """Count again, but not beside a list that is read or written: its people are still coming."""
    if not is_any_queue_busy():
        services.refresh(at=now())


@shared_task(name="quality.count")
def count() -> None:
    services.count_all(at=now())
