"""manage.py create_admin USERNAME --area 30: the first administrator of an installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.forms import clean_username
from accounts.services import UnableToChangeUser, create_first_admin
from areas.models import Area


class Command(BaseCommand):
    help = "Make an administrator who makes the other accounts; prints a one-time password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--area", required=True, help="code of the province, such as 30")
        parser.add_argument("--name", default="", help="first and last name, as shown to others")

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.filter(pk=options["area"]).first()
        if area is None:
            raise CommandError(
                f"ไม่มีพื้นที่รหัส {options['area']} (no such area: load it with `manage.py load_areas`)"
            )
        try:
            username = clean_username(options["username"])
            made = create_first_admin(
                username=username, name=options["name"] or username, area=area, at=now()
            )
        except (UnableToChangeUser, ValidationError) as error:
            reason = error.messages[0] if isinstance(error, ValidationError) else str(error)
            raise CommandError(reason) from error
        self.stdout.write(f"ชื่อผู้ใช้ (user name)  {made.user.username}")
        self.stdout.write(f"รหัสผ่านชั่วคราว (one-time password)  {made.password}")
        self.stdout.write("เข้าใช้แล้วระบบให้เปลี่ยนรหัสผ่านทันที (it must be changed at the first sign-in)")
