"""A register of a million made-up people, written by a few statements of SQL."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

from households.models import Household, Member, SourceListing
from households.services import identity_columns, sealed_citizen_id
from ppaos.lib import citizen_id


def _words(text: str) -> list[str]:
    return text.split()


PROVINCES = _words("30 31 32 33 34 35 37 42 45 46 47 49 52 58 65 18 93 94 95 96")
DISTRICTS, SUBDISTRICTS, VILLAGES = 10, 8, 6
PERSONS_OF_HOUSEHOLD = 3.3
_FIRST_BEGIN = _words(
    "สม บุญ ทอง คำ วิ สุ ประ จันทร์ ศิริ อภิ ธน รัตน อรุณ พร ณัฐ กิตติ ชัย วร นิ มา ลำ สาย แก้ว"
    " ดวง เพ็ญ อุ ปรี ไพ หนู ศักดิ์ กัล พิม ชล นภ ภัทร วีร เกษ ดา สุด ฤทธิ์"
)
_FIRST_END = _words(
    "ชาย หมาย ศรี ศักดิ์ พร พงษ์ ใจ มี มา ดี สุข วรรณ เพ็ญ ชัย ชาติ เดช นี ดา รัตน์ ภา กร พล วุฒิ"
    " ลักษณ์ ทิพย์ นันท์ เรือน เรือง เลิศ ส่ง ช่วย ธรรม จันทร์ งาม วัฒน์ ยา ณี ริน สรา มาศ"
)
_LAST_BEGIN = _words(
    "ศรี บุญ ทอง คำ วงศ์ แสง แก้ว พิมพ์ จันทร์ สุวรรณ ไชย เพชร โพธิ์ พรหม ธรรม อินทร์ นา พล สาย"
    " ภู ดอก หาญ เจริญ มูล สี ใจ กล้า ชู พันธุ์ ทรัพย์ รัตน เชื้อ ปาน ดวง คง ประ สม ยอด ราช ชาญ"
)
_LAST_MIDDLE = ["", *_words("มา ดี สุข เรือง วงศ์ ชัย ประ สุ วิ ธนา พงษ์ กุล ศรี คำ รัตน์ วัฒน์")]
_LAST_END = _words(
    "ดี มา สุข ทอง คำ งาม วงศ์ สวัสดิ์ เมือง จันทร์ ชัย พล มณี สิงห์ ผล บูรณ์ กุล ศักดิ์ ไทย ใส"
    " แก้ว ลา บัว นา ภักดี ประเสริฐ สมบัติ เจริญ ไกร หอม ขันธ์ มูล เพชร ราช โชติ วัน รุ่ง เดช"
    " พันธ์ ถา"
)


def fill(persons: int) -> None:
    """Write areas, households and persons, and bring the planner's figures up to date."""
    trigrams = next(each for each in Member._meta.indexes if isinstance(each, GinIndex))
    with connection.schema_editor() as editor:
        editor.remove_index(Member, trigrams)
    with connection.cursor() as cursor:
        # As an import does: nobody worked on these households by hand.
        cursor.execute("SELECT setseed(0.2569), set_config('ppaos.importing', 'on', false)")
        _write_areas(cursor)
        households = int(persons / PERSONS_OF_HOUSEHOLD)
        cursor.execute(*_household_statement(households))
        cursor.execute("ANALYZE households_household")
        cursor.execute(*_member_statement(persons, households))
        cursor.execute(*_listing_statement())
    with connection.schema_editor() as editor:
        editor.add_index(Member, trigrams)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('ppaos.importing', '', false)")
        cursor.execute("VACUUM ANALYZE")


def give_ids(count: int) -> list[str]:
    """Give real, sealed citizen IDs to some people; return the IDs."""
    given = []
    people = Member.objects.order_by("citizen_id_index").select_related("household")[:count]
    for number, person in enumerate(people):
        digits = citizen_id.generate(number)
        derived = identity_columns(
            first_name=person.first_name,
            last_name=person.last_name,
            citizen_id=digits,
            area_code=person.household.area_id,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE households_member SET citizen_id = %s, citizen_id_index = %s,"
                " key_version = %s WHERE id = %s",
                [
                    sealed_citizen_id(member_id=person.pk, citizen_id=digits),
                    derived.citizen_id_index,
                    derived.key_version,
                    person.pk,
                ],
            )
        given.append(digits)
    return given


