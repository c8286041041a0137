"""What can be done with a file of a list. Pages, API, commands and workers call these."""

from imports.services.deciding import (
    NewArea,
    UnableToDecide,
    confirm_area,
    confirm_mapping,
    decide_row,
    new_areas,
)
from imports.services.running import (
    UnableToApply,
    apply_work,
    approve,
    cancel_import,
    order_apply,
    order_undo,
    safety_reasons,
    settle,
    stage_work,
    undo_work,
)
from imports.services.sheets import write_error_workbook, write_template
from imports.services.showing import (
    Progress,
    ShownIssue,
    issues_by_code,
    label_of,
    progress,
    purge_due,
    show_issues,
    show_rows,
)
from imports.services.staging import UnableToStage, open_samples
from imports.services.states import UnableToMove
from imports.services.uploading import AlreadyImported, UnableToUpload, upload

__all__ = [
    "AlreadyImported",
    "NewArea",
    "Progress",
    "ShownIssue",
    "UnableToApply",
    "UnableToDecide",
    "UnableToMove",
    "UnableToStage",
    "UnableToUpload",
    "apply_work",
    "approve",
    "cancel_import",
    "confirm_area",
    "confirm_mapping",
    "decide_row",
    "issues_by_code",
    "label_of",
    "new_areas",
    "open_samples",
    "order_apply",
    "order_undo",
    "progress",
    "purge_due",
    "safety_reasons",
    "settle",
    "show_issues",
    "show_rows",
    "stage_work",
    "undo_work",
    "upload",
    "write_error_workbook",
    "write_template",
]
