from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from referrals.services import remind_overdue


class Command(BaseCommand):
    help = "เตือนหน่วยงานที่มีเรื่องส่งต่อเกินกำหนด วันละครั้ง ทำซ้ำได้"

    def handle(self, *args: Any, **options: Any) -> None:
        reminded = remind_overdue(at=now())
        if options["verbosity"]:
            self.stdout.write(f"เตือนแล้ว {reminded:,} หน่วยงาน")
