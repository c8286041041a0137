"""The empty form of every list: it can be read back, explains itself, and holds nobody."""

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.models import User
from imports.profiles import PROFILES
from imports.profiles.headers import find_header
from imports.profiles.profile import Profile
from imports.services.templates import GUIDE, TEMPLATES, write_template
from imports.workflow import State
from tests.imports.batches import staged

AS_TEXT = {"house_code", "citizen_id", "house_no", "phone"}


def open_template(key: str) -> Any:
    stream = io.BytesIO()
    write_template(stream, key=key)
    return openpyxl.load_workbook(stream)


def test_every_shape_of_every_list_has_its_sheet_in_one_workbook() -> None:
    shapes = [profile.key for profiles in TEMPLATES.values() for profile in profiles]

    assert sorted(shapes) == sorted(PROFILES)
    assert {profile.source for profile in PROFILES.values()} <= set(TEMPLATES)
    names = [profiles[0].template_name for profiles in TEMPLATES.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", TEMPLATES)
def test_the_headers_stand_on_top_and_nothing_below_them(key: str) -> None:
    book = open_template(key)

    for profile in TEMPLATES[key]:
        sheet = book[profile.sheet]
        assert [cell.value for cell in sheet[1]] == [each.header for each in profile.template]
        assert sheet.max_row == 1


@pytest.mark.parametrize("key", TEMPLATES)
def test_what_a_program_would_spoil_is_text(key: str) -> None:
    book = open_template(key)

    for profile in TEMPLATES[key]:
        formats = book[profile.sheet].column_dimensions.values()
        for number, column in enumerate(profile.template, start=1):
            if column.column in AS_TEXT:
                found = [each for each in formats if each.min <= number <= each.max]
                assert [each.number_format for each in found] == ["@"]


@pytest.mark.parametrize("key", TEMPLATES)
def test_the_guide_explains_every_column_and_is_no_list_itself(key: str) -> None:
    header, *lines = open_template(key)[GUIDE].iter_rows(values_only=True)

    explained = {(line[0], line[1]): line for line in lines}
    for profile in TEMPLATES[key]:
        for column in profile.template:
            line = explained[profile.sheet, column.header]
            assert line[2] == ("ต้องมี" if column.is_required else "ถ้ามี")
            assert line[3] == column.explanation
            assert (line[4] or "") == ", ".join(column.allowed)
    assert find_header([header, *lines]) is None


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_required_group_has_a_column_that_the_form_marks(profile: Profile) -> None:
    columns = {each.column for each in profile.template}

    assert all(any(name in columns for name in group) for group in profile.required)


def test_values_that_can_be_counted_are_offered() -> None:
    sheet = open_template("assistance")["ข้อมูล"]
    offered = {
        str(each.sqref).split(":")[0]: each.formula1
        for each in sheet.data_validations.dataValidation
    }

    assert offered["I2"] == '"แก้ไขได้ทั้งหมด,แก้ไขได้บางส่วน,แก้ไขไม่ได้"'


def test_the_workbook_of_pppconnext_has_its_six_sheets() -> None:
    assert open_template("pppconnext").sheetnames == [
        *("ข้อมูลพื้นฐาน", "ทุนมนุษย์", "ทุนกายภาพ", "ทุนการเงิน", "ทุนธรรมชาติ", "ทุนทางสังคม"),
        GUIDE,
    ]


@pytest.mark.django_db
def test_all_are_offered_for_download(client: Client, admin: User) -> None:
    client.force_login(admin)
    page = client.get("/imports/").content.decode()

    for key in TEMPLATES:
        assert f'"/imports/templates/{key}.xlsx"' in page
        response = client.get(f"/imports/templates/{key}.xlsx")
        assert response.status_code == 200
        assert openpyxl.load_workbook(io.BytesIO(response.getvalue())).sheetnames[-1] == GUIDE


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["tpmap", "pppconnext", "assistance", "area_figures.items"])
def test_sent_empty_it_is_refused_in_words(areas: None, admin: User, key: str) -> None:
    stream = io.BytesIO()
    name = write_template(stream, key=key)
    source = TEMPLATES[key][0].source

    batch = staged(stream.getvalue(), admin, source=source, name=name)

    assert batch.state == State.FAILED
    assert "ไม่มีข้อมูล" in batch.error
