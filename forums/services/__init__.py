"""What can be done with a forum. Pages, API and demo all call these."""

from forums.services.agenda import (
    NewItem,
    Suggestions,
    move_item,
    remove_item,
    suggestions,
    take_up,
)
from forums.services.holding import MOST_PEOPLE, amend_minutes, discuss_item, hold_forum
from forums.services.planning import ForumPlan, cancel_forum, plan_forum, update_forum
from forums.services.reading import (
    AgendaLine,
    Case,
    ResolutionLine,
    agenda_of,
    cases_of,
    resolution_lines,
    resolutions_of,
)
from forums.services.refusals import Stale, UnableToConvene, WrongState
from forums.services.resolving import (
    drop_resolution,
    finish_resolution,
    progress_resolution,
    record_resolution,
    reopen_resolution,
)

__all__ = [
    "MOST_PEOPLE",
    "AgendaLine",
    "Case",
    "ForumPlan",
    "NewItem",
    "ResolutionLine",
    "Stale",
    "Suggestions",
    "UnableToConvene",
    "WrongState",
    "agenda_of",
    "amend_minutes",
    "cancel_forum",
    "cases_of",
    "discuss_item",
    "drop_resolution",
    "finish_resolution",
    "hold_forum",
    "move_item",
    "plan_forum",
    "progress_resolution",
    "record_resolution",
    "remove_item",
    "reopen_resolution",
    "resolution_lines",
    "resolutions_of",
    "suggestions",
    "take_up",
    "update_forum",
]
