from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from areas.models import Area, Level
from imports.management.samples.kinds import KINDS
from imports.management.samples.people import Place, Population
from imports.management.samples.sheet import Sheet
from imports.management.samples.writing import Table, write_sheets

# อ.เฉลิมพระเกียรติ จ.นครราชสีมา, DOPA codes.
DEFAULT_PLACES = tuple(
    Place(code=code, name=name, district="เฉลิมพระเกียรติ", province="นครราชสีมา")
    for code, name in (
        ("303201", "ช้างทอง"),
        ("303202", "ท่าช้าง"),
        ("303203", "พระพุทธ"),
        ("303204", "หนองงูเหลือม"),
        ("303205", "หนองยาง"),
    )
)


class Command(BaseCommand):
    help = "สร้างไฟล์รายชื่อตัวอย่าง (บุคคลสมมุติทั้งหมด) พร้อมเฉลยของทุกแถว"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help=".xlsx หรือ .csv")
        parser.add_argument("--kind", choices=list(KINDS), required=True)
        parser.add_argument("--households", type=int, required=True)
        parser.add_argument("--areas", nargs="+", metavar="CODE", help="รหัสจังหวัด อำเภอ หรือตำบล")
        parser.add_argument("--year", type=int, default=2566, help="ปีของบัญชี (พ.ศ.)")
        parser.add_argument("--indicators", type=int, choices=[0, 31, 38], default=0)
        parser.add_argument("--dirty", type=float, default=0.0, metavar="SHARE")
        parser.add_argument("--truth", type=Path, metavar="PATH", help="เฉลย (JSON lines)")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["dirty"] <= 0.5:
            raise CommandError("--dirty ต้องอยู่ระหว่าง 0 ถึง 0.5")
        if options["households"] < 1:
            raise CommandError("--households ต้องเป็นจำนวนเต็มบวก")
        places = _places(options["areas"]) if options["areas"] else DEFAULT_PLACES
        path: Path = options["path"]
        truth: Path | None = options["truth"]
        # A จปฐ. list without indicators would say nothing.
        least = 31 if options["kind"].startswith("bmn") else 0
        indicators = max(options["indicators"], least)
        try:
            population = Population(
                seed=options["seed"],
                places=places,
                year_be=options["year"],
                indicators=indicators,
            )
            population.add_households(options["households"])
            sheets = [
                Sheet(
                    population.people,
                    indicators=indicators,
                    dirty=options["dirty"],
                    seed=options["seed"],
                    is_csv=path.suffix.lower() == ".csv",
                    kind=kind,
                    part=part,
                )
                for part, kind in enumerate(KINDS[options["kind"]])
            ]
            tables = [Table(sheet.name, list(sheet.headers), sheet) for sheet in sheets]
            with truth.open("w", encoding="utf-8") if truth else nullcontext() as stream:
                count = write_sheets(path, tables, truth=stream)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{path.name}: {options['households']:,} ครัวเรือน {len(population.people):,} คน "
            f"{count:,} แถว มีข้อบกพร่อง {sum(sheet.faults for sheet in sheets):,} แถว"
        )


def _places(codes: list[str]) -> tuple[Place, ...]:
    """Return the known subdistricts inside the areas. Raises CommandError if there are none."""
    found = Area.objects.under(codes).filter(level=Level.SUBDISTRICT).in_force()
    places = tuple(
        Place(
            code=area.code,
            name=area.name,
            district=area.parent.name,
            province=area.parent.parent.name,
        )
        for area in found.select_related("parent__parent").order_by("code")
        if area.parent and area.parent.parent
    )
    if not places:
        raise CommandError("ไม่พบตำบลในพื้นที่ที่ระบุ โหลดบัญชีพื้นที่ด้วย load_areas ก่อน")
    return places
