"""Every bad file of the table: refused with its code and a cure, or taken in as it should be."""

import re
from pathlib import Path

import pytest

from imports import reading
from imports.reading import Limits, UnableToRead
from tests.imports.fixtures import FIXTURES
from tests.imports.fixtures.kinds import File

FILES = [fixture for fixture in FIXTURES if isinstance(fixture, File)]
REFUSED = [fixture for fixture in FILES if fixture.refusal]
TAKEN = [fixture for fixture in FILES if not fixture.refusal]
# What every refusal tells the user to do, in one of these words.
_CURES = re.compile("บันทึก|แบ่ง|ส่ง|ขอ|เอารหัส|แตกไฟล์|ลบ|แก้|ตรวจ|คัดลอก|ยกเลิก|ส่งออก|ลอง|ใช้ไฟล์|ตัด")


def take_in(path: Path) -> None:
    reading.inspect(path)
    for _ in reading.read(path):
        pass


@pytest.mark.parametrize("fixture", REFUSED, ids=[fixture.id for fixture in REFUSED])
def test_a_bad_file_is_refused_with_its_code_and_a_cure(fixture: File, tmp_path: Path) -> None:
    path = fixture.make(tmp_path)

    with pytest.raises(UnableToRead) as refusal:
        take_in(path)

    assert refusal.value.code == fixture.refusal
    assert _CURES.search(str(refusal.value)), str(refusal.value)


@pytest.mark.parametrize("fixture", TAKEN, ids=[fixture.id for fixture in TAKEN])
def test_an_odd_file_is_taken_in_whole(fixture: File, tmp_path: Path) -> None:
    assert fixture.answer is not None

    assert fixture.answer(fixture.make(tmp_path)) == fixture.expected


def test_the_limits_are_those_that_the_users_are_told() -> None:
    limits = Limits()

    assert (limits.lines, limits.columns, limits.ratio) == (1_048_576, 200, 100)
    assert limits.file_bytes == 400 * 1024 * 1024
