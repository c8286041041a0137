from uuid import UUID

from celery import shared_task
from django.utils.timezone import localdate

from imports import services
from imports.services.running import WORK
from jobs.services import run_in_turn


@shared_task(name="imports.stage")
def stage(job_id: str) -> None:
    run_in_turn(job_id=UUID(job_id), works=WORK)


@shared_task(name="imports.apply")
def apply(job_id: str) -> None:
    run_in_turn(job_id=UUID(job_id), works=WORK)


@shared_task(name="imports.undo")
def undo(job_id: str) -> None:
    run_in_turn(job_id=UUID(job_id), works=WORK)


@shared_task(name="imports.mend")
def mend(job_id: str) -> None:
    run_in_turn(job_id=UUID(job_id), works=WORK)


@shared_task(name="imports.settle")
def settle() -> None:
    services.settle()


@shared_task(name="imports.purge_due")
def purge_due() -> None:
    services.purge_due(on=localdate())
