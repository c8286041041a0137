"""The standing people of the story, as the demo province has them. Run with the product's own
environment: `python -m tests.journeys.prepare`."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from areas.models import Area  # noqa: E402
from problems.rules import Dimension  # noqa: E402
from referrals.services import save_routing_rule  # noqa: E402
from tests.factories import make_agency, make_scope, make_user  # noqa: E402

# (user name, name, role, area). Each story has a subdistrict of its own.
PEOPLE = (
    ("admin", "ผู้ดูแล ทดสอบ", Role.IMPORT_ADMIN, "30"),
    ("province", "จังหวัด ทดสอบ", Role.PROVINCE_OFFICER, "30"),
    ("district", "อำเภอ ทดสอบ", Role.DISTRICT_OFFICER, "3032"),
    ("surveyor", "สำรวจ ทดสอบ", Role.SURVEYOR, "303201"),
    ("neighbour", "ข้างเคียง ทดสอบ", Role.SURVEYOR, "303202"),
    ("old-phone", "เครื่องเก่า ทดสอบ", Role.SURVEYOR, "303203"),
    ("loop", "วงรอบ ทดสอบ", Role.SURVEYOR, "303204"),
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
    builder = make_agency(code="codi-30", name="สถาบันทดสอบบ้านพอเพียง", short_name="สท. ทดสอบ")
    make_user(Role.AGENCY_OFFICER, "30", builder, username="agency2", name="ซ่อมบ้าน ทดสอบ")
    province = User.objects.get(username="province")
    for dimension in Dimension:
        save_routing_rule(
            dimension=dimension,
            area=Area.objects.get(pk="30"),
            agency=builder,
            by=province,
            at=now(),
        )


if __name__ == "__main__":
    main()
