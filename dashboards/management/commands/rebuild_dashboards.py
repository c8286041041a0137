from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from dashboards.services import Difference, compare, rebuild

SHOWN = 20


class Command(BaseCommand):
    """Count the figures of the dashboards anew, or only hold them against a recount."""

    help = "นับตัวเลขภาพรวมใหม่ทั้งหมด หรือตรวจเทียบกับการนับใหม่ (--check)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="ตรวจเทียบเท่านั้น ไม่เขียนทับ")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            rebuild(at=now())
            self.stdout.write("นับตัวเลขภาพรวมใหม่ทั้งหมดแล้ว")
            return
        found = compare(at=now())
        if found:
            raise CommandError(_in_words(found))
        self.stdout.write("ตัวเลขภาพรวมตรงกับการนับใหม่ทุกช่อง")


def _in_words(found: list[Difference]) -> str:
    areas = Counter(difference.area_code for difference in found)
    lines = [f"ตัวเลขภาพรวมไม่ตรงกับการนับใหม่ {len(found):,} ช่อง ใน {len(areas):,} พื้นที่:"]
    lines += [
        f"  พื้นที่ {each.area_code} ปี {each.year_be} {each.measure}: "
        f"เก็บไว้ {each.kept:,f} นับได้ {each.counted:,f}"
        for each in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(f"  และอีก {len(found) - SHOWN:,} ช่อง")
    lines.append("สั่ง rebuild_dashboards เพื่อนับใหม่ แล้วแจ้งผู้ดูแลระบบว่าเคยไม่ตรง")
    return "\n".join(lines)
