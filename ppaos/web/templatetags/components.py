"""What an {% include %} cannot do: geometry, widgets, the words of a status."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms, template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ppaos.web import pills
from ppaos.web import radar as geometry

register = template.Library()

CAPITALS = {
    "human": "มนุษย์",
    "physical": "กายภาพ",
    "financial": "การเงิน",
    "natural": "ธรรมชาติ",
    "social": "สังคม",
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of static/img/icons.svg; with `label` it speaks, without it is hidden."""
    source = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            label,
            source,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', source)


# ---- pills ------------------------------------------------------------------------
@register.simple_tag
def pill(tone: str, text: str) -> SafeString:
    """Draw a status of one of the tones late, wait, good, plain."""
    return format_html('<span class="pill {}">{}</span>', tone, text)


@register.filter
def verdict_pill(code: str) -> SafeString:
    return pill(*pills.VERDICTS[code])


@register.filter
def severity_pill(code: str) -> SafeString:
    return pill(*pills.SEVERITIES[code])


@register.filter
def stage_pill(code: str) -> SafeString:
    return pill(*pills.STAGES[code])


@register.filter
def import_pill(code: str) -> SafeString:
    return pill(*pills.IMPORT_STATES[code])


@register.filter
def referral_pill(code: str) -> SafeString:
    return pill(*pills.REFERRALS[code])


@register.filter
def level_pill(level: int | None) -> SafeString:
    """Draw a level of livelihood, 1 to 4, with its name."""
    if level is None:
        return pill("plain", "ยังไม่ประเมิน")
    return pill(f"level-{level}", f"ระดับ {level} · {pills.LEVELS[level]}")


@register.filter
def level_name(level: int) -> str:
    return pills.LEVELS[level]


@register.filter
def dimension_name(code: str) -> str:
    return pills.DIMENSIONS[code]


@register.inclusion_tag("components/dimension.html")
def dimension(code: str) -> dict[str, str]:
    """Draw a dimension: its icon and its name in its colour."""
    return {"code": code, "label": pills.DIMENSIONS[code]}


# ---- figures ----------------------------------------------------------------------
@register.inclusion_tag("components/radar.html")
def radar(
    capitals: Mapping[str, Decimal | None],
    before: Mapping[str, Decimal | None] | None = None,
) -> dict[str, Any]:
    """Draw the five capitals, each 1.00 to 4.00 or None; `before` is drawn dashed."""
    chart = geometry.build(
        names=[f"ทุน{name}" for name in CAPITALS.values()],
        values=[capitals.get(code) for code in CAPITALS],
        before=[before.get(code) for code in CAPITALS] if before else (),
    )
    spoken = " ".join(f"{corner.name} {corner.text}" for corner in chart.corners)
    return {
        "chart": chart,
        "spoken": spoken,
        "has_before": bool(before),
        "view_box": f"0 0 {geometry.WIDTH} {geometry.HEIGHT}",
        "centre_x": f"{geometry.CENTRE_X:.0f}",
        "centre_y": f"{geometry.CENTRE_Y:.0f}",
    }


class Part(NamedTuple):
    """A piece of a stacked bar; x, width and centre are percentages ready for SVG."""

    label: str
    value: int
    tone: str
    share: Decimal
    x: str
    width: str
    centre: str
    has_room: bool


def lay_out(parts: Sequence[tuple[str, int, str]]) -> list[Part]:
    """Place (label, value, tone) side by side; shares are percentages of their sum.

    Of an empty whole every share is 0.
    """
    total = sum(value for _, value, _ in parts)
    placed = []
    before = 0
    for label, value, tone in parts:
        share = Decimal(100 * value) / total if total else Decimal(0)
        x = Decimal(100 * before) / total if total else Decimal(0)
        placed.append(
            Part(
                label=label,
                value=value,
                tone=tone,
                share=share,
                x=f"{x:.2f}%",
                width=f"{share:.2f}%",
                centre=f"{x + share / 2:.2f}%",
                has_room=share >= 9,
            )
        )
        before += value
    return placed


@register.inclusion_tag("components/stacked_bar.html")
def stacked_bar(
    parts: Sequence[tuple[str, int, str]], label: str, unit: str = ""
) -> dict[str, Any]:
    """Draw (label, value, tone) as shares of one bar, with a legend that holds the numbers."""
    placed = lay_out(parts)
    spoken = " ".join(f"{part.label} {part.value:,}" for part in placed)
    return {"parts": placed, "label": label, "unit": unit, "spoken": f"{label}: {spoken}"}


@register.simple_tag
def meter(
    value: int | Decimal | float, maximum: int | Decimal | float, tone: str = "brand"
) -> SafeString:
    """Draw `value` of `maximum` as a bar. It is silent: the number must stand beside it."""
    share = min(100.0, max(0.0, 100 * float(value) / float(maximum))) if maximum else 0.0
    return format_html(
        '<svg class="meter" aria-hidden="true"><rect class="meter-track" width="100%" '
        'height="100%"/><rect class="fill-{}" width="{}%" height="100%" rx="5"/></svg>',
        tone,
        f"{share:.1f}",
    )


# ---- fields -----------------------------------------------------------------------
@register.filter
def kind(field: BoundField) -> str:
    """Say how a field is laid out: "choices", "check" or "control"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "control"


@register.filter
def control(field: BoundField) -> SafeString:
    """Draw the widget with the classes of its kind, and mark a field with errors."""
    widget = field.field.widget
    own = str(widget.attrs.get("class", ""))
    classes = [own] if own else []
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        classes.append("form-select")
    elif isinstance(widget, forms.CheckboxInput):
        classes.append("form-check-input")
    elif kind(field) == "control":
        classes.append("form-control")
    if field.errors:
        classes.append("is-invalid")
    return field.as_widget(attrs={"class": " ".join(classes)} if classes else {})


@register.filter
def sentences(field: BoundField) -> list[str]:
    """Return what is wrong with a field; an empty one is named in the words of its kind."""
    missing = "ยังไม่ได้กรอก" if kind(field) == "control" else "ยังไม่ได้เลือก"
    if isinstance(field.field.widget, forms.Select | forms.FileInput):
        missing = "ยังไม่ได้เลือก"
    return [
        missing if error.code == "required" else message
        for error in field.errors.as_data()
        for message in error.messages
    ]


@register.filter
def percent_of(done: int, total: int | None) -> int | None:
    """Return the whole percentage done, rounded down, so that 100 means finished."""
    return min(100, 100 * done // total) if total else None
