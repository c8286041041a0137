"""What the product ships goes into rows and comes back out the same."""

from io import StringIO

import pytest
from django.core.management import call_command

from areas.models import Area
from problems.models import IncomeThreshold, Indicator, IndicatorSet
from problems.rules import SET_2560, UnknownIncomeThreshold
from problems.services import dimensions_of, income_threshold
from problems.services import load_reference_data as load_problem_reference
from referrals.models import SlaTerm
from slf.instrument import LEVEL_BANDS_V1, PD27_V1
from slf.models import Choice, Item, Questionnaire
from slf.services import active_questionnaire, bands_of, instrument_of, load_reference_data
from slf.workflow import QuestionnaireStatus

pytestmark = pytest.mark.django_db


def test_the_questionnaire_comes_back_as_it_was_written() -> None:
    load_reference_data()
    assert instrument_of(active_questionnaire()) == PD27_V1
    assert bands_of() == (1, LEVEL_BANDS_V1)
    assert bands_of(1) == (1, LEVEL_BANDS_V1)
    assert (Item.objects.count(), Choice.objects.count()) == (30, 27 * 4)


def test_loading_twice_adds_nothing() -> None:
    assert load_reference_data() == 1 + 30 + 108 + 4
    assert load_reference_data() == 0
    assert load_problem_reference() == 2 + 31 + 38 + 6
    assert load_problem_reference() == 0


def test_what_people_filled_in_stays() -> None:
    load_problem_reference()
    form = IndicatorSet.objects.get(code="bmn-2565")
    Indicator.objects.filter(indicator_set=form, number=1).update(
        wording="ถ้อยคำจริง", dimension="health", counts_in_tpmap=True
    )
    load_problem_reference()
    assert dimensions_of(form) == {1: "health"}


def test_a_newer_questionnaire_stays_in_use() -> None:
    Questionnaire.objects.create(
        code="PD-27", version=2, title="ของจังหวัด", status=QuestionnaireStatus.ACTIVE
    )
    load_reference_data()
    assert active_questionnaire().version == 2


def test_the_form_of_2560_is_mapped_and_that_of_2565_is_not() -> None:
    load_problem_reference()
    assert dimensions_of(IndicatorSet.objects.get(code="bmn-2560")) == SET_2560.dimensions
    assert dimensions_of(IndicatorSet.objects.get(code="bmn-2565")) == {}
    assert dimensions_of(None) == {}


@pytest.mark.parametrize(("year_be", "amount"), [(2564, 38000), (2567, 40000), (2569, 40000)])
def test_the_line_of_a_year_is_found(year_be: int, amount: int) -> None:
    load_problem_reference()
    assert income_threshold(year_be).amount_thb == amount


def test_a_newer_version_of_a_line_replaces_it_for_its_years() -> None:
    load_problem_reference()
    IncomeThreshold.objects.create(
        version=2, year_from=2568, amount_thb=45000, source="ประกาศใหม่", is_confirmed=True
    )
    assert income_threshold(2569).amount_thb == 45000
    assert income_threshold(2567).amount_thb == 40000
    with pytest.raises(UnknownIncomeThreshold):
        income_threshold(2540)


def test_one_command_loads_everything_and_may_be_repeated() -> None:
    out = StringIO()
    call_command("load_reference", stdout=out)
    call_command("load_reference", stdout=out)
    assert Area.objects.filter(pk="3032").exists()
    assert active_questionnaire().code == "PD-27"
    assert income_threshold(2567).is_confirmed
    again = out.getvalue().splitlines()[-1]
    assert "แบบประเมินเพิ่ม 0 แถว" in again
    assert "กำหนดเวลาส่งต่อเพิ่ม 0 แถว" in again
    assert SlaTerm.objects.filter(version=1).count() == 7 * 3
