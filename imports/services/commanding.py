"""The same use cases for somebody at the machine, without a browser and without a worker."""

import time
import uuid
from collections.abc import Callable
from datetime import date

from accounts.models import Scope, User
from accounts.roles import Role
from areas.models import Area, Level
from imports.models import ImportBatch
from imports.services.running import WORK, latest_job
from jobs.models import Job
from jobs.services import run
from jobs.workflow import State as JobState

SERVICE_USER = "import_file"
_NO_END = date(2999, 12, 31)
_PATIENCE_SECONDS = 0.2


def service_user() -> User:
    """Return the named user as whom commands act when nobody is named: every province, no password.

    Whoever can run a command on the machine can read the database as well, so
    this grants nothing; it gives the audit trail a name.
    """
    user, is_new = User.objects.get_or_create(
        username=SERVICE_USER, defaults={"name": "คำสั่งนำเข้าไฟล์บนเครื่องแม่ข่าย"}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    held = set(Scope.objects.filter(user=user).in_force(date.min).values_list("area_id", flat=True))
    provinces = Area.objects.filter(level=Level.PROVINCE).exclude(pk__in=held).order_by("pk")
    Scope.objects.bulk_create(
        Scope(user=user, role=Role.IMPORT_ADMIN, area=area, valid_until=_NO_END)
        for area in provinces
    )
    return user


def work_off(batch: ImportBatch, *, sleep: Callable[[float], None] = time.sleep) -> ImportBatch:
    """Do the batch's waiting job in this process, or wait for the worker that took it."""
    job = latest_job(batch)
    assert job is not None
    while Job.objects.filter(pk=job.pk, state__in=JobState.live()).exists():
        run(job_id=job.pk, work=WORK[job.kind])
        if Job.objects.filter(pk=job.pk, state__in=JobState.live()).exists():
            sleep(_PATIENCE_SECONDS)
    batch.refresh_from_db()
    return batch


def batch_of(pk: uuid.UUID) -> ImportBatch | None:
    return ImportBatch.objects.filter(pk=pk).first()
