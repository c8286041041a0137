"""Figures of areas: a list of a level takes the place of the one before it."""

from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from areas.models import AreaFigure
from imports.workflow import State
from tests.factories import make_user
from tests.imports.batches import state_of_register, undo
from tests.imports.units import applied_list, forecast, lines_of, staged_list, written

pytestmark = pytest.mark.django_db


def missed(district: str, bmn: str, total: str, tambon: str = "") -> dict[str, Any]:
    return {
        "อำเภอ": district,
        "ตำบล": tambon,
        "ผู้ตกเกณฑ์ จปฐ.+ไม่มีบัตร": bmn,
        "กลุ่มเปราะบาง+ไม่มีบัตร": "",
        "ทั้ง 3 กลุ่ม+ไม่มีบัตร": "0",
        "รวมทั้ง 3 กลุ่ม": total,
    }


TWO = [missed("เฉลิมพระเกียรติ", "120", "177"), missed("เมืองนครราชสีมา", "40", "41")]


def current() -> dict[tuple[str, str], int]:
    figures = AreaFigure.objects.current().under(["30"])
    return {(figure.area_id, figure.measure): figure.value for figure in figures}


def test_each_number_is_a_figure_of_its_area(admin: User) -> None:
    batch = applied_list(TWO, admin, source="missed")

    assert current() == {
        ("3032", "missed_bmn_no_card"): 120,
        ("3032", "missed_all_no_card"): 0,
        ("3032", "missed_total"): 177,
        ("3001", "missed_bmn_no_card"): 40,
        ("3001", "missed_all_no_card"): 0,
        ("3001", "missed_total"): 41,
    }
    figure = AreaFigure.objects.get(area="3032", measure="missed_total")
    assert (figure.source, figure.year_be) == ("missed", 2567)
    assert [action for _, action, _ in lines_of(batch)] == ["new", "new"]
    assert (written(batch).figures, written(batch).households) == (6, 0)
    assert (batch.effect["households"], batch.effect["members_created"]) == (0, 0)
    assert batch.effect["lines_new"] == 2


def test_the_same_figures_in_another_order_change_nothing(admin: User) -> None:
    applied_list(TWO, admin, source="missed")
    again = applied_list(TWO[::-1], admin, source="missed")

    assert [action for _, action, _ in lines_of(again)] == ["unchanged", "unchanged"]
    assert (again.changes.count(), again.added.count()) == (0, 0)


def test_a_newer_list_takes_the_place_and_taking_it_back_restores_the_old_one(admin: User) -> None:
    applied_list(TWO, admin, source="missed")
    before, state = current(), state_of_register()
    lines = [missed("เฉลิมพระเกียรติ", "100", "177")]
    batch = staged_list(lines, admin, source="missed")
    promised = forecast(batch)
    batch = applied_list([*lines, {}], admin, source="missed")

    assert forecast(batch)["lines_changed"] == promised["lines_changed"] == 1
    assert current() == {
        ("3032", "missed_bmn_no_card"): 100,
        ("3032", "missed_all_no_card"): 0,
        ("3032", "missed_total"): 177,
    }
    assert AreaFigure.objects.filter(area="3001", is_current=False).count() == 3

    undo(batch, admin)

    assert current() == before
    assert state_of_register() == state


def test_a_list_of_one_level_leaves_the_other_level_alone(admin: User) -> None:
    applied_list(TWO, admin, source="missed")
    lines = [missed("เฉลิมพระเกียรติ", "7", "8", "ช้างทอง")]
    applied_list(lines, admin, source="missed")

    assert current()["303201", "missed_total"] == 8
    assert current()["3001", "missed_total"] == 41


def test_an_area_whose_line_is_refused_is_not_left_out(admin: User) -> None:
    applied_list(TWO, admin, source="missed")
    lines = [TWO[0], missed("เมืองนครราชสีมา", "สี่สิบ", "41")]
    batch = applied_list(lines, admin, source="missed")

    assert batch.rejected == 1
    assert current()["3001", "missed_bmn_no_card"] == 40


def test_two_numbers_of_one_area_are_held(admin: User) -> None:
    lines = [TWO[0], missed("เฉลิมพระเกียรติ", "121", "177")]
    batch = staged_list(lines, admin, source="missed")

    assert [verdict for verdict, _, _ in lines_of(batch)] == ["accepted", "held"]


def test_a_long_list_names_the_item_in_each_line_and_the_year_too(admin: User) -> None:
    def item(year: str, name: str, value: str) -> dict[str, Any]:
        return {
            "ปี": year,
            "จังหวัด": "นครราชสีมา",
            "อำเภอ": "เฉลิมพระเกียรติ",
            "รายการ": name,
            "จำนวน": value,
            "หน่วย": "ครัวเรือน",
        }

    lines = [item("2566", "ยากจน", "80"), item("2567", "ยากจน", "88"), item("2567", "อื่น", "5")]
    applied_list(lines, admin, source="area_figures")

    figures = AreaFigure.objects.order_by("year_be", "measure")
    found = [(f.year_be, f.measure, f.value, f.unit) for f in figures]
    assert found == [
        (2566, "ยากจน", 80, "ครัวเรือน"),
        (2567, "ยากจน", 88, "ครัวเรือน"),
        (2567, "อื่น", 5, "ครัวเรือน"),
    ]


def test_figures_of_an_area_outside_the_scope_are_refused() -> None:
    user = make_user(Role.IMPORT_ADMIN, "3032")
    batch = staged_list(TWO, user, source="missed")

    assert [verdict for verdict, _, _ in lines_of(batch)] == ["accepted", "rejected"]


def test_taking_back_leaves_no_figure(admin: User) -> None:
    before = state_of_register()
    batch = undo(applied_list(TWO, admin, source="missed"), admin)

    assert batch.state == State.UNDONE
    assert state_of_register() == before
    assert not batch.rows.filter(is_applied=True).exists()


def test_figures_that_a_later_list_changed_stay_at_an_undo_of_the_first(admin: User) -> None:
    first = applied_list(TWO, admin, source="missed")
    applied_list([TWO[0], missed("เมืองนครราชสีมา", "44", "41")], admin, source="missed")

    undo(first, admin)

    assert current() == {("3001", "missed_bmn_no_card"): 44}
