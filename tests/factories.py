"""Rows for tests, made by plain functions. All people are invented."""

import itertools
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import Agency, Scope, User
from accounts.roles import Role
from areas.models import Area, Level
from households.models import Household, Member
from households.services import identity_columns
from ppaos.lib import citizen_id

PASSWORD = "ruam-phalang-kae-chon"
FAR_AHEAD = date(2999, 12, 31)
"""The last day of every scope made here, so that no test depends on today's date."""

PROVINCE = "30"
OTHER_PROVINCE = "31"
DISTRICT = "3032"
OTHER_DISTRICT = "3001"
SUBDISTRICT = "303201"
NEXT_SUBDISTRICT = "303202"
VILLAGE = "30320101"

# (code, name, English name). Levels follow from the length of the code.
AREAS = (
    ("30", "นครราชสีมา", "Nakhon Ratchasima"),
    ("31", "บุรีรัมย์", "Buri Ram"),
    ("3032", "เฉลิมพระเกียรติ", "Chaloem Phra Kiat"),
    ("3001", "เมืองนครราชสีมา", "Mueang Nakhon Ratchasima"),
    ("3101", "เมืองบุรีรัมย์", "Mueang Buri Ram"),
    ("303201", "ช้างทอง", "Chang Thong"),
    ("303202", "ท่าช้าง", "Tha Chang"),
    ("303203", "พระพุทธ", "Phra Phut"),
    ("303204", "หนองงูเหลือม", "Nong Ngu Lueam"),
    ("303205", "หนองยาง", "Nong Yang"),
    ("300101", "ในเมือง", "Nai Mueang"),
    ("310101", "ในเมือง", "Nai Mueang"),
    ("30320101", "ทดสอบหนึ่ง", ""),
    ("30320102", "ทดสอบสอง", ""),
    ("30320201", "ทดสอบสาม", ""),
    ("30320202", "ทดสอบสี่", ""),
    ("30320301", "ทดสอบห้า", ""),
    ("30320401", "ทดสอบหก", ""),
    ("30320501", "ทดสอบเจ็ด", ""),
    ("30010101", "ทดสอบแปด", ""),
    ("31010101", "ทดสอบเก้า", ""),
)
_LEVELS = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUBDISTRICT, 8: Level.VILLAGE}

_numbers = itertools.count(1)


@cache
def _password_hash() -> str:
    # Argon2 is slow on purpose; once per run is enough.
    return make_password(PASSWORD)


def make_area_tree() -> None:
    """Add provinces 30 and 31 with districts 3032, 3001 and 3101; safe to repeat."""
    Area.objects.bulk_create(
        [
            Area(
                code=code,
                level=_LEVELS[len(code)],
                parent_id=code[:-2] or None,
                name=name,
                name_en=name_en,
            )
            for code, name, name_en in AREAS
        ],
        ignore_conflicts=True,
    )


def make_agency(**overrides: Any) -> Agency:
    make_area_tree()
    number = next(_numbers)
    fields: dict[str, Any] = {
        "code": f"agency-{number}",
        "name": f"หน่วยงานทดสอบ {number}",
        "short_name": f"นท. {number}",
        "area_id": PROVINCE,
    }
    return Agency.objects.create(**(fields | overrides))


def make_scope(user: User, role: Role, area: str, agency: Agency | None = None) -> Scope:
    make_area_tree()
    if role is Role.AGENCY_OFFICER and agency is None:
        agency = make_agency()
    if role is Role.SYSTEM_ADMIN:
        User.objects.filter(pk=user.pk).update(is_staff=True)
        user.is_staff = True
    return Scope.objects.create(
        user=user, role=role, area_id=area, agency=agency, valid_until=FAR_AHEAD
    )


def make_user(
    role: Role | None = None,
    area: str = PROVINCE,
    agency: Agency | None = None,
    **overrides: Any,
) -> User:
    """Make a person whose password is PASSWORD; without a role, one who may nothing."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "username": f"user{number}",
        "name": f"ผู้ใช้ทดสอบ {number}",
        "password": _password_hash(),
    }
    user = User.objects.create(**(fields | overrides))
    if role is not None:
        make_scope(user, role, area, agency)
    return user


def make_household(**overrides: Any) -> Household:
    """Make a listed household of VILLAGE, without members."""
    make_area_tree()
    number = next(_numbers)
    fields: dict[str, Any] = {
        "house_code": f"30329{number:06d}",
        "house_no": str(number),
        "area_id": VILLAGE,
        "stage_date": date(2026, 11, 1),
    }
    return Household.objects.create(**(fields | overrides))


def make_member(household: Household | None = None, **overrides: Any) -> Member:
    """Make a member with a generated citizen ID, sealed and indexed; `citizen_id=None` for none."""
    number = next(_numbers)
    household = household or make_household()
    fields: dict[str, Any] = {
        "seq": household.members.count() + 1,
        "citizen_id": citizen_id.generate(number),
        "title": "นาย",
        "first_name": "สมมติ",
        "last_name": f"ทดสอบ{number}",
        "birth_date": date(1970, 1, 1),
        "sex": "male",
    } | overrides
    derived = identity_columns(
        first_name=fields["first_name"],
        last_name=fields["last_name"],
        citizen_id=fields["citizen_id"],
        area_code=household.area_id,
    )
    return Member.objects.create(household=household, **(asdict(derived) | fields))
