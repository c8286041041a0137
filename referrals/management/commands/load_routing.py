from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.models import User
from areas.models import Area, Level
from referrals.services import AGENCY_SLUGS, agencies_by_slug, load_default_rules


class Command(BaseCommand):
    help = "เพิ่มเกณฑ์เลือกหน่วยงานเริ่มต้นของจังหวัด สำหรับหน่วยงานที่มีอยู่ ทำซ้ำได้"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("province", help="รหัสจังหวัด 2 หลัก เช่น 30")
        parser.add_argument("--as", dest="user", required=True, help="ชื่อผู้ใช้ที่เป็นผู้ตั้งเกณฑ์")

    def handle(self, *args: Any, **options: Any) -> None:
        province = Area.objects.filter(pk=options["province"], level=Level.PROVINCE).first()
        if province is None:
            raise CommandError(f"ไม่พบจังหวัดรหัส {options['province']}")
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"ไม่มีผู้ใช้ชื่อ {options['user']}")
        try:
            added = load_default_rules(province=province, by=user, at=now())
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"เพิ่มเกณฑ์ {added:,} ข้อ")
        for slug in sorted(AGENCY_SLUGS.keys() - agencies_by_slug(province).keys()):
            self.stdout.write(f"  ยังไม่มีหน่วยงานรหัส {slug}-{province.pk}: {AGENCY_SLUGS[slug]}")
