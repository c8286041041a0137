"""What can be done with a file of a list. Pages, API, commands and workers call these."""

from imports.services.deciding import (
    NewArea,
    UnableToDecide,
    confirm_area,
    confirm_mapping,
    decide_row,
    new_areas,
)
from imports.services.errors import UnableToStage
from imports.services.parts import open_samples
from imports.services.resealing import reseal_images, reseal_lines, reseal_samples
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
    Conflict,
    Progress,
    ShownIssue,
    Written,
    conflicts,
    issues_by_code,
    label_of,
    progress,
    purge_due,
    show_issues,
    show_rows,
    summary,
    written,
)
from imports.services.states import UnableToMove
from imports.services.uploading import AlreadyImported, UnableToUpload, upload

__all__ = [
    "AlreadyImported",
    "Conflict",
    "NewArea",
    "Progress",
    "ShownIssue",
    "UnableToApply",
    "UnableToDecide",
    "UnableToMove",
    "UnableToStage",
    "UnableToUpload",
    "Written",
    "apply_work",
    "approve",
    "cancel_import",
    "confirm_area",
    "confirm_mapping",
    "conflicts",
    "decide_row",
    "issues_by_code",
    "label_of",
    "new_areas",
    "open_samples",
    "order_apply",
    "order_undo",
    "progress",
    "purge_due",
    "reseal_images",
    "reseal_lines",
    "reseal_samples",
    "safety_reasons",
    "settle",
    "show_issues",
    "show_rows",
    "stage_work",
    "summary",
    "undo_work",
    "upload",
    "write_error_workbook",
    "write_template",
    "written",
]
