"""The five capitals scored from answers, in plain Python: a referee could redo it by hand.

`answers` reads what was filled in, `items` scores one question, `capitals` averages and
explains, `levels` rounds and bands, `groups` divides households, `findings` names problems.
"""

from slf.scoring.answers import (
    Amounts,
    Answers,
    Debt,
    HazardReport,
    InvalidAnswers,
    Person,
    read_amounts,
    read_answers,
)
from slf.scoring.capitals import CapitalScore, Result, overall_mean, score_assessment
from slf.scoring.findings import Finding, find_problems
from slf.scoring.groups import (
    Classification,
    Standing,
    classify_by_need,
    classify_by_rank,
    labour_capable,
    standing_of,
)
from slf.scoring.items import ItemScore, State, hazard_score
from slf.scoring.levels import (
    Change,
    Comparison,
    InvalidScore,
    compare,
    from_scale_100,
    level_of,
    shown,
    to_scale_100,
)

__all__ = [
    "Amounts",
    "Answers",
    "CapitalScore",
    "Change",
    "Classification",
    "Comparison",
    "Debt",
    "Finding",
    "HazardReport",
    "InvalidAnswers",
    "InvalidScore",
    "ItemScore",
    "Person",
    "Result",
    "Standing",
    "State",
    "classify_by_need",
    "classify_by_rank",
    "compare",
    "find_problems",
    "from_scale_100",
    "hazard_score",
    "labour_capable",
    "level_of",
    "overall_mean",
    "read_amounts",
    "read_answers",
    "score_assessment",
    "shown",
    "standing_of",
    "to_scale_100",
]
