"""The จปฐ. survey: one line per household with 31 or 38 indicators, or one per person."""

from imports.profiles import shared
from imports.profiles.columns import DIMENSION_COLUMNS, INDICATOR_COLUMNS
from imports.profiles.profile import Profile, Unit

_YEAR = shared.year("ปี จปฐ.", "bmn_year", example="2566")
# Both forms have these; a file with none of them says nothing about the indicators.
_A_RESULT = ("ind_1", "ind_8", "ind_22", "dim_income")

BMN = Profile(
    source="bmn",
    label="ผลสำรวจ จปฐ. (หนึ่งแถวต่อหนึ่งครัวเรือน)",
    unit=Unit.HOUSEHOLD,
    columns=(
        *("bmn_year", "survey_year"),
        *shared.IDENTITY,
        *shared.PLACE,
        *shared.INCOME,
        *shared.WELFARE,
    ),
    optional=(*DIMENSION_COLUMNS, *INDICATOR_COLUMNS),
    required=(shared.A_HOUSE, shared.A_TAMBON, _A_RESULT),
    marks=("bmn_year", "ind_1"),
    year_column="bmn_year",
    aliases=shared.HEAD_ALIASES,
    # In the survey 1 is passed, in a list made of it often failed.
    asks_polarity=True,
    template_name="bmn_household.xlsx",
    template=(
        _YEAR,
        shared.HOUSE_CODE,
        shared.HOUSEHOLD_SEQ,
        *shared.ADDRESS,
        shared.MEMBER_COUNT,
        shared.INCOME_YEAR,
        *shared.INDICATOR_FORM,
    ),
)

BMN_PERSONS = Profile(
    source="bmn",
    key="bmn.persons",
    label="ผลสำรวจ จปฐ. (หนึ่งแถวต่อหนึ่งคน)",
    columns=BMN.columns,
    optional=BMN.optional,
    required=(("house_code",), ("citizen_id",), shared.A_NAME, shared.A_TAMBON, _A_RESULT),
    marks=("bmn_year", "ind_1", "citizen_id", "birth_date"),
    year_column="bmn_year",
    asks_polarity=True,
    template_name="bmn_persons.xlsx",
    template=(
        _YEAR,
        shared.HOUSE_CODE,
        shared.CITIZEN_ID,
        *shared.PERSON_NAMES,
        shared.BIRTH_DATE,
        shared.SEX,
        *shared.ADDRESS,
        shared.INCOME_YEAR,
        *shared.INDICATOR_FORM,
    ),
)
