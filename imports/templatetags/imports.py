"""Values of a line in words."""

from datetime import date

from django import template

from imports.models import ImportBatch
from imports.services.masking import masked
from imports.workflow import line_of, part_number_of
from ppaos.lib.buddhist_era import OFFSET, format_date

register = template.Library()


@register.filter
def birth_in_words(value: object) -> str:
    """Write `YYYY-MM-DD` or `YYYY` of the common era as people say it."""
    text = str(value or "")
    if len(text) == 4 and text.isdigit():
        return f"พ.ศ. {int(text) + OFFSET}"
    try:
        return format_date(date.fromisoformat(text))
    except ValueError:
        return text or "ไม่ทราบ"


@register.filter
def masked_text(value: object) -> str:
    """Hide the middle of whatever could be a citizen ID."""
    return masked(str(value or ""))


@register.filter
def line_number(row: int) -> str:
    """Write the line as the spreadsheet shows it."""
    return f"{line_of(row):,}"


@register.filter
def sheet_of(row: int, batch: ImportBatch) -> str:
    """Name the sheet in which a line stands."""
    return str(batch.layout["parts"][part_number_of(row)]["sheet"] or "")
