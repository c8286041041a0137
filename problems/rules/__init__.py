"""The rules of the five problem dimensions, in plain Python.

`dimensions` names them, `indicators` holds the official basic-minimum-needs (จปฐ.) forms,
`results` packs what was found, `income` holds the income lines, `poverty` counts people,
`codes` names what exactly is wrong inside a dimension.
"""

from problems.rules.codes import CODES_BY_DIMENSION, ProblemCode, dimension_of
from problems.rules.dimensions import DIMENSIONS, Dimension
from problems.rules.income import (
    INCOME_THRESHOLDS_V1,
    IncomeLine,
    UnknownIncomeThreshold,
    income_line,
    passes_income,
)
from problems.rules.indicators import (
    SET_2560,
    SET_2565,
    SETS,
    IndicatorSetSpec,
    IndicatorSpec,
    Unit,
    set_for_year,
)
from problems.rules.poverty import (
    DimensionCount,
    HouseholdListing,
    PersonPoverty,
    PovertyCounts,
    TargetingErrors,
    count_poverty,
    failed_by_person,
    intensity,
    is_mpi_poor,
    is_target_poor,
    targeting_errors,
)
from problems.rules.results import (
    DimensionBits,
    InvalidIndicator,
    PackedResults,
    dimension_results,
    failed_dimensions,
    merge,
    pack,
    pack_dimensions,
    read_indicator,
    unpack,
    unpack_dimensions,
)

__all__ = [
    "CODES_BY_DIMENSION",
    "DIMENSIONS",
    "INCOME_THRESHOLDS_V1",
    "SETS",
    "SET_2560",
    "SET_2565",
    "Dimension",
    "DimensionBits",
    "DimensionCount",
    "HouseholdListing",
    "IncomeLine",
    "IndicatorSetSpec",
    "IndicatorSpec",
    "InvalidIndicator",
    "PackedResults",
    "PersonPoverty",
    "PovertyCounts",
    "ProblemCode",
    "TargetingErrors",
    "Unit",
    "UnknownIncomeThreshold",
    "count_poverty",
    "dimension_of",
    "dimension_results",
    "failed_by_person",
    "failed_dimensions",
    "income_line",
    "intensity",
    "is_mpi_poor",
    "is_target_poor",
    "merge",
    "pack",
    "pack_dimensions",
    "passes_income",
    "read_indicator",
    "set_for_year",
    "targeting_errors",
    "unpack",
    "unpack_dimensions",
]
