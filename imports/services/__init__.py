"""What can be done with a file of a list. Pages, API, commands and workers call these."""

from imports.services.areas import NewArea, confirm_area, confirm_areas, new_areas
from imports.services.corrections import MEND_TASK, is_mending, mend_work, send_corrections
from imports.services.deciding import confirm_mapping
from imports.services.duplicates import Pair, show_pairs
from imports.services.errors import UnableToStage
from imports.services.following import Progress, progress
from imports.services.history import Act, acts, downloads, original_file
from imports.services.holding import UnableToDecide
from imports.services.parts import open_samples
from imports.services.reporting import Report, latest_report, reports
from imports.services.resealing import reseal_images, reseal_lines, reseal_samples
from imports.services.rows import can_accept_all, decide_code, decide_row
from imports.services.running import (
    UnableToApply,
    apply_work,
    approve,
    cancel_import,
    order_apply,
    order_undo,
    settle,
    stage_work,
    undo_work,
)
from imports.services.safety import (
    Approvers,
    approvers,
    late_reasons,
    limits,
    pending,
    request_stamp,
    safety_reasons,
    waiting_for,
)
from imports.services.sheets import write_error_workbook, write_template
from imports.services.showing import (
    Conflict,
    ShownIssue,
    Written,
    conflicts,
    issues_by_code,
    label_of,
    purge_due,
    show_issues,
    show_rows,
    summary,
    written,
)
from imports.services.states import UnableToMove
from imports.services.uploading import AlreadyImported, QueueFull, UnableToUpload, upload

__all__ = [
    "MEND_TASK",
    "Act",
    "AlreadyImported",
    "Approvers",
    "Conflict",
    "NewArea",
    "Pair",
    "Progress",
    "QueueFull",
    "Report",
    "ShownIssue",
    "UnableToApply",
    "UnableToDecide",
    "UnableToMove",
    "UnableToStage",
    "UnableToUpload",
    "Written",
    "acts",
    "apply_work",
    "approve",
    "approvers",
    "can_accept_all",
    "cancel_import",
    "confirm_area",
    "confirm_areas",
    "confirm_mapping",
    "conflicts",
    "decide_code",
    "decide_row",
    "downloads",
    "is_mending",
    "issues_by_code",
    "label_of",
    "late_reasons",
    "latest_report",
    "limits",
    "mend_work",
    "new_areas",
    "open_samples",
    "order_apply",
    "order_undo",
    "original_file",
    "pending",
    "progress",
    "purge_due",
    "reports",
    "request_stamp",
    "reseal_images",
    "reseal_lines",
    "reseal_samples",
    "safety_reasons",
    "send_corrections",
    "settle",
    "show_issues",
    "show_pairs",
    "show_rows",
    "stage_work",
    "summary",
    "undo_work",
    "upload",
    "waiting_for",
    "write_error_workbook",
    "write_template",
    "written",
]
