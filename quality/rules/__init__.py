"""What is held against the data, as a table: what, why, how grave, and where it is mended."""

from quality.rules.homes import HOMES
from quality.rules.people import PEOPLE
from quality.rules.rule import Ask, Mend, Rule, Severity, Threshold
from quality.rules.work import WORK

RULES: dict[str, Rule] = {rule.code: rule for rule in (*WORK, *HOMES, *PEOPLE)}

__all__ = ["RULES", "Ask", "Mend", "Rule", "Severity", "Threshold"]
