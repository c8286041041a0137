from typing import Any

from django.core.management.base import BaseCommand

from areas.services import load_reference_areas
from problems.services import load_reference_data as load_problem_reference
from referrals.services import load_reference_data as load_referral_reference
from slf.services import load_reference_data as load_assessment_reference


class Command(BaseCommand):
    help = "โหลดข้อมูลอ้างอิง (พื้นที่ แบบ จปฐ. เกณฑ์รายได้ แบบประเมิน เกณฑ์ระดับ กำหนดเวลาส่งต่อ) ทำซ้ำได้"

    def handle(self, *args: Any, **options: Any) -> None:
        areas = load_reference_areas()
        problems = load_problem_reference()
        assessments = load_assessment_reference()
        referrals = load_referral_reference()
        if options["verbosity"]:
            self.stdout.write(
                f"พื้นที่เพิ่ม {areas.created:,} แบบ จปฐ. และเกณฑ์รายได้เพิ่ม {problems:,} แถว "
                f"แบบประเมินเพิ่ม {assessments:,} แถว กำหนดเวลาส่งต่อเพิ่ม {referrals:,} แถว"
            )
