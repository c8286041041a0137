import pytest
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts.models import User

PERSON = User(username="somjai30", name="สมใจ ทดสอบ")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("สั้นไป", "รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย 12 ตัวอักษร"),
        ("91736450281734", "รหัสผ่านเป็นตัวเลขล้วน เพิ่มตัวอักษรด้วย"),
        ("1qaz2wsx3edc", "รหัสผ่านนี้มีคนใช้กันมาก จึงเดาได้ง่าย เลือกถ้อยคำอื่น"),
        ("somjai30-abc", "รหัสผ่านคล้ายชื่อหรือข้อมูลของท่านเกินไป เลือกถ้อยคำที่ผู้อื่นเดาไม่ได้"),
    ],
)
def test_a_weak_password_is_refused_in_thai(password: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, PERSON)

    assert reason in refused.value.messages


def test_a_phrase_is_accepted() -> None:
    validate_password("ข้าวเหนียวมะม่วงหน้าร้อน", PERSON)


def test_the_rules_are_explained_without_english() -> None:
    texts = "".join(password_validators_help_texts())

    assert texts
    assert not any("a" <= letter <= "z" for letter in texts)
