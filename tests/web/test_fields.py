from datetime import date

import pytest
from django.core.exceptions import ValidationError

from ppaos.web.fields import ThaiDateField

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "20/11/2569",
        "20/11/69",
        "๒๐/๑๑/๖๙",
        "20 พ.ย. 69",
        "20 พ.ย. 2569",
        "2026-11-20",
        " 20-11-69 ",
    ],
)
def test_a_day_of_these_years_is_read_as_people_write_it(text: str) -> None:
    assert ThaiDateField().clean(text) == DAY


@pytest.mark.parametrize("text", ["20/11/12", "20/11/99", "31/4/69", "69", "พ.ย. 69", "ไม่ทราบ"])
def test_what_could_be_another_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"กรอกเป็น|ระบุวัน"):
        ThaiDateField().clean(text)


def test_a_day_is_shown_in_the_buddhist_era() -> None:
    assert ThaiDateField().prepare_value(DAY) == "20 พ.ย. 2569"
    assert ThaiDateField(required=False).clean("") is None
