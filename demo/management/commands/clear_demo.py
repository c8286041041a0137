from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from demo.services import UnableToClear, clear_demo


class Command(BaseCommand):
    help = "ลบข้อมูลตัวอย่างทั้งหมดและปิดบัญชีตัวอย่าง เก็บข้อมูลอ้างอิงและบันทึกการใช้งานไว้"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="ยืนยันว่าให้ลบ")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            raise CommandError("คำสั่งนี้ลบครัวเรือน การนำเข้า และไฟล์ทั้งหมด ย้อนกลับไม่ได้ ถ้าแน่ใจให้ใส่ --yes")
        try:
            gone = clear_demo(at=now())
        except UnableToClear as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"ลบครัวเรือน {gone.households:,} การนำเข้า {gone.batches:,} "
            f"ปิดบัญชีตัวอย่าง {gone.accounts:,} แล้ว สร้างบัญชีจริงด้วยคำสั่ง create_admin"
        )
