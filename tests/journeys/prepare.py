"""The standing people of the story, as the demo province has them. Run with the product's own
environment: `python -m tests.journeys.prepare`."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.roles import Role  # noqa: E402
from tests.factories import make_agency, make_scope, make_user  # noqa: E402

# (user name, name, role, area). Each story has a subdistrict of its own.
PEOPLE = (
    ("admin", "ผู้ดูแล ทดสอบ", Role.IMPORT_ADMIN, "30"),
    ("province", "จังหวัด ทดสอบ", Role.PROVINCE_OFFICER, "30"),
    ("district", "อำเภอ ทดสอบ", Role.DISTRICT_OFFICER, "3032"),
    ("surveyor", "สำรวจ ทดสอบ", Role.SURVEYOR, "303201"),
    ("neighbour", "ข้างเคียง ทดสอบ", Role.SURVEYOR, "303202"),
    ("old-phone", "เครื่องเก่า ทดสอบ", Role.SURVEYOR, "303203"),
    ("viewer", "ผู้ดู ทดสอบ", Role.ANALYST, "30"),
)


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_reference", verbosity=0)
    for username, name, role, area in PEOPLE:
        user = make_user(role, area, username=username, name=name)
        if username == "admin":
            make_scope(user, Role.SYSTEM_ADMIN, area)
    agency = make_agency(code="psd-30", name="สำนักงานทดสอบ", short_name="สนง. ทดสอบ")
    make_user(Role.AGENCY_OFFICER, "30", agency, username="agency", name="รับเรื่อง ทดสอบ")


if __name__ == "__main__":
    main()
