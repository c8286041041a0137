"""PPPConnext: five capitals of a household on one sheet, its people on another."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook

from accounts.models import User
from households.models import Household, Member, SourceListing
from ppaos.lib import citizen_id
from slf.models import Assessment, ListedCapitals
from tests.imports.batches import state_of_register, undo
from tests.imports.units import applied_list, house, lines_of, written

pytestmark = pytest.mark.django_db

CAPITALS = ("ทุนมนุษย์", "ทุนกายภาพ", "ทุนการเงิน", "ทุนธรรมชาติ", "ทุนทางสังคม")


def scored(number: int, *scores: str) -> dict[str, Any]:
    return house(number, {"ปีที่สำรวจ": "2567", **dict(zip(CAPITALS, scores, strict=True))})


def person(number: int, home: int = 0, seq: int = 1) -> dict[str, Any]:
    return {
        "รหัสบ้าน": f"3032{home:07d}",
        "ลำดับในบ้าน": str(seq),
        "คำนำหน้าชื่อ": "นาง",
        "ชื่อ": "สมใจ",
        "สกุล": f"ทดสอบ{number}",
        "หมายเลขประจำตัวประชาชน": citizen_id.generate(number),
        "วัน/เดือน/ปีเกิด": "1/4/2510",
    }


def workbook(homes: list[dict[str, Any]], people: list[dict[str, Any]]) -> bytes:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "ข้อมูลพื้นฐาน"
    second = book.create_sheet("ทุนมนุษย์")
    for sheet, rows in ((first, homes), (second, people)):
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


HOMES = [scored(0, "2.50", "1.00", "3.25", "4.00", ""), scored(1, "0", "2", "2", "2", "2")]
PEOPLE = [person(0), person(1, seq=2), person(2, home=1)]


def import_it(admin: User, homes: list[dict[str, Any]] = HOMES) -> Any:
    return applied_list(workbook(homes, PEOPLE), admin, source="pppconnext", name="pppconnext.xlsx")


def test_both_sheets_meet_in_one_household(admin: User) -> None:
    batch = import_it(admin)

    home = Household.objects.get(house_code="30320000000")
    assert home.members.count() == 2
    assert home.members.get(is_head=True).last_name == "ทดสอบ0"
    listings = SourceListing.objects.filter(household=home)
    assert sorted(listing.member is None for listing in listings) == [False, False, True]
    assert (batch.effect["households_created"], batch.effect["members_created"]) == (2, 3)


def test_capitals_are_what_the_list_says_and_no_assessment(admin: User) -> None:
    batch = import_it(admin)

    said = ListedCapitals.objects.get(household__house_code="30320000000")
    assert [score for _, score in said.scores] == [
        Decimal("2.50"),
        Decimal("1.00"),
        Decimal("3.25"),
        Decimal("4.00"),
        None,
    ]
    assert (said.source, said.year_be) == ("pppconnext", 2567)
    assert ListedCapitals.objects.get(household__house_code="30320000001").human is None
    assert not Assessment.objects.exists()
    assert written(batch).capitals == 2


def test_the_same_workbook_with_other_bytes_changes_nothing(admin: User) -> None:
    import_it(admin)
    batch = import_it(admin, [HOMES[1], HOMES[0]])

    assert {action for _, action, _ in lines_of(batch)} == {"unchanged"}
    assert (batch.changes.count(), batch.added.count()) == (0, 0)


def test_a_new_score_replaces_the_list_s_own_and_comes_back(admin: User) -> None:
    import_it(admin)
    before = state_of_register()
    batch = import_it(admin, [scored(0, "3.00", "", "3.25", "4.00", "1.5"), HOMES[1]])
    said = ListedCapitals.objects.get(household__house_code="30320000000")
    assert (said.human, said.physical, said.social) == (
        Decimal("3.00"),
        Decimal("1.00"),
        Decimal("1.50"),
    )

    undo(batch, admin)

    assert state_of_register() == before


def test_taking_back_leaves_nothing(admin: User) -> None:
    before = state_of_register()
    batch = import_it(admin)
    undo(batch, admin)

    assert state_of_register() == before
    assert (Household.objects.count(), Member.objects.count()) == (0, 0)


def test_who_may_not_read_the_household_reads_no_capitals(
    admin: User, province: User, outsider: User
) -> None:
    import_it(admin)

    assert ListedCapitals.objects.visible_to(province).count() == 2
    assert ListedCapitals.objects.visible_to(outsider).count() == 0


def test_the_case_file_shows_the_scores_as_what_a_list_says(
    admin: User, province: User, client: Client
) -> None:
    import_it(admin)
    home = Household.objects.get(house_code="30320000000")
    client.force_login(province)

    page = client.get(f"/households/{home.pk}/").content.decode()

    assert "คะแนนทุนตามบัญชี PPPConnext 2567" in page
    assert "ทุนการเงิน 3.25" in page
    assert "ทุนสังคม –" in page
