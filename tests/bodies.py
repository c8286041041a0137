"""What a program sends, where an empty body would be refused before rights are looked at."""

from typing import Any

from tests.factories import SUBDISTRICT


def a_reason() -> dict[str, Any]:
    return {"reason": "ทดสอบ"}


def a_search() -> dict[str, Any]:
    return {"name": "สมมติ"}


def a_new_household() -> dict[str, Any]:
    return {
        "house_code": None,
        "house_no": "99/9",
        "moo": 1,
        "subdistrict_code": SUBDISTRICT,
        "consent": "given",
        "reason": "พบในพื้นที่",
        "members": [
            {
                "citizen_id": None,
                "no_id_reason": "ไม่มีบัตร",
                "title": "นาง",
                "first_name": "สมมติ",
                "last_name": "ทดสอบใหม่",
                "birth_date": None,
                "sex": "female",
                "is_head": True,
            }
        ],
    }
