"""What can be done with a file of a list. Pages, API, commands and workers call these."""

from imports.apply.others import Overlap, overlaps
from imports.services.areas import NewArea, confirm_area, confirm_areas, new_areas
from imports.services.changing import Changed, show_changes
from imports.services.choices import Choices
from imports.services.comparing import Compared, compared_with_last_year
from imports.services.corrections import MEND_TASK, is_mending, mend_work, send_corrections
from imports.services.duplicates import Pair, show_pairs
from imports.services.errors import UnableToStage
from imports.services.following import Progress, progress
from imports.services.foreseeing import Foreseen, foresee_undo
from imports.services.grid import open_grid, other_columns, to_mend_by_code
from imports.services.history import Act, acts, downloads, original_file
from imports.services.holding import UnableToDecide
from imports.services.kept import KeptField, kept_fields
from imports.services.mapping import PartChoice, confirm_mapping, read_as
from imports.services.parts import open_samples
from imports.services.provenance import Known, Origin, provenance_of
from imports.services.reporting import Report, latest_report, mended_batch, reports
from imports.services.resealing import reseal_images, reseal_lines, reseal_samples
from imports.services.rows import (
    Act as RowAct,
)
from imports.services.rows import (
    can_accept_all,
    decide_code,
    decide_row,
    decide_rows,
)
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
    ASKED,
    Approvers,
    approvers,
    late_reasons,
    limits,
    pending,
    request_stamp,
    safety_reasons,
    waiting_for,
)
from imports.services.sheets import write_error_workbook
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
from imports.services.templates import write_template
from imports.services.uploading import AlreadyImported, QueueFull, UnableToUpload, upload

__all__ = [
    "ASKED",
    "MEND_TASK",
    "Act",
    "AlreadyImported",
    "Approvers",
    "Changed",
    "Choices",
    "Compared",
    "Conflict",
    "Foreseen",
    "KeptField",
    "Known",
    "NewArea",
    "Origin",
    "Overlap",
    "Pair",
    "PartChoice",
    "Progress",
    "QueueFull",
    "Renamed",
    "Report",
    "RowAct",
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
    "compared_with_last_year",
    "confirm_area",
    "confirm_areas",
    "confirm_mapping",
    "conflicts",
    "decide_code",
    "decide_row",
    "decide_rows",
    "downloads",
    "foresee_undo",
    "is_mending",
    "issues_by_code",
    "kept_fields",
    "label_of",
    "late_reasons",
    "latest_report",
    "limits",
    "mend_work",
    "mended_batch",
    "new_areas",
    "open_grid",
    "open_samples",
    "order_apply",
    "order_undo",
    "original_file",
    "other_columns",
    "overlaps",
    "pending",
    "progress",
    "provenance_of",
    "purge_due",
    "read_as",
    "reports",
    "request_stamp",
    "reseal_images",
    "reseal_lines",
    "reseal_samples",
    "safety_reasons",
    "send_corrections",
    "settle",
    "show_changes",
    "show_issues",
    "show_pairs",
    "show_rows",
    "stage_work",
    "summary",
    "to_mend_by_code",
    "undo_work",
    "upload",
    "waiting_for",
    "write_error_workbook",
    "write_template",
    "written",
]
