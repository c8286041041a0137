"""The board as a workbook: numbers and where they come from, nobody's name."""

import tempfile
from datetime import datetime
from typing import IO, Any

from django.db import transaction

from accounts.models import User
from areas.models import Area
from audit.services import record
from ppaos.lib.workbook import Sheet, write_workbook
from ppaos.web.templatetags.thai import thai_datetime
from reconciliation import figures, permissions
from reconciliation.figures import LABELS, Change, Pair, Signature
from reconciliation.queries import Published

_PAIR_HEADERS = (
    "อยู่ทั้งสอง (ครัวเรือน)",
    "อยู่ทั้งสอง (คน)",
    "เฉพาะบัญชีแรก (ครัวเรือน)",
    "เฉพาะบัญชีแรก (คน)",
    "เฉพาะบัญชีหลัง (ครัวเรือน)",
    "เฉพาะบัญชีหลัง (คน)",
    "ขัดแย้ง (ครัวเรือน)",
    "ขัดแย้ง (คน)",
)


@transaction.atomic
def board_file(
    *,
    area: Area,
    year_be: int,
    a: str,
    b: str,
    signs: list[Signature],
    changes: list[Change],
    published: list[Published],
    by: User,
    at: datetime,
) -> IO[bytes]:
    """Return the numbers of the board as an open temporary file."""
    permissions.check_can_see(by)
    lists = figures.lists_there(signs)
    overlaps = figures.overlaps(signs)
    # Closed by whoever serves it; on disk it has no name, so it is gone then.
    stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=4 << 20, prefix="ppaos-")  # noqa: SIM115
    pairs = [(LABELS[one.a], LABELS[one.b], *_numbers(one)) for one in figures.pairs(signs, lists)]
    sheets = [
        Sheet("คู่บัญชี", ("บัญชีแรก", "บัญชีหลัง", *_PAIR_HEADERS), pairs),
        Sheet("พื้นที่", ("รหัสพื้นที่", "พื้นที่", *_PAIR_HEADERS), _areas(signs, a, b)),
        Sheet(
            "ชุดบัญชี",
            (*(LABELS[code] for code in lists), "ครัวเรือน", "คน"),
            [
                (*(1 if c in codes else None for c in lists), found.households, found.people)
                for codes, found in overlaps
            ],
        ),
        Sheet(
            "เทียบปี",
            ("บัญชี", "ปีก่อน", "ปีนี้", "ยังอยู่", "ใหม่", "กลับมาอีก", "หายไป"),
            [(LABELS[c.code], c.before, c.now, c.stayed, c.new, c.again, c.gone) for c in changes],
        ),
        Sheet(
            "ตัวเลขเผยแพร่",
            ("รายการ", "ที่เผยแพร่", "ในทะเบียน", "ต่างกัน"),
            [(p.label, p.value, p.held, p.difference) for p in published],
        ),
        Sheet("ที่มา", ("เรื่อง", "รายละเอียด"), _origin(area, year_be, a, b, by, at)),
    ]
    write_workbook(stream, sheets)
    record(
        event="export.made",
        by=by,
        at=at,
        area=area.pk,
        detail={"what": "reconciliation", "year_be": year_be, "a": a, "b": b},
    )
    stream.seek(0)
    return stream


def _numbers(found: Pair) -> tuple[int, ...]:
    counts = (found.both, found.only_a, found.only_b, found.conflicting)
    return tuple(number for one in counts for number in (one.households, one.people))


def _areas(signs: list[Signature], a: str, b: str) -> list[tuple[Any, ...]]:
    codes = sorted({one.area for one in signs})
    names = {place.pk: str(place) for place in Area.objects.filter(pk__in=codes)}
    return [
        (
            code,
            names.get(code, ""),
            *_numbers(figures.pair([one for one in signs if one.area == code], a, b)),
        )
        for code in codes
    ]


def _origin(
    area: Area, year_be: int, a: str, b: str, by: User, at: datetime
) -> list[tuple[str, str]]:
    return [
        ("พื้นที่", f"{area} ({area.pk})"),
        ("ปี พ.ศ. ของบัญชี", str(year_be)),
        ("บัญชีในแผ่นงานพื้นที่", f"แรก: {LABELS[a]} หลัง: {LABELS[b]}"),
        ("คน", "สมาชิกที่อยู่ในครัวเรือนเหล่านั้นตอนนี้"),
        ("ขัดแย้ง", "สองบัญชีบอกไม่ตรงกัน หรือผลสอบทานล่าสุดบอกต่างจากบัญชี นับซ้ำกับช่องอื่น"),
        ("ดาวน์โหลดโดย", by.username),
        ("ดาวน์โหลดเมื่อ", thai_datetime(at)),
    ]
