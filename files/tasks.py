from celery import shared_task
from django.utils.timezone import localdate, now

from files import services


@shared_task(name="files.purge_due")
def purge_due() -> None:
    services.purge_due(on=localdate(), at=now())
