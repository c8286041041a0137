from decimal import Decimal
from enum import StrEnum

import pytest
from django import forms

from households.workflow import Stage
from imports import workflow as imports_workflow
from ppaos.lib.labelled import LabelledEnum
from ppaos.web import pills
from ppaos.web.templatetags import components
from problems.rules.dimensions import Dimension
from slf.instrument.parts import Capital
from slf.instrument.rules import LEVEL_BANDS_V1


class NameForm(forms.Form):
    name = forms.CharField(label="ชื่อ", max_length=3)
    kind = forms.ChoiceField(choices=[("a", "ก")], widget=forms.RadioSelect)
    source = forms.ChoiceField(choices=[("", "เลือก"), ("a", "ก")])
    agreed = forms.BooleanField(required=False)


def words(table: dict[str, pills.Pill]) -> dict[str, str]:
    return {code: pill.text for code, pill in table.items()}


def labels(enum: type[LabelledEnum]) -> dict[str, str]:
    return dict(enum.choices())


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (pills.STAGES, Stage),
        (pills.VERDICTS, imports_workflow.Verdict),
        (pills.SEVERITIES, imports_workflow.Severity),
        (pills.IMPORT_STATES, imports_workflow.State),
    ],
)
def test_a_status_has_the_same_word_on_its_pill_as_in_its_workflow(
    table: dict[str, pills.Pill], enum: type[LabelledEnum]
) -> None:
    assert words(table) == labels(enum)


def test_capitals_and_dimensions_are_those_of_the_rules_in_their_order() -> None:
    assert [f"ทุน{name}" for name in components.CAPITALS.values()] == [c.label for c in Capital]
    assert list(components.CAPITALS) == list(Capital)
    assert list(pills.DIMENSIONS) == list(Dimension)


def test_a_level_has_the_name_of_its_band() -> None:
    assert {band.level: band.name for band in LEVEL_BANDS_V1} == pills.LEVELS


def test_a_status_without_a_word_does_not_reach_a_page() -> None:
    with pytest.raises(KeyError):
        components.stage_pill("lost")


def test_the_text_of_a_pill_is_escaped() -> None:
    assert components.pill("late", "<b>") == '<span class="pill late">&lt;b&gt;</span>'


def test_a_level_is_said_in_words_and_no_level_is_no_colour() -> None:
    assert "ระดับ 2 · อยู่ยาก" in components.level_pill(2)
    assert components.level_pill(None) == '<span class="pill plain">ยังไม่ประเมิน</span>'


def test_a_silent_symbol_is_hidden_and_a_speaking_one_has_a_name() -> None:
    assert 'aria-hidden="true"' in components.icon("check")
    assert 'aria-label="ปิด"' in components.icon("close", "ปิด")


def test_shares_of_a_bar_fill_it_from_left_to_right() -> None:
    parts = components.lay_out([("ก", 1, "good"), ("ข", 3, "late")])

    assert [(part.x, part.width) for part in parts] == [("0.00%", "25.00%"), ("25.00%", "75.00%")]
    assert [part.centre for part in parts] == ["12.50%", "62.50%"]
    assert parts[0].share == Decimal(25)


def test_a_sliver_of_a_bar_carries_no_text() -> None:
    parts = components.lay_out([("ก", 5, "good"), ("ข", 95, "late")])

    assert [part.has_room for part in parts] == [False, True]


def test_a_bar_of_nothing_is_empty() -> None:
    assert [part.width for part in components.lay_out([("ก", 0, "good")])] == ["0.00%"]


@pytest.mark.parametrize(
    ("value", "maximum", "width"),
    [(45, 90, "50.0%"), (120, 90, "100.0%"), (-1, 90, "0.0%"), (3, 0, "0.0%")],
)
def test_a_meter_stays_within_its_track(value: int, maximum: int, width: str) -> None:
    assert f'class="fill-brand" width="{width}"' in components.meter(value, maximum)


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [(0, 3, 0), (1, 3, 33), (2999, 3000, 99), (3, 3, 100), (5, 3, 100)],
)
def test_a_hundred_percent_means_finished(done: int, total: int, percent: int) -> None:
    assert components.percent_of(done, total) == percent


def test_progress_of_unknown_length_has_no_percentage() -> None:
    assert components.percent_of(7, None) is None


def test_each_widget_gets_the_class_of_its_kind() -> None:
    form = NameForm()

    assert 'class="form-control"' in components.control(form["name"])
    assert 'class="form-select"' in components.control(form["source"])
    assert 'class="form-check-input"' in components.control(form["agreed"])
    assert "class=" not in components.control(form["kind"])
    assert [components.kind(field) for field in form] == ["control", "choices", "control", "check"]


def test_a_field_with_an_error_is_marked_and_says_what_to_do() -> None:
    form = NameForm({"name": "", "source": ""})

    assert "is-invalid" in components.control(form["name"])
    assert components.sentences(form["name"]) == ["ยังไม่ได้กรอก"]
    assert components.sentences(form["source"]) == ["ยังไม่ได้เลือก"]
    assert components.sentences(form["kind"]) == ["ยังไม่ได้เลือก"]


def test_another_error_keeps_its_own_words() -> None:
    form = NameForm({"name": "ยาวเกิน"})

    assert components.sentences(form["name"]) == [str(form.errors["name"][0])]
    assert "3" in components.sentences(form["name"])[0]


def test_every_tone_has_its_colour() -> None:
    assert issubclass(pills.Tone, StrEnum)
    for table in (pills.VERDICTS, pills.SEVERITIES, pills.STAGES, pills.IMPORT_STATES):
        assert {pill.tone for pill in table.values()} <= set(pills.Tone)
