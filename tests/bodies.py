"""What a program sends, where an empty body would be refused before rights are looked at."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ppaos.orm import uuid7
from tests.factories import SUBDISTRICT


def a_reason() -> dict[str, Any]:
    return {"reason": "ทดสอบ"}


def an_assignment() -> dict[str, Any]:
    return {"surveyor": str(uuid7()), "due_on": "2999-12-31", "villages": [f"{SUBDISTRICT}01"]}


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


def an_upload() -> dict[str, Any]:
    file = SimpleUploadedFile("list.csv", "ลำดับ,ชื่อ".encode(), content_type="text/csv")
    return {"file": file, "source": "tpmap", "year_be": "2566"}


def some_corrections() -> dict[str, Any]:
    file = SimpleUploadedFile("mended.csv", "แถวที่,ชื่อ\n2,ก".encode(), content_type="text/csv")
    return {"file": file}


def a_mapping() -> dict[str, Any]:
    return {"columns": {"first_name": "ชื่อ"}}


def some_areas() -> dict[str, Any]:
    return {"codes": [SUBDISTRICT]}


def a_plan() -> dict[str, Any]:
    return {
        "number": 0,
        "way_out": "เลี้ยงไก่ไข่",
        "support": "household",
        "ways": ["inputs"],
        "step": "1",
        "agreed_on": "2026-11-01",
    }


def a_decision() -> dict[str, Any]:
    return {"decision": "reject"}


def a_new_referral() -> dict[str, Any]:
    """Of a problem that nobody has, so that a right to draft is all that is asked."""
    unknown = "0190b5d6-0000-7000-8000-000000000000"
    return {"household": unknown, "problem": unknown}


def an_acceptance() -> dict[str, Any]:
    return {"expected_date": "2999-12-31"}


def a_note() -> dict[str, Any]:
    return {"note": "นัดช่างแล้ว"}


def a_report_of_help() -> dict[str, Any]:
    given = {"kind": "money", "amount_thb": "1500.00", "help_date": "2026-11-20"}
    return given | {"result": "solved"}


def a_check() -> dict[str, Any]:
    return {"problem_remains": False, "checked_on": "2026-11-20"}


def a_closing() -> dict[str, Any]:
    return {"reason": "declined"}
