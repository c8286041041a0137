"""The standing people and places, as fixtures (imported by conftest.py).

All of province 30 unless said otherwise. Their password is `factories.PASSWORD`.
"""

import pytest

from accounts.models import Agency, User
from accounts.roles import Role
from tests.factories import (
    DISTRICT,
    NEXT_SUBDISTRICT,
    OTHER_PROVINCE,
    PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_area_tree,
    make_scope,
    make_user,
)


@pytest.fixture
def areas(db: None) -> None:
    """Provinces 30 and 31, districts 3032 and 3001, five subdistricts with villages."""
    make_area_tree()


@pytest.fixture
def agency(areas: None) -> Agency:
    return make_agency(code="psd-30", name="สำนักงานทดสอบ", short_name="สนง. ทดสอบ")


@pytest.fixture
def officer(areas: None) -> User:
    """May do everything with households of the district."""
    return make_user(Role.DISTRICT_OFFICER, DISTRICT, username="officer", name="ออฟฟิศ ทดสอบ")


@pytest.fixture
def reader(areas: None) -> User:
    """Is in the area, and may read aggregates only."""
    return make_user(Role.ANALYST, DISTRICT, username="reader", name="อ่าน ทดสอบ")


@pytest.fixture
def agency_officer(agency: Agency) -> User:
    return make_user(
        Role.AGENCY_OFFICER, PROVINCE, agency, username="agency-officer", name="รับเรื่อง ทดสอบ"
    )


@pytest.fixture
def outsider(areas: None) -> User:
    """Holds the widest case-work role, in another province."""
    return make_user(Role.PROVINCE_OFFICER, OTHER_PROVINCE, username="outsider", name="ต่างถิ่น ทดสอบ")


@pytest.fixture
def stranger(db: None) -> User:
    """Has an account and no scope at all."""
    return make_user(username="stranger", name="ไร้สิทธิ ทดสอบ")


@pytest.fixture
def surveyor(areas: None) -> User:
    return make_user(Role.SURVEYOR, SUBDISTRICT, username="surveyor", name="สำรวจ ทดสอบ")


@pytest.fixture
def next_surveyor(areas: None) -> User:
    """A surveyor of the subdistrict beside."""
    return make_user(
        Role.SURVEYOR, NEXT_SUBDISTRICT, username="next-surveyor", name="ข้างเคียง ทดสอบ"
    )


@pytest.fixture
def district(areas: None) -> User:
    return make_user(Role.DISTRICT_OFFICER, DISTRICT, username="district", name="อำเภอ ทดสอบ")


@pytest.fixture
def province(areas: None) -> User:
    return make_user(Role.PROVINCE_OFFICER, PROVINCE, username="province", name="จังหวัด ทดสอบ")


@pytest.fixture
def admin(areas: None) -> User:
    """IMPORT_ADMIN and SYSTEM_ADMIN of the province, as the demo account of that name."""
    user = make_user(Role.IMPORT_ADMIN, PROVINCE, username="admin", name="ผู้ดูแล ทดสอบ")
    make_scope(user, Role.SYSTEM_ADMIN, PROVINCE)
    return user


@pytest.fixture
def viewer(areas: None) -> User:
    return make_user(Role.ANALYST, PROVINCE, username="viewer", name="ผู้ดู ทดสอบ")