def _write_areas(cursor: Any) -> None:
    parts = (
        ("PROVINCE", "p", "left(p, 0)", "'จังหวัด' || p"),
        ("DISTRICT", "p || to_char(d, 'FM00')", "p", "'อำเภอ' || d"),
        (
            "SUBDISTRICT",
            "p || to_char(d, 'FM00') || to_char(s, 'FM00')",
            "p || to_char(d, 'FM00')",
            "'ตำบล' || d || s",
        ),
        (
            "VILLAGE",
            "p || to_char(d, 'FM00') || to_char(s, 'FM00') || to_char(v, 'FM00')",
            "p || to_char(d, 'FM00') || to_char(s, 'FM00')",
            "'บ้าน' || d || s || v",
        ),
    )
    for level, code, parent, name in parts:
        cursor.execute(
            f"""
            INSERT INTO areas_area (code, level, parent_id, name, name_en, aliases, origin)
            SELECT DISTINCT {code}, %s, nullif({parent}, ''), {name}, '', '{{}}'::text[], 'OFFICIAL'
            FROM unnest(%s) p, generate_series(1, %s) d, generate_series(1, %s) s,
                 generate_series(1, %s) v
            ON CONFLICT (code) DO NOTHING
            """,
            [level, PROVINCES, DISTRICTS, SUBDISTRICTS, VILLAGES],
        )


def _household_statement(count: int) -> tuple[str, list[Any]]:
    """Return the statement that writes households 1 to `count`; their number is in the code."""
    given = {
        "id": "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
        "house_code": "(30000000000 + n)::text",
        "house_no": "(1 + n %% 400)::text",
        "area_id": "area",
        "stage": "(ARRAY['listed', 'listed', 'verified_poor', 'verified_not_poor'])[1 + n %% 4]",
        "stage_date": "date '2026-10-01'",
        "created_at": "now()",
        "updated_at": "now()",
    }
    # A third of all people live in the first province: a province is rarely a twentieth.
    source = """
        FROM (SELECT n, power(random(), 2.6) AS place, random() AS inside
              FROM generate_series(1, %s) n) made
        CROSS JOIN LATERAL (
            SELECT (%s::text[])[1 + floor(place * 20)::int]
                || to_char(1 + floor(inside * 10)::int, 'FM00')
                || to_char(1 + floor(inside * 80)::int %% 8, 'FM00')
                || to_char(1 + floor(inside * 480)::int %% 6, 'FM00') AS area
        ) placed
    """
    return _insert(Household, given, source, [count, PROVINCES])


def _member_statement(count: int, households: int) -> tuple[str, list[Any]]:
    given = {
        "id": "('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid",
        "household_id": "h.id",
        "seq": "1 + n / %s",
        "is_head": "n < %s",
        "citizen_id": "decode('00', 'hex')",
        "citizen_id_index": "sha256(n::text::bytea)",
        "key_version": "1",
        "title": "(ARRAY['นาย', 'นาง', 'นางสาว'])[1 + n %% 3]",
        "first_name": "first",
        "last_name": "last",
        "name_key": "first || last",
        "province_code": "h.province_code",
        "birth_year": "1940 + n %% 80",
        "created_at": "now()",
        "updated_at": "now()",
    }
    # Some names are frequent and most are rare: squared, the first words come up more often.
    pick = "(%s::text[])[1 + floor(power(random(), 1.6) * %s)::int]"
    words = (_FIRST_BEGIN, _FIRST_END, _LAST_BEGIN, _LAST_MIDDLE, _LAST_END)
    source = f"""
        FROM (SELECT n, {pick} || {pick} AS first, {pick} || {pick} || {pick} AS last
              FROM generate_series(0, %s) n OFFSET 0) made
        JOIN households_household h
          ON h.id = ('00000000-0000-7000-8000-'
                     || lpad(to_hex(1 + n %% %s), 12, '0'))::uuid
    """
    picked: list[Any] = [value for some in words for value in (some, len(some))]
    statement, parameters = _insert(
        Member, given, source, [*picked, count - 1, households], selected=[households, households]
    )
    return statement, parameters


def _listing_statement() -> tuple[str, list[Any]]:
    """Everybody is on one list of persons."""
    given = {
        "id": "('00000000-0000-7000-a000-' || right(m.id::text, 12))::uuid",
        "household_id": "m.household_id",
        "member_id": "m.id",
        "source": "'tpmap'",
        "year_be": "2566 + m.birth_year %% 3",
    }
    return _insert(SourceListing, given, "FROM households_member m", [])


def _insert(
    model: type[models.Model],
    given: dict[str, str],
    source: str,
    values: Sequence[Any],
    *,
    selected: Sequence[Any] = (),
) -> tuple[str, list[Any]]:
    """Return INSERT … SELECT with the model's defaults for the columns that are not given."""
    rest = {
        str(field.column): field.get_default()
        for field in model._meta.concrete_fields
        if not (field.null or field.generated or field.has_db_default() or field.column in given)
    }
    columns = ", ".join([*given, *rest])
    picked = ", ".join([*given.values(), *("%s" for _ in rest)])
    return (
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {picked} {source}",
        [*selected, *rest.values(), *values],
    )
