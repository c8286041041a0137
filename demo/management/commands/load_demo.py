from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from demo.services import UnableToLoad, load_demo
from demo.services.loading import HOUSEHOLDS


class Command(BaseCommand):
    help = "สร้างจังหวัดตัวอย่าง (บุคคลสมมุติทั้งหมด) ในฐานข้อมูลว่าง"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--households", type=int, default=HOUSEHOLDS)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PPAOS_DEMO_PASSWORD:
            raise CommandError("ตั้งรหัสผ่านของบัญชีตัวอย่างใน PPAOS_DEMO_PASSWORD")
        try:
            made = load_demo(
                password=settings.PPAOS_DEMO_PASSWORD,
                at=now(),
                households=options["households"],
                seed=options["seed"],
            )
        except UnableToLoad as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                f"บัญชี {made.accounts} ครัวเรือน {made.households:,} "
                f"สอบทาน {made.visited:,} ประเมินทุน {made.assessed:,} ตกหล่น {made.added:,} "
                f"ส่งต่อ {made.referrals:,} พ้นความยากจน {made.graduated:,}"
            )
