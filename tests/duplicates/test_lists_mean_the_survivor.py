"""What a later list says of a merged household, it says of the one that took it in."""

from accounts.models import User
from duplicates import services
from households.models import Household, SourceListing
from problems.services import load_reference_data
from tests.duplicates.cases import AT
from tests.imports.test_units_households import bmn
from tests.imports.units import applied_list


def test_a_line_with_the_code_of_a_merged_household_reaches_the_survivor(
    admin: User, district: User
) -> None:
    load_reference_data()
    applied_list([bmn(0), bmn(1)], admin, source="bmn", year_be=2564)
    survivor, merged = Household.objects.order_by("house_code")
    services.merge_households(
        survivor=survivor,
        merged=merged,
        versions=(survivor.version, merged.version),
        choices={},
        pairs=[],
        reason="บ้านเดียวกัน",
        by=district,
        at=AT,
    )
    applied_list([bmn(1, {"ปี จปฐ.": "2565"})], admin, source="bmn", year_be=2565)
    assert SourceListing.objects.get(year_be=2565).household_id == survivor.pk
