"""What a person says about how a file is read: kept, recorded, remembered, and open to change."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from imports import services
from imports.models import ImportBatch, SavedMapping
from imports.services.choices import Choices
from imports.services.heads import open_head
from imports.services.parts import parts_of
from imports.workflow import Decision, State
from tests.factories import make_user
from tests.imports.batches import AT, apply, csv_of, line, people, staged, upload, work

pytestmark = pytest.mark.django_db
ID = "เลขประจำตัวประชาชน"
OTHER = {ID: "หมายเลข", "รหัสบ้าน": "เลขทะเบียนหลังคาเรือน"}


def renamed(lines: Sequence[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    return [{names.get(header, header): cell for header, cell in each.items()} for each in lines]


def table(lines: Sequence[dict[str, Any]]) -> list[list[Any]]:
    return [list(lines[0]), *[list(each.values()) for each in lines]]


def workbook(
    sheets: dict[str, list[list[Any]]], arrange: Callable[[dict[str, Any]], None] | None = None
) -> bytes:
    """Return an .xlsx; `arrange` gets the sheets by name."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    made = {}
    for name, rows in sheets.items():
        sheet = made[name] = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    if arrange:
        arrange(made)
    book.close()
    return stream.getvalue()


def asked(lines: Sequence[dict[str, Any]], by: User, **options: Any) -> ImportBatch:
    """Return a file that waits for its mapping."""
    batch = staged(renamed(lines, OTHER), by, **options)
    assert batch.state == State.NEEDS_MAPPING
    return batch


def columns_of(batch: ImportBatch) -> dict[str, Any]:
    found = dict(parts_of(batch)[0].guess.columns)
    return {**found, "citizen_id": "หมายเลข", "house_code": "เลขทะเบียนหลังคาเรือน"}


def confirm(batch: ImportBatch, by: User, **said: Any) -> ImportBatch:
    services.confirm_mapping(batch=batch, columns=columns_of(batch), by=by, at=AT, **said)
    return work(batch)


# ---- kept and remembered ----
def test_what_is_confirmed_is_saved_with_its_source_and_year(admin: User) -> None:
    batch = asked(people(4), admin)

    assert confirm(batch, admin, one_is_problem=False).state == State.STAGED

    [saved] = SavedMapping.objects.all()
    assert (saved.source, saved.year_be, saved.by, saved.at) == ("tpmap", 2567, admin, AT)
    assert saved.columns["citizen_id"] == saved.headers.index("หมายเลข")
    assert saved.polarity == {"one_is_problem": False, "one_is_passed": True}
    [event] = Event.objects.filter(event="import.mapped")
    assert event.detail["parts"][0]["columns"]["citizen_id"] == saved.columns["citizen_id"]
    assert event.detail["parts"][0]["one_is_problem"] is False


@pytest.mark.parametrize(("year_be", "is_known"), [(2567, True), (2568, True), (2566, False)])
def test_the_same_headers_are_known_in_the_same_and_later_years(
    admin: User, year_be: int, is_known: bool
) -> None:
    confirm(asked(people(4), admin), admin)

    later = [
        {key: str(year_be) if "ปีข้อมูล TPMAP" in key else cell for key, cell in each.items()}
        for each in renamed(people(5), OTHER)
    ]
    batch = staged(later, admin, year_be=year_be)

    assert (batch.state == State.STAGED) is is_known


def test_of_two_years_the_same_year_is_used_and_of_one_year_the_newest(admin: User) -> None:
    first = confirm(asked(people(4), admin), admin, one_is_problem=False)
    kept = SavedMapping.objects.get()
    SavedMapping.objects.create(
        source="tpmap",
        year_be=2568,
        profile="tpmap",
        headers=kept.headers,
        columns=kept.columns,
        polarity={"one_is_problem": True},
        by=admin,
        at=AT,
    )
    assert parts_of(first)[0].mapping is not None

    same_year = staged(renamed(people(6), OTHER), admin)
    assert parts_of(same_year)[0].mapping.one_is_problem is False  # type: ignore[union-attr]
    confirm_again = SavedMapping.objects.create(
        source="tpmap",
        year_be=2567,
        profile="tpmap",
        headers=kept.headers,
        columns=kept.columns,
        polarity={"one_is_problem": True},
        by=admin,
        at=AT,
    )
    newest = staged(renamed(people(7), OTHER), admin)
    assert parts_of(newest)[0].mapping.one_is_problem is True  # type: ignore[union-attr]
    assert confirm_again.pk > kept.pk


