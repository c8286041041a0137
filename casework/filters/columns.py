"""Columns of the register's list: each person chooses, the sheet has the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from households.models import Household
from households.querysets import HouseholdQuerySet
from households.templatetags.households import address, code, list_names
from households.workflow import Stage
from ppaos.lib.buddhist_era import format_date
from ppaos.web.pills import LEVELS
from slf.instrument import Group
from slf.models import LivelihoodProfile


@dataclass(frozen=True, slots=True)
class Column:
    """One column beside the name of the head; `text` needs what `for_list` adds."""

    code: str
    label: str
    text: Callable[[Household], str]
    is_default: bool = True


def with_columns(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """Add what the columns need beyond `for_list`: the profile that holds; one query."""
    current = LivelihoodProfile.objects.current().select_related("assessment")
    return households.prefetch_related(
        Prefetch("profiles", queryset=current, to_attr="profiles_now")
    )


def _lists(household: Any) -> str:
    return list_names(household.all_listings) or "ไม่อยู่ในบัญชีใด"


def _members(household: Any) -> str:
    return f"{len(household.present_members)} คน"


def _profile(household: Any) -> LivelihoodProfile | None:
    return next(iter(household.profiles_now), None)


def _level(household: Household) -> str:
    profile = _profile(household)
    level = profile.assessment.level if profile else None
    return f"{level} {LEVELS[level]}" if level else "ยังไม่ประเมิน"


def _group(household: Household) -> str:
    profile = _profile(household)
    return Group(profile.group).label if profile else "ยังไม่จัดกลุ่ม"


def _position(household: Household) -> str:
    return "ไม่มีพิกัด" if household.lat is None else "มีพิกัด"


def _since(household: Household) -> str:
    return format_date(household.stage_date)


def _stage(household: Household) -> str:
    return Stage(household.stage).label


COLUMNS = (
    Column("address", "ที่อยู่", address),
    Column("stage", "สถานะ", _stage),
    Column("lists", "อยู่ในบัญชี", _lists),
    Column("members", "สมาชิก", _members),
    Column("code", "รหัสบ้าน", code, is_default=False),
    Column("level", "ระดับการดำรงชีพ", _level, is_default=False),
    Column("group", "กลุ่ม", _group, is_default=False),
    Column("since", "สถานะตั้งแต่", _since, is_default=False),
    Column("position", "พิกัด", _position, is_default=False),
)
DEFAULT = tuple(column.code for column in COLUMNS if column.is_default)
