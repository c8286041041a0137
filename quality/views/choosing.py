from django.http import Http404

from accounts.models import User
from areas.models import Area
from quality import permissions
from quality.rules import RULES
from quality.services import standing_rules
from quality.services.asking import PROVINCE_DIGITS, Standing


def area_or_404(code: str | None, user: User) -> list[Area]:
    """Return the area behind those above it that the person may see."""
    wanted = code or permissions.home_of(user)
    above = list(Area.objects.above([wanted]).order_by("code"))
    seen = [area for area in above if permissions.sees_area(user, area.pk)]
    if not seen or seen[-1].pk != wanted:
        raise Http404("ไม่พบพื้นที่นี้ หรืออยู่นอกพื้นที่ของท่าน")
    return seen


def rule_or_404(said: str | None, area: Area) -> Standing:
    """Return the rule as the area's province has it; the first of all if none is said."""
    code = said or next(iter(RULES))
    if code not in RULES:
        raise Http404("ไม่รู้จักกติกานี้")
    standing = {one.rule.code: one for one in standing_rules(area.pk[:PROVINCE_DIGITS])}
    return standing[code]