def test_nearly_the_same_headers_start_from_what_was_said_and_still_ask(admin: User) -> None:
    confirm(asked(people(4), admin), admin)
    nearly = renamed(people(4), {**OTHER, "เพศ": "เพศกำเนิด"})

    batch = staged([{"ลำดับ": "1", **each} for each in nearly], admin)

    assert batch.state == State.NEEDS_MAPPING
    [part] = parts_of(batch)
    assert part.headers[part.guess.columns["citizen_id"]] == "หมายเลข"
    assert part.headers[part.guess.columns["house_code"]] == "เลขทะเบียนหลังคาเรือน"
    assert "2567" in part.questions[0]


def test_a_saved_mapping_that_the_profile_no_longer_fits_is_left_aside(admin: User) -> None:
    confirm(asked(people(4), admin), admin)
    SavedMapping.objects.update(columns={"no_such_column": 1})

    assert staged(renamed(people(5), OTHER), admin).state == State.NEEDS_MAPPING


def test_remembered_choices_about_merged_cells_are_used_again(admin: User) -> None:
    headers = list(renamed(people(1), OTHER)[0])
    content = workbook({"ก": [headers, *table(renamed(people(3), OTHER))[1:]]})
    batch = staged(content, admin, name="a.xlsx")
    services.confirm_mapping(
        batch=batch, columns=columns_of(batch), reading={"merged": "fill_down"}, by=admin, at=AT
    )
    work(batch)

    again = staged(workbook({"ก": table(renamed(people(5), OTHER))}), admin, name="b.xlsx")

    assert again.state == State.STAGED
    assert again.options["reading"] == {"merged": "fill_down"}
    assert again.options["remembered_year"] == 2567


# ---- read again ----
def test_a_checked_file_is_read_again_and_nothing_of_before_stays(admin: User) -> None:
    batch = staged([*people(4), line(5, {"รหัสบ้าน": ""})], admin)
    services.decide_row(batch=batch, row=6, decision=Decision.REJECT, by=admin, at=AT)
    ids = set(batch.rows.values_list("pk", flat=True))
    columns = {k: v for k, v in parts_of(batch)[0].guess.columns.items() if k != "dim_health"}

    services.confirm_mapping(batch=batch, columns=columns, by=admin, at=AT)

    batch.refresh_from_db()
    assert (batch.state, batch.rows_read, batch.accepted) == (State.UPLOADED, None, 0)
    assert not batch.rows.exists()
    assert not batch.issues.exists()
    assert not batch.chunks.exists()
    batch = work(batch)
    assert (batch.state, batch.rows_read) == (State.STAGED, 5)
    assert not ids & set(batch.rows.values_list("pk", flat=True))
    assert not batch.rows.exclude(decision="").exists()
    event = Event.objects.get(event="import.mapped")
    assert (event.detail["read_again"], event.detail["decisions_dropped"]) == (True, 1)


def test_reading_again_keeps_the_file_and_can_still_be_applied(admin: User) -> None:
    batch = staged(people(4), admin)
    file = batch.file_id

    services.read_as(batch=batch, parts={}, choices=Choices(), by=admin, at=AT)
    batch = apply(work(batch), admin)

    assert (batch.state, batch.file_id) == (State.APPLIED, file)


def test_what_was_applied_is_not_read_again(admin: User) -> None:
    batch = apply(staged(people(4), admin), admin)

    with pytest.raises(services.UnableToMove):
        services.confirm_mapping(batch=batch, columns={"citizen_id": ID}, by=admin, at=AT)

    assert batch.rows.count() == 4


