"""Help begins and ends: steps of the referral's services, which have checked the right."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from audit.services import record
from households.models import Exit, Household
from households.services import stages
from households.workflow import ExitState, Stage


@transaction.atomic
def begin_help(*, household: Household, by: User, at: datetime) -> bool:
    """Move a household that was found poor into help, and say whether that happened.

    One in help already stays, and so does one that has left. One that is proposed to leave
    is in help if the proposal falls.
    """
    return _change(
        household, of=Stage.VERIFIED_POOR, to=Stage.IN_HELP, event="help.begun", by=by, at=at
    )


@transaction.atomic
def end_help(*, household: Household, by: User, at: datetime) -> bool:
    """Move a household in help back to "found poor", and say whether that happened."""
    return _change(
        household, of=Stage.IN_HELP, to=Stage.VERIFIED_POOR, event="help.ended", by=by, at=at
    )


def _change(
    household: Household, *, of: Stage, to: Stage, event: str, by: User, at: datetime
) -> bool:
    current = stages.lock(household)
    if current.stage == of:
        stages.move(current, to=to, on=localdate(at))
    elif not _change_behind_a_proposal(current, of=of, to=to, at=at):
        return False
    record(event=event, subject=current, by=by, at=at, area=current.area_id)
    return True


def _change_behind_a_proposal(household: Household, *, of: Stage, to: Stage, at: datetime) -> bool:
    """Change the stage to which a household returns that waits for its exit to be decided."""
    if household.stage != Stage.EXIT_PROPOSED:
        return False
    waiting = Exit.objects.filter(
        household=household, state=ExitState.PROPOSED, stage_before=of.value
    )
    return bool(waiting.update(stage_before=to.value, stage_date_before=localdate(at)))
