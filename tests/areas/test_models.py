import pytest
from django.db import IntegrityError, transaction

from areas.models import Area, AreaChange, Level
from areas.querysets import within
from areas.services import mark_changed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def province() -> Area:
    return Area.objects.create(code="30", level=Level.PROVINCE, name="นครราชสีมา")


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("300", Level.DISTRICT, "30"),
        ("3001", Level.SUBDISTRICT, "30"),
        ("3101", Level.DISTRICT, "30"),
        ("3001", Level.DISTRICT, None),
        ("3๐01", Level.DISTRICT, "30"),
        ("31", Level.PROVINCE, "30"),
    ],
)
def test_the_database_refuses_a_code_that_does_not_fit(
    code: str, level: str, parent: str | None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code=code, level=level, parent_id=parent, name="ก")


def test_a_district_under_its_province_is_accepted() -> None:
    Area.objects.create(code="3001", level=Level.DISTRICT, parent_id="30", name="เมืองนครราชสีมา")
    assert Area.objects.filter(parent_id="30").count() == 1


def test_within_takes_the_subtree_and_nothing_beside_it() -> None:
    for code in ["31", "3001", "3099", "3101"]:
        Area.objects.create(
            code=code,
            level=Level.PROVINCE if len(code) == 2 else Level.DISTRICT,
            parent_id=code[:-2] or None,
            name="ก",
        )

    def codes(*prefixes: str) -> list[str]:
        return sorted(Area.objects.filter(within(prefixes)).values_list("pk", flat=True))

    assert codes("30") == ["30", "3001", "3099"]
    assert codes("3099") == ["3099"]
    assert codes("3001", "31") == ["3001", "31", "3101"]
    assert codes() == []


def test_changes_are_noted_once_for_each_area() -> None:
    mark_changed(area_codes=["30", "30"], year_be=2569)
    assert list(AreaChange.objects.values_list("area_id", "year_be")) == [("30", 2569)]