def test_a_file_whose_values_are_gone_is_not_read_again(admin: User) -> None:
    batch = staged(people(2), admin)
    batch.layout["is_purged"] = True
    batch.save()

    with pytest.raises(services.UnableToDecide, match="ลบตามกำหนด"):
        services.read_as(batch=batch, parts={}, by=admin, at=AT)


def test_a_stranger_may_not_say_how_a_file_is_read(admin: User) -> None:
    batch = staged(people(2), admin)

    with pytest.raises(PermissionDenied):
        services.read_as(batch=batch, parts={}, by=make_user(Role.IMPORT_ADMIN, "3032"), at=AT)


def test_reading_again_begins_with_the_whole_of_the_uploaders_area(admin: User) -> None:
    batch = staged(people(2), admin)
    whole = list(batch.scope_codes)
    ImportBatch.objects.filter(pk=batch.pk).update(scope_codes=["3032"])

    services.read_as(batch=batch, parts={}, by=admin, at=AT)

    batch.refresh_from_db()
    assert batch.scope_codes == whole


# ---- sheets and header lines ----
def test_the_sheet_that_is_the_list_is_read_though_it_is_not_the_first(admin: User) -> None:
    content = workbook(
        {"ปก": [["รายงาน"], ["จัดทำโดย", "สำนักงาน", "2567"]], "ข้อมูล": table(people(3))}
    )

    batch = staged(content, admin, name="a.xlsx")

    assert (batch.state, batch.rows_read) == (State.STAGED, 3)
    assert parts_of(batch)[0].sheet == "ข้อมูล"
    assert batch.layout["other_sheets"] == ["ปก"]


def test_two_sheets_that_could_be_the_list_are_asked_about(admin: User) -> None:
    content = workbook({"ม.ค.": table(people(3)), "ก.พ.": table(people(5))})
    batch = staged(content, admin, name="a.xlsx")
    assert batch.state == State.NEEDS_MAPPING
    assert "มากกว่าหนึ่งแผ่น" in parts_of(batch)[0].questions[0]

    services.confirm_mapping(batch=batch, reading={"sheet": "ก.พ."}, by=admin, at=AT)
    batch = work(batch)

    assert (batch.state, batch.rows_read) == (State.STAGED, 5)
    assert batch.options["reading"] == {"sheets": ["ก.พ."]}
    assert Event.objects.get(event="import.mapped").detail["sheets"] == [2]

    # That these headers were confirmed once says nothing about which sheet is meant now.
    later = workbook({"มี.ค.": table(people(2)), "เม.ย.": table(people(4))})
    assert staged(later, admin, name="b.xlsx").state == State.NEEDS_MAPPING


def test_two_sheets_that_lack_the_same_column_are_asked_about(admin: User) -> None:
    lacking = [{k: v for k, v in each.items() if k != "รหัสบ้าน"} for each in people(3)]
    content = workbook({"ม.ค.": table(lacking), "ก.พ.": table(lacking[:2])})

    batch = staged(content, admin, name="a.xlsx")

    assert "มากกว่าหนึ่งแผ่น" in parts_of(batch)[0].questions[0]


@pytest.mark.parametrize("way", ["hide", "very_hidden"])
def test_a_hidden_sheet_is_listed_and_read_only_if_it_was_chosen(admin: User, way: str) -> None:
    content = workbook(
        {"ปก": [["คำอธิบาย", "ของ", "ไฟล์"]], "ลับ": table(people(3))},
        lambda sheets: getattr(sheets["ลับ"], way)(),
    )
    batch = staged(content, admin, name="a.xlsx")
    assert batch.state == State.NEEDS_MAPPING
    assert batch.layout["hidden_sheets"] == ["ลับ"]

    services.confirm_mapping(batch=batch, reading={"sheet": "ลับ"}, by=admin, at=AT)

    assert work(batch).rows_read == 3


def test_a_header_line_is_chosen(admin: User) -> None:
    above = [["หัว", "ข้อ", "อื่น"], *[["x"]] * 16]
    content = workbook({"ก": [*above, *table(people(3))]})
    batch = staged(content, admin, name="a.xlsx")
    assert batch.state == State.NEEDS_MAPPING
    assert "ไม่รู้จักหัวคอลัมน์" in parts_of(batch)[0].questions[0]

    services.confirm_mapping(batch=batch, reading={"header_line": 18}, by=admin, at=AT)
    batch = work(batch)

    assert (batch.state, batch.rows_read, batch.accepted) == (State.STAGED, 3, 3)


