import pytest

from ppaos.lib.workbook import inert


@pytest.mark.parametrize(
    "text", [" =1", "\u200b=1", "\ufeff@a", "\u00a0+1", "＝1", "－1", "|a", "%0A"]
)
def test_a_formula_in_disguise_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-", " 25/2", "100%", "ก=ข", ""])
def test_other_text_goes_out_as_it_is(text: str) -> None:
    assert inert(text) == text
