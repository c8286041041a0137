import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from areas import services
from areas.models import Area, Level, Origin
from areas.services import AreaRow, UnableToLoadAreas

pytestmark = pytest.mark.django_db


def rows(text: str) -> list[AreaRow]:
    return list(services.read_areas(io.StringIO(text)))


def national_list() -> list[AreaRow]:
    """77 provinces, 928 districts and 7,436 subdistricts: the size of the real list."""
    provinces = [f"{10 + i}" for i in range(77)]
    districts = [f"{provinces[i % 77]}{1 + i // 77:02}" for i in range(928)]
    subdistricts = [f"{districts[i % 928]}{1 + i // 928:02}" for i in range(7_436)]
    return [AreaRow(code, f"พื้นที่{code}") for code in [*provinces, *districts, *subdistricts]]


def test_the_shipped_list_has_every_province_and_the_named_districts() -> None:
    report = services.load_reference_areas()

    counts = {level: Area.objects.filter(level=level).count() for level in Level}
    assert counts[Level.PROVINCE] == 77
    assert Area.objects.filter(parent_id="30").count() == 32
    assert Area.objects.get(pk="3032").name == "เฉลิมพระเกียรติ"
    assert Area.objects.get(pk="303201").parent_id == "3032"
    assert Area.objects.get(pk="3005").name == "บ้านเหลื่อม"
    assert "หนองบุนนาก" in Area.objects.get(pk="3022").aliases
    assert report.created == sum(counts.values())


def test_a_national_list_loads_and_repeats_without_change() -> None:
    everything = national_list()

    first = services.load_areas(rows=everything)
    second = services.load_areas(rows=everything)

    assert (first.created, first.changed) == (8_441, 0)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 8_441)


def test_a_renamed_area_keeps_its_old_name_as_an_alias() -> None:
    services.load_areas(rows=rows("code,name_th\n30,นครราชสีมา\n3022,หนองบุนนาก\n"))

    report = services.load_areas(rows=rows("code,name_th\n30,นครราชสีมา\n3022,หนองบุญมาก\n"))

    area = Area.objects.get(pk="3022")
    assert (area.name, area.aliases, report.changed) == ("หนองบุญมาก", ["หนองบุนนาก"], 1)


def test_prefixes_and_thai_digits_are_taken_off_but_not_parts_of_a_name() -> None:
    services.load_areas(rows=rows("code,name_th\n๓๐,จังหวัดนครราชสีมา\n3005,อำเภอบ้านเหลื่อม\n"))
    assert Area.objects.get(pk="30").name == "นครราชสีมา"
    assert Area.objects.get(pk="3005").name == "บ้านเหลื่อม"


def test_a_learnt_area_becomes_official_when_a_list_names_it() -> None:
    services.load_areas(rows=[AreaRow("30", "นครราชสีมา"), AreaRow("3032", "เฉลิมพระเกียรติ")])
    assert services.learn_areas(rows=[AreaRow("303299", "ตำบลใหม่")]) == 1
    assert Area.objects.get(pk="303299").origin == Origin.LEARNT

    services.load_areas(rows=[AreaRow("303299", "ตำบลใหม่")])

    assert Area.objects.get(pk="303299").origin == Origin.OFFICIAL


def test_learning_leaves_known_areas_alone() -> None:
    services.load_areas(rows=[AreaRow("30", "นครราชสีมา")])
    assert services.learn_areas(rows=[AreaRow("30", "ชื่ออื่น")]) == 0
    assert Area.objects.get(pk="30").name == "นครราชสีมา"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name_th\nก\n", "ไม่มีคอลัมน์ code"),
        ("code,name_th\n30,นครราชสีมา\nสามศูนย์,ก\n", "บรรทัด 3"),
        ("code,name_th\n301,ก\n", "2, 4, 6 หรือ 8 หลัก"),
        ("code,name_th\n30,\n", "ไม่มีชื่อพื้นที่ของรหัส 30"),
        ("code,name_th\n3001,เมือง\n", "ไม่พบพื้นที่ที่สังกัด 30"),
        ("code,name_th\n30,ก\n30,ข\n", "สองบรรทัด"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_whole(text: str, message: str) -> None:
    with pytest.raises(UnableToLoadAreas, match=message):
        services.load_areas(rows=rows(text))
    assert not Area.objects.exists()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text("code,name_th\n30,นครราชสีมา\n", encoding="utf-8-sig")
    out = io.StringIO()

    call_command("load_areas", path, stdout=out)
    assert "เพิ่ม 1" in out.getvalue()

    with pytest.raises(CommandError, match="No such file"):
        call_command("load_areas", tmp_path / "none.csv")
