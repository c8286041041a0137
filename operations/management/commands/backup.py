from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from operations import services


class Command(BaseCommand):
    help = "สำรองฐานข้อมูลทั้งหมดเป็นไฟล์เดียว พร้อมใบกำกับ (ไม่รวมกุญแจ)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or settings.PPAOS_DATA_DIR / "backups"
        try:
            report = services.back_up(folder=folder, at=localtime())
        except (OSError, services.UnableToBackUp) as error:
            raise CommandError(f"สำรองไม่สำเร็จ: {error}") from error
        versions = ", ".join(str(version) for version in report.key_versions) or "–"
        self.stdout.write(f"{report.path}\n{report.rows:,} แถว {report.size:,} ไบต์")
        self.stdout.write(f"กุญแจที่ต้องเก็บแยกไว้เพื่อเปิดข้อมูลนี้: รุ่น {versions}")