@pytest.mark.parametrize("reading", [{"sheet": "ไม่มี"}, {"header_line": 99}, {"encoding": "ebcdic"}])
def test_what_does_not_fit_the_file_is_refused(admin: User, reading: dict[str, Any]) -> None:
    batch = staged(workbook({"ก": table(people(3))}), admin, name="a.xlsx")

    with pytest.raises(services.UnableToDecide):
        services.confirm_mapping(batch=batch, reading=reading, by=admin, at=AT)

    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (State.STAGED, 3)


def test_a_header_of_two_lines_is_read(admin: User) -> None:
    headers = list(line(0))
    upper = [header if number < 9 else "" for number, header in enumerate(headers)]
    upper[9] = "ที่อยู่และข้อมูลอื่น"
    lower = ["" if number < 9 else header for number, header in enumerate(headers)]

    batch = staged(workbook({"ก": [["ชื่อเรื่อง"], upper, lower, *table(people(3))[1:]]}), admin,
                   name="a.xlsx")  # fmt: skip

    assert (batch.state, batch.rows_read, batch.accepted) == (State.STAGED, 3, 3)
    assert parts_of(batch)[0].header_rows == 2


# ---- hidden lines, merged cells ----
def hiding(lines: Sequence[dict[str, Any]], number: int) -> bytes:
    return workbook(
        {"ก": table(lines)},
        lambda sheets: sheets["ก"].set_row(number, None, None, {"hidden": True}),
    )


def test_hidden_lines_are_taken_unless_left_out_and_counted_either_way(admin: User) -> None:
    batch = staged(hiding(people(4), 2), admin, name="a.xlsx")
    assert (batch.rows_read, batch.accepted, batch.skipped) == (4, 4, 0)

    services.confirm_mapping(batch=batch, reading={"hidden_rows": "skip"}, by=admin, at=AT)
    batch = work(batch)

    assert (batch.state, batch.rows_read) == (State.STAGED, 4)
    assert (batch.accepted, batch.skipped) == (3, 1)
    assert batch.rows.get(row=3).codes == ["S_HIDDEN"]


def test_merged_data_cells_are_refused_unless_filled_down(admin: User) -> None:
    lines = [{**each, "อำเภอ": each["อำเภอ"] if number == 0 else ""}
             for number, each in enumerate(people(4))]  # fmt: skip
    column = list(lines[0]).index("อำเภอ")
    content = workbook(
        {"ก": table(lines)},
        lambda sheets: sheets["ก"].merge_range(1, column, 4, column, lines[0]["อำเภอ"]),
    )
    batch = staged(content, admin, name="a.xlsx")
    assert (batch.accepted, batch.rejected) == (1, 3)

    services.confirm_mapping(batch=batch, reading={"merged": "fill_down"}, by=admin, at=AT)
    batch = work(batch)

    assert (batch.accepted, batch.rejected) == (4, 0)
    assert [row.codes for row in batch.rows.order_by("row")].count(["F_MERGED"]) == 3
    assert Event.objects.get(event="import.mapped").detail["merged"] == "fill_down"


# ---- text files ----
def test_another_encoding_is_chosen_and_the_lines_counted_anew(admin: User) -> None:
    text = csv_of(people(3)).decode("utf-8-sig")
    batch = staged(text.encode("utf-16-be"), admin)
    assert batch.layout["encoding"] == "utf-16-be"

    services.confirm_mapping(
        batch=batch, reading={"encoding": "utf-16-be"}, columns=columns_now(batch), by=admin, at=AT
    )
    batch = work(batch)

    assert (batch.state, batch.rows_read, batch.lines_counted) == (State.STAGED, 3, 3)


def columns_now(batch: ImportBatch) -> dict[str, Any]:
    return dict(parts_of(batch)[0].guess.columns)


