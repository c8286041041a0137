"""Numbers and dates as they are written in Thailand."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime

from ppaos.lib import citizen_id
from ppaos.lib.buddhist_era import format_date, to_be_year

register = template.Library()

NOTHING = "–"

Moment = date | datetime | None
Number = int | float | Decimal | None


@register.filter
def thai_date(value: Moment, style: str = "short") -> str:
    """Write a day as 20 พ.ย. 2569, or with "long" as 20 พฤศจิกายน 2569; a dash for None."""
    if value is None or value == "":
        return NOTHING
    return format_date(_local_day(value), style="long" if style == "long" else "short")


@register.filter
def thai_datetime(value: datetime | None) -> str:
    """Write a moment in Thai time, as 20 พ.ย. 2569 14:05 น.; a dash for None."""
    if value is None or value == "":
        return NOTHING
    local = localtime(value) if is_aware(value) else value
    return f"{format_date(local.date(), style='short')} {local:%H:%M} น."


@register.filter
def thai_time(value: datetime | None) -> str:
    """Write the time of day in Thai time, as 14:05 น."""
    if value is None or value == "":
        return NOTHING
    local = localtime(value) if is_aware(value) else value
    return f"{local:%H:%M} น."


@register.filter
def be_year(value: int | date | None) -> str:
    """Write a year of either era, or a date's year, in the Buddhist era: 2569."""
    if value is None or value == "":
        return NOTHING
    return str(to_be_year(value if isinstance(value, int) else _local_day(value).year))


@register.filter
def thousands(value: Number, places: int = 0) -> str:
    """Write 73402 as 73,402, with `places` decimals; a dash for None, never a 0."""
    if value is None or value == "":
        return NOTHING
    return _minus(f"{_rounded(value, places):,}")


@register.filter
def percent(value: Number, places: int = 1) -> str:
    """Write a number from 0 to 100 as 61.4%; a dash for None."""
    if value is None or value == "":
        return NOTHING
    return _minus(f"{_rounded(value, places):,}%")


@register.filter
def baht(value: Number) -> str:
    """Write an amount as 24,000 บาท, with satang only if there are any."""
    if value is None or value == "":
        return "ไม่ทราบ"
    amount = _rounded(value, 2)
    whole = amount == amount.to_integral_value()
    return _minus(f"{_rounded(value, 0):,} บาท" if whole else f"{amount:,} บาท")


@register.filter
def score(value: Decimal | float | None) -> str:
    """Write a score of a capital, as 2.61; the words "ไม่มีข้อมูล" for None."""
    if value is None or value == "":
        return "ไม่มีข้อมูล"
    return str(_rounded(value, 2))


@register.filter
def change(value: Number, places: int = 2) -> str:
    """Write a difference with its sign, as +0.12 or −0.03; a dash for None."""
    if value is None or value == "":
        return NOTHING
    amount = _rounded(value, places)
    return _minus(f"{amount:+,}") if amount else f"{abs(amount):,}"


@register.filter
def kept_words(text: str) -> SafeString:
    """Write a name so that lines break between its words; only a too long word breaks inside."""
    return format_html_join(" ", '<span class="keep">{}</span>', ((word,) for word in text.split()))


@register.filter
def masked_id(value: str | None) -> str:
    """Write a citizen ID with its middle hidden, as 1-xxxx-xxxxx-23-4."""
    return citizen_id.mask(value) if value else "ไม่มีเลขประจำตัว"


def _local_day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return (localtime(value) if is_aware(value) else value).date()
    return value


def _rounded(value: int | float | Decimal, places: int) -> Decimal:
    """Round half up, as people do by hand."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
