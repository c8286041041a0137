"""The empty forms: a workbook for each list, with a sheet that explains every column."""

from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from imports.profiles import PROFILES
from imports.profiles.profile import Profile
from ppaos.lib.workbook import Sheet, write_workbook

GUIDE = "คำอธิบาย"
_GUIDE_HEADERS = ("แผ่นงาน", "คอลัมน์", "ต้องมี", "คำอธิบาย", "ค่าที่ใช้ได้", "ตัวอย่าง")
# Sheets of the PPPConnext workbook whose single answers are not taken in.
_ANSWERS = {"pppconnext": ("ทุนกายภาพ", "ทุนการเงิน", "ทุนธรรมชาติ", "ทุนทางสังคม")}


def _workbooks() -> dict[str, tuple[Profile, ...]]:
    """Return the shapes in each workbook; those whose sheets are joined share one."""
    found: dict[str, tuple[Profile, ...]] = {}
    for profile in PROFILES.values():
        key = profile.source if profile.joins_sheets else profile.key
        found[key] = (*found.get(key, ()), profile)
    return found


TEMPLATES: Mapping[str, tuple[Profile, ...]] = _workbooks()
"""Which sheets each workbook has, by the key of its first."""


def write_template(stream: IO[bytes], *, key: str) -> str:
    """Write the empty form of a list with its explanations; return its file name.

    There is no sample line in it that could be sent by accident: examples stand in the
    guide. Raises KeyError for a list that cannot be imported.
    """
    profiles = TEMPLATES[key]
    answers = _ANSWERS.get(key, ())
    sheets = [_form(profile) for profile in profiles]
    sheets += [Sheet(name=name, headers=["รหัสบ้าน"]) for name in answers]
    guide = Sheet(
        name=GUIDE,
        headers=_GUIDE_HEADERS,
        rows=[*_explained(profiles), *([name, *_NOT_TAKEN] for name in answers)],
    )
    write_workbook(stream, [*sheets, guide])
    return profiles[0].template_name


_NOT_TAKEN = (
    "ทุกคอลัมน์",
    "ไม่นำเข้า",
    "คำตอบรายข้อ ระบบใช้คะแนนทุนในแผ่นแรก และบอกชื่อแผ่นนี้ไว้ว่าไม่ได้อ่าน",
    "",
    "",
)


def _form(profile: Profile) -> Sheet:
    return Sheet(
        name=profile.sheet,
        headers=[column.header for column in profile.template],
        required=frozenset(column.header for column in profile.template if column.is_required),
        choices={column.header: column.allowed for column in profile.template if column.allowed},
    )


def _explained(profiles: Sequence[Profile]) -> Iterator[list[str]]:
    for profile in profiles:
        for column in profile.template:
            yield [
                profile.sheet,
                column.header,
                "ต้องมี" if column.is_required else "ถ้ามี",
                column.explanation,
                ", ".join(column.allowed),
                column.example,
            ]
