"""Columns of the register's list: each person chooses, the sheet has the same."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from casework.filters.lines import Line
from households.templatetags.households import address, code, locality, street
from households.workflow import Stage
from ppaos.lib.buddhist_era import format_date
from ppaos.web.pills import LEVELS
from ppaos.web.templatetags.components import stage_pill
from slf.instrument import Group


@dataclass(frozen=True, slots=True)
class Column:
    """One column beside the name of the head: `text` for a sheet, `draw` where a page has more."""

    code: str
    label: str
    text: Callable[[Line], str]
    draw: Callable[[Line], SafeString] | None = None
    is_default: bool = True
    is_number: bool = False
    is_of_profile: bool = False

    def cell(self, line: Line) -> SafeString:
        if self.draw:
            return format_html("<td>{}</td>", self.draw(line))
        if self.is_number:
            return format_html('<td class="n">{}</td>', self.text(line))
        return format_html('<td data-label="{}">{}</td>', self.label, self.text(line))


def _address(line: Line) -> str:
    return address(line.household)


def _drawn_address(line: Line) -> SafeString:
    home = line.household
    return format_html('{} <span class="soft locality">{}</span>', street(home), locality(home))


def _lists(line: Line) -> str:
    return line.lists or "ไม่อยู่ในบัญชีใด"


def _members(line: Line) -> str:
    return f"{line.people} คน"


def _level(line: Line) -> str:
    return f"{line.level} {LEVELS[line.level]}" if line.level else "ยังไม่ประเมิน"


def _group(line: Line) -> str:
    return Group(line.group).label if line.group else "ยังไม่จัดกลุ่ม"


def _position(line: Line) -> str:
    return "ไม่มีพิกัด" if line.household.lat is None else "มีพิกัด"


def _since(line: Line) -> str:
    return format_date(line.household.stage_date)


def _stage(line: Line) -> str:
    return Stage(line.household.stage).label


def _drawn_stage(line: Line) -> SafeString:
    return stage_pill(line.household.stage)


def _code(line: Line) -> str:
    return code(line.household)


COLUMNS = (
    Column("address", "ที่อยู่", _address, _drawn_address),
    Column("stage", "สถานะ", _stage, _drawn_stage),
    Column("lists", "อยู่ในบัญชี", _lists),
    Column("members", "สมาชิก", _members, is_number=True),
    Column("code", "รหัสบ้าน", _code, is_default=False),
    Column("level", "ระดับการดำรงชีพ", _level, is_default=False, is_of_profile=True),
    Column("group", "กลุ่ม", _group, is_default=False, is_of_profile=True),
    Column("since", "สถานะตั้งแต่", _since, is_default=False),
    Column("position", "พิกัด", _position, is_default=False),
)
DEFAULT = tuple(column.code for column in COLUMNS if column.is_default)
