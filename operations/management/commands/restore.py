from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations import services


class Command(BaseCommand):
    help = "ตรวจไฟล์สำรอง (--verify) หรือนำกลับมาแทนข้อมูลปัจจุบันทั้งหมด (--replace)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dump", type=Path)
        mode = parser.add_mutually_exclusive_group(required=True)
        mode.add_argument("--verify", action="store_true", help="กู้ลงฐานข้อมูลทดลองแล้วตรวจ")
        mode.add_argument("--replace", action="store_true", help="แทนข้อมูลปัจจุบันทั้งหมด")

    def handle(self, *args: Any, **options: Any) -> None:
        bring_back = services.restore if options["replace"] else services.verify
        try:
            kept = bring_back(dump=options["dump"])
        except services.UnableToRestore as error:
            raise CommandError(f"ไม่สำเร็จ: {error}") from error
        done = "นำกลับมาแล้ว" if options["replace"] else "ไฟล์สำรองใช้ได้"
        self.stdout.write(f"{done}: {sum(kept.rows.values()):,} แถว สำรองเมื่อ {kept.made_at}")
