"""What can be done with field work. Pages and API all call these."""

from fieldwork.services.assigning import (
    MOST_AT_ONCE,
    UnableToAssign,
    assign_households,
    assign_villages,
    hand_over,
    take_back,
    take_back_households,
)
from fieldwork.services.checking import (
    UnableToCheck,
    appoint_checker,
    draw_back_checks,
    record_back_check,
    set_share,
    settle_back_check,
)
from fieldwork.services.counting import (
    VillageProgress,
    WorkerProgress,
    agreement_by_surveyor,
    coverage_by_area,
    newest_list_year,
    progress_by_village,
    progress_by_worker,
)
from fieldwork.services.printing import note_print

__all__ = [
    "MOST_AT_ONCE",
    "UnableToAssign",
    "UnableToCheck",
    "VillageProgress",
    "WorkerProgress",
    "agreement_by_surveyor",
    "appoint_checker",
    "assign_households",
    "assign_villages",
    "coverage_by_area",
    "draw_back_checks",
    "hand_over",
    "newest_list_year",
    "note_print",
    "progress_by_village",
    "progress_by_worker",
    "record_back_check",
    "set_share",
    "settle_back_check",
    "take_back",
    "take_back_households",
]
