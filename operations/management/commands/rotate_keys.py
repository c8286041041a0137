from typing import Any

from django.core.management.base import BaseCommand

from operations import services


class Command(BaseCommand):
    help = "เข้ารหัสและทำดัชนีใหม่ทั้งหมดด้วยกุญแจรุ่นแรกใน PPAOS_FIELD_KEYS (ทำซ้ำได้ หยุดได้)"

    def handle(self, *args: Any, **options: Any) -> None:
        report = services.rotate_keys()
        versions = ", ".join(str(version) for version in report.key_versions) or "–"
        self.stdout.write(
            f"เซลล์ {report.cells:,} ดัชนี {report.indexes:,} ชิ้นไฟล์ {report.file_chunks:,}"
        )
        self.stdout.write(f"กุญแจที่ยังใช้อยู่: รุ่น {versions}")
