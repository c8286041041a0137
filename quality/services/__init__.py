"""What is done with the rules: asking, counting, excusing, setting."""

from quality.services.asking import (
    ask_in,
    found_rows,
    rows_of,
    rules_in_force,
    standing_rules,
    subject_of,
)
from quality.services.counting import count_all, count_areas, refresh
from quality.services.excusing import UnableToExcuse, end_exemption, excuse
from quality.services.reading import Board, board
from quality.services.setting import UnableToSet, set_rule

__all__ = [
    "Board",
    "UnableToExcuse",
    "UnableToSet",
    "ask_in",
    "board",
    "count_all",
    "count_areas",
    "end_exemption",
    "excuse",
    "found_rows",
    "refresh",
    "rows_of",
    "rules_in_force",
    "set_rule",
    "standing_rules",
    "subject_of",
]
