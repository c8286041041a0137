from decimal import Decimal
from math import hypot

import pytest

from ppaos.web import radar

NAMES = ["มนุษย์", "กายภาพ", "การเงิน", "ธรรมชาติ", "สังคม"]
VALUES = [Decimal(text) for text in ("2.61", "2.83", "1.60", "2.20", "2.60")]


def places(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def test_the_first_axis_points_up_and_the_second_to_the_right() -> None:
    assert radar.point(0, 4) == pytest.approx((radar.CENTRE_X, radar.CENTRE_Y - radar.RADIUS))

    x, y = radar.point(1, 4)
    assert x > radar.CENTRE_X
    assert y < radar.CENTRE_Y


def test_a_value_lies_on_its_axis_in_proportion_to_four() -> None:
    chart = radar.build(names=NAMES, values=VALUES)

    for (x, y), value in zip(places(chart.area), VALUES, strict=True):
        distance = hypot(x - radar.CENTRE_X, y - radar.CENTRE_Y)
        assert distance == pytest.approx(radar.RADIUS * float(value) / 4, abs=0.1)


def test_the_outer_ring_is_four_and_the_rings_are_evenly_spaced() -> None:
    chart = radar.build(names=NAMES, values=VALUES)

    tops = [radar.CENTRE_Y - places(ring)[0][1] for ring in chart.rings]
    assert tops == pytest.approx([radar.RADIUS * ring / 4 for ring in (1, 2, 3, 4)], abs=0.1)


def test_the_weakest_capital_is_marked() -> None:
    chart = radar.build(names=NAMES, values=VALUES)

    assert [corner.name for corner in chart.corners if corner.weakest] == ["การเงิน"]


def test_two_equally_weak_capitals_are_not_set_apart() -> None:
    values = [*VALUES[:3], Decimal("1.60"), VALUES[4]]

    chart = radar.build(names=NAMES, values=values)

    assert not any(corner.weakest for corner in chart.corners)


def test_an_unknown_value_leaves_no_area_and_says_so() -> None:
    chart = radar.build(names=NAMES, values=[None, *VALUES[1:]])

    assert chart.area == ""
    assert chart.corners[0].text == "ไม่มีข้อมูล"
    assert not any(corner.weakest for corner in chart.corners)


def test_an_earlier_assessment_is_drawn_on_the_same_axes() -> None:
    chart = radar.build(names=NAMES, values=VALUES, before=[Decimal(4)] * 5)

    assert chart.before == chart.rings[-1]


@pytest.mark.parametrize("value", ["-0.01", "4.01"])
def test_a_value_outside_the_axis_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="outside the axis"):
        radar.build(names=NAMES, values=[Decimal(value), *VALUES[1:]])


def test_a_chart_of_four_values_is_refused() -> None:
    with pytest.raises(ValueError, match="five axes"):
        radar.build(names=NAMES, values=VALUES[:4])


def test_every_label_stays_inside_the_chart() -> None:
    chart = radar.build(names=NAMES, values=VALUES)

    for corner in chart.corners:
        assert 40 <= float(corner.label_x) <= radar.WIDTH - 40
        assert float(corner.label_y) >= 12
        assert float(corner.value_y) <= radar.HEIGHT
