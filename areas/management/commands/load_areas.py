from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from areas import services


class Command(BaseCommand):
    help = "โหลดบัญชีพื้นที่ (CSV: code, name_th, name_en, aliases) ทำซ้ำได้"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["path"].open(encoding="utf-8-sig", newline="") as stream:
                report = services.load_areas(rows=services.read_areas(stream))
        except (OSError, UnicodeDecodeError, services.UnableToLoadAreas) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"เพิ่ม {report.created:,} แก้ไข {report.changed:,} เหมือนเดิม {report.unchanged:,}"
        )
