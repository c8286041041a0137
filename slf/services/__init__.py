"""What can be done with an assessment. Pages, API, imports and commands all call these."""

from slf.scoring import InvalidAnswers
from slf.services.assessing import (
    UnableToAssess,
    UnableToAssessStale,
    complete_assessment,
    record_assessment,
    restore_revision,
    save_answers,
    start_assessment,
)
from slf.services.grouping import (
    UnableToOverrideGroup,
    clear_override,
    override_group,
    rank_households,
    regroup,
)
from slf.services.household_problems import (
    UnableToOpenProblem,
    UnableToReopenProblem,
    UnableToResolveProblem,
    open_problem,
    reopen_problem,
    resolve_problem,
)
from slf.services.people import people_of
from slf.services.progress import Progress, progress_of
from slf.services.questionnaires import (
    UnableToActivate,
    activate_questionnaire,
    copy_questionnaire,
)
from slf.services.reference import (
    active_questionnaire,
    bands_of,
    instrument_of,
    load_reference_data,
)
from slf.services.results import AssessmentView, as_result, read_view

__all__ = [
    "AssessmentView",
    "InvalidAnswers",
    "Progress",
    "UnableToActivate",
    "UnableToAssess",
    "UnableToAssessStale",
    "UnableToOpenProblem",
    "UnableToOverrideGroup",
    "UnableToReopenProblem",
    "UnableToResolveProblem",
    "activate_questionnaire",
    "active_questionnaire",
    "as_result",
    "bands_of",
    "clear_override",
    "complete_assessment",
    "copy_questionnaire",
    "instrument_of",
    "load_reference_data",
    "open_problem",
    "override_group",
    "people_of",
    "progress_of",
    "rank_households",
    "read_view",
    "record_assessment",
    "regroup",
    "reopen_problem",
    "resolve_problem",
    "restore_revision",
    "save_answers",
    "start_assessment",
]
