from uuid import UUID

from celery import shared_task
from django.utils.timezone import now

from duplicates import services
from jobs.services import run


@shared_task(name="duplicates.search")
def search(job_id: str) -> None:
    run(job_id=UUID(job_id), work=services.search_work)


@shared_task(name="duplicates.search_after_imports")
def search_after_imports() -> None:
    services.order_search_after_much(at=now())


@shared_task(name="duplicates.search_nightly")
def search_nightly() -> None:
    services.order_search(by=None, at=now())
