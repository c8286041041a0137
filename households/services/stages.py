"""Moving a household from stage to stage: the one place that writes `stage`."""

from datetime import date

from areas.services import mark_changed
from households.models import Household
from households.workflow import TRANSITIONS, Stage


class UnableToMove(Exception):
    """The table of transitions does not allow the move. Services say so before it comes to this."""


def lock(household: Household) -> Household:
    """Return the household as it stands now, held until the transaction ends."""
    return Household.objects.select_for_update(of=("self",)).get(pk=household.pk)


def move(household: Household, *, to: Stage, on: date) -> None:
    """Set the stage of a locked household, and its date; the same stage again changes nothing."""
    current = Stage(household.stage)
    if current is to:
        return
    if to not in TRANSITIONS[current]:
        raise UnableToMove(f"{current.value} -> {to.value}")
    put(household, stage=to, on=on)


def put(household: Household, *, stage: Stage, on: date) -> None:
    """Set stage and date as told: only for taking a move back."""
    household.stage = stage
    household.stage_date = on
    household.version += 1
    household.save(update_fields=["stage", "stage_date", "version", "updated_at"])
    mark_changed(area_codes=[household.area_id])
