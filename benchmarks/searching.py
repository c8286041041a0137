"""Looking for a part of a Thai name, as the product does it and as the bare index does."""

from collections.abc import Sequence
from functools import partial
from random import Random

from django.db import connection

from accounts.models import User
from benchmarks.report import percentile, seconds
from casework.services import MOST_FOUND
from households.models import Household, Member
from households.querysets import SHORTEST_PART
from households.services import By, Wanted, matching
from ppaos.lib.thai_names import fold

_LETTERS = 3
_BARE = (
    "SELECT household_id FROM households_member"
    " WHERE province_code = %s AND search_key LIKE %s AND left_on IS NULL LIMIT %s"
)


def parts_of_names(count: int, *, seed: int = 1) -> list[str]:
    """Return pieces of three letters from inside the names of people who are there."""
    random = Random(seed)
    keys = list(
        Member.objects.filter(left_on__isnull=True)
        .order_by("pk")
        .values_list("name_key", flat=True)
    )
    pieces: list[str] = []
    while len(pieces) < count:
        key = random.choice(keys)
        begin = random.randint(1, max(1, len(key) - _LETTERS))
        piece = key[begin : begin + _LETTERS]
        if len(fold(piece)) >= SHORTEST_PART and not piece.isdigit():
            pieces.append(piece)
    return pieces


def ours(pieces: Sequence[str], *, by: User) -> float:
    """Return the 95th percentile in seconds of the product's own search, scope included."""
    return percentile([seconds(partial(_find, piece, by)) for piece in pieces], 0.95)


def _find(piece: str, by: User) -> list[object]:
    found = matching(Wanted(By.NAME, piece), by=by)
    return list(found.order_by("area_id", "pk").values_list("pk", flat=True)[: MOST_FOUND + 1])


def bare(pieces: Sequence[str], *, province: str) -> float:
    """Return the same of one statement that asks the index and nothing else."""

    def ask(piece: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE, [province, f"%{fold(piece)}%", MOST_FOUND + 1])
            cursor.fetchall()

    return percentile([seconds(partial(ask, piece)) for piece in pieces], 0.95)


def plan(piece: str, *, by: User, province: str) -> str:
    """Return PostgreSQL's plan of the product's search for one piece."""
    visible = Household.objects.visible_to(by).with_name_part(fold(piece), provinces={province})
    return str(
        visible.order_by("area_id", "pk")
        .values_list("pk", flat=True)[: MOST_FOUND + 1]
        .explain(analyze=True, buffers=True)
    )
