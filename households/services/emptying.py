"""What follows when the last person has left a household."""

from datetime import datetime

from django.utils.timezone import localdate

from accounts.models import User
from households.models import Exit, Household
from households.services import stages
from households.services.exiting import add_proposal
from households.workflow import ExitReason, ExitState, LeftReason, Stage

_EXIT_AFTER = {
    LeftReason.DECEASED: ExitReason.DECEASED,
    LeftReason.MOVED: ExitReason.MOVED,
}


def propose_exit_if_empty(household: Household, *, by: User, at: datetime) -> Exit | None:
    """Propose an exit if nobody is left, for the reason the last one went; the office decides.

    Not where the last row was a mistake: then the register is wrong, not the household gone.
    """
    current = stages.lock(household)
    if current.stage in (Stage.EXITED, Stage.EXIT_PROPOSED) or current.members.present().exists():
        return None
    if Exit.objects.filter(household=current, state=ExitState.PROPOSED).exists():
        return None
    last = current.members.order_by("-left_on", "-updated_at", "-pk").first()
    reason = _EXIT_AFTER.get(LeftReason(last.left_reason)) if last is not None else None
    if reason is None:
        return None
    proposal = add_proposal(household=current, reason=reason, note="", by=by, at=at)
    stages.move(current, to=Stage.EXIT_PROPOSED, on=localdate(at))
    return proposal
