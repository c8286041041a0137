"""The colours of tokens.css against WCAG 2.2 AA."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
TOKENS = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", CSS))


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1. Source: WCAG 2.2, definition of relative luminance."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


TEXT = [
    ("ink", "paper"), ("ink", "ground"), ("ink-soft", "paper"), ("ink-soft", "ground"),
    ("ink-soft", "shade"), ("brand", "paper"), ("brand", "ground"), ("brand", "brand-soft"),
    ("paper", "brand"), ("paper", "brand-strong"), ("paper", "brand-deep"), ("gold", "brand-deep"),
    ("alert", "paper"), ("alert", "alert-soft"), ("paper", "alert"), ("wait", "paper"),
    ("wait", "wait-soft"), ("good", "paper"), ("good", "good-soft"),
    ("d-health", "paper"), ("d-living", "paper"), ("d-education", "paper"),
    ("d-income", "paper"), ("d-accessibility", "paper"),
    ("paper", "level-1"), ("paper", "level-2"), ("paper", "level-3"), ("paper", "level-4"),
]  # fmt: skip


def test_the_measure_is_right_at_its_ends() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "ground"])
def test_the_border_of_a_control_can_be_seen(ground: str) -> None:
    assert contrast(TOKENS["line-control"], TOKENS[ground]) >= 3
