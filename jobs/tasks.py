from celery import shared_task

from jobs import services


@shared_task(name="jobs.sweep")
def sweep() -> None:
    services.sweep()