def test_a_wrong_encoding_is_refused_and_the_file_stays_as_it_was(admin: User) -> None:
    batch = staged(csv_of(people(8)).decode("utf-8-sig").encode("cp874"), admin)
    assert (batch.state, batch.layout["encoding"]) == (State.STAGED, "cp874")

    with pytest.raises(services.UnableToDecide, match="อ่านตัวอักษร"):
        services.confirm_mapping(batch=batch, reading={"encoding": "utf-8"}, by=admin, at=AT)

    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (State.STAGED, 8)


def test_another_separator_is_chosen(admin: User) -> None:
    mixed = csv_of(people(3)).decode("utf-8-sig").replace(",", ";").encode()
    batch = staged(mixed, admin)
    assert (batch.state, batch.layout["delimiter"]) == (State.STAGED, ";")

    with pytest.raises(services.UnableToDecide):
        services.confirm_mapping(batch=batch, reading={"delimiter": "|"}, by=admin, at=AT)


# ---- at upload ----
def test_an_uploader_may_say_how_the_file_is_read(admin: User) -> None:
    content = workbook({"ม.ค.": table(people(3)), "ก.พ.": table(renamed(people(5), OTHER))})
    columns = {"citizen_id": "หมายเลข"}
    headers = list(renamed(people(1), OTHER)[0])
    columns |= {"house_code": "เลขทะเบียนหลังคาเรือน", "first_name": "ชื่อ", "tambon_name": "ตำบล"}
    columns |= {"amphoe_name": "อำเภอ", "province_name": "จังหวัด", "last_name": "นามสกุล"}
    assert set(columns.values()) <= set(headers)

    batch = work(
        upload(
            content,
            admin,
            name="a.xlsx",
            mapping={"mapping": columns, "sheet": "ก.พ.", "one_is_problem": False},
        )
    )

    assert (batch.state, batch.rows_read) == (State.STAGED, 5)
    assert parts_of(batch)[0].mapping.one_is_problem is False  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "mapping",
    [
        {"encoding": "ebcdic"},
        {"mapping": [1]},
        {"sheet": "ก", "unknown": 1},
        {"part": -1, "mapping": {}},
    ],
)
def test_an_upload_that_says_what_cannot_be_is_refused(
    admin: User, mapping: dict[str, Any]
) -> None:
    with pytest.raises(services.UnableToUpload) as refusal:
        upload(people(2), admin, mapping=mapping)
    assert refusal.value.field == "mapping"


# ---- compared with last year ----
def test_new_missing_and_renamed_columns_are_pointed_out(admin: User) -> None:
    before = [{**each, "ปีข้อมูล TPMAP": "2566", "หมายเหตุเดิม": "-"} for each in people(3)]
    staged(before, admin, year_be=2566)
    now = [{**each, "ช่องใหม่": "-"} for each in renamed(people(3), {"เพศ": "sex"})]

    compared = services.compared_with_last_year(staged(now, admin))

    assert compared is not None
    assert compared.year_be == 2566
    assert compared.new == ("ช่องใหม่",)
    assert compared.missing == ("หมายเหตุเดิม",)
    assert [(each.before, each.now) for each in compared.renamed] == [("เพศ", "sex")]


def test_headers_that_differ_in_spaces_and_brackets_are_the_same(admin: User) -> None:
    before = [{**each, "ปีข้อมูล TPMAP": "2566"} for each in people(3)]
    staged(before, admin, year_be=2566)

    compared = services.compared_with_last_year(
        staged(renamed(people(3), {"เพศ": "เพศ (ชาย/หญิง)"}), admin)
    )

    assert compared is not None
    assert compared.is_same


def test_the_first_file_of_a_list_is_compared_with_nothing(admin: User) -> None:
    assert services.compared_with_last_year(staged(people(2), admin)) is None


# ---- the first lines ----
def test_the_first_lines_are_sealed_and_open_as_they_were(admin: User) -> None:
    batch = staged(workbook({"ก": table(people(3))}), admin, name="a.xlsx")

    assert people(1)[0][ID] not in str(batch.layout)
    head = open_head(batch)
    assert head is not None
    assert [cell or "" for cell in head.sheets[0].head[1][1]][:4] == list(line(0).values())[:4]
