from celery import shared_task
from django.utils.timezone import now

from dashboards import services


@shared_task(name="dashboards.aggregate")
def aggregate() -> None:
    services.aggregate(at=now())


@shared_task(name="dashboards.recount")
def recount() -> None:
    services.check_and_mend(at=now())
