"""Which column of the file holds what, as a person says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record
from imports import permissions
from imports.models import ImportBatch
from imports.services.errors import UnableToStage
from imports.services.holding import UnableToDecide
from imports.services.layouts import mapping_of
from imports.services.parts import parts_of
from imports.services.states import UnableToMove, move
from imports.services.uploading import STAGE_TASK
from imports.workflow import State
from jobs.services import enqueue


@transaction.atomic
def confirm_mapping(
    *,
    batch: ImportBatch,
    columns: Mapping[str, Any],
    by: User,
    at: datetime,
    one_is_problem: bool = True,
) -> None:
    """Say which column of the file holds what, and let the file be read.

    `columns` is canonical column → header as in the file, or its index from 0.
    Kept for later files with the same headers. Raises PermissionDenied, UnableToMove
    and UnableToDecide.
    """
    permissions.check_can_manage(by, batch)
    if batch.state != State.NEEDS_MAPPING:
        raise UnableToMove("ไฟล์นี้ไม่ได้รอจับคู่คอลัมน์")
    try:
        first, *others = parts_of(batch)
        mapping = mapping_of(first, columns, one_is_problem=one_is_problem)
    except UnableToStage as error:
        raise UnableToDecide(str(error)) from error
    move(
        batch,
        to=State.UPLOADED,
        mapping=[mapping.to_json(), *(part.guess.to_json() for part in others)],
        options={**batch.options, "is_mapping_confirmed": True},
    )
    enqueue(kind=STAGE_TASK, subject_id=batch.pk, by=by, at=at)
    record(
        event="import.mapped",
        subject=batch,
        area=batch.area_code,
        by=by,
        at=at,
        detail={"columns": dict(mapping.columns), "one_is_problem": one_is_problem},
    )
