"""A plan drafted before the register was asked comes out as one that was made from it."""

import random
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from households.models import Household, Member
from imports.apply import running
from imports.apply.drafting import is_worthwhile
from imports.models import ImportBatch
from ppaos.lib import citizen_id
from tests.imports.batches import applied, apply, line, people, staged, state_of_register
from tests.proof import times

pytestmark = pytest.mark.django_db


class _BackToTheBeginning(Exception):
    pass


def meanwhile(chance: random.Random) -> None:
    """Let somebody move, leave, get another ID or house code after the lines were compared."""
    for member in chance.sample(list(Member.objects.order_by("first_name", "last_name")), 2):
        member.last_name = f"ทดสอบ{chance.randrange(24)}"
        member.version += 1
        member.save()
    home = chance.choice(list(Household.objects.order_by("house_code")))
    home.house_code = line(4 * chance.randrange(4, 8))["รหัสบ้าน"]
    home.version += 1
    with_code = Household.objects.filter(house_code=home.house_code)
    if not with_code.exists():
        home.save()


def story(seed: int, by: User, *, drafts: bool, patch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """Import a list of which the register knows a little; forget it all, return what was seen."""
    chance = random.Random(seed)
    lines = people(32)
    known = [{**each, "ปีข้อมูล TPMAP": ""} for each in lines[: chance.choice((4, 12, 20))]]
    elsewhere = {"รหัสบ้าน": line(80)["รหัสบ้าน"], "เลขประจำตัวประชาชน": ""}
    known.append({**lines[25], **elsewhere, "ปีข้อมูล TPMAP": ""})
    for each in chance.sample(lines, 6):
        cell = chance.choice(("เลขประจำตัวประชาชน", "รหัสบ้าน", "นามสกุล", "บ้านเลขที่"))
        other = {"เลขประจำตัวประชาชน": citizen_id.generate(chance.randrange(40)), "นามสกุล": "ใหม่"}
        each[cell] = chance.choice(("", other.get(cell, chance.choice(lines)[cell])))
    patch.setattr(running, "is_worthwhile", lambda batch: drafts)
    try:
        with transaction.atomic():
            applied(known, by, year_be=2566)
            batch = staged(lines, by)
            meanwhile(chance)
            apply(batch, by)
            columns = ("row", "verdict", "codes", "action", "household_action", "is_applied")
            rows = [*batch.rows.order_by("row").values_list(*columns)]
            issues = [*batch.issues.order_by("row", "column", "code").values_list("row", "code")]
            notes = sorted(
                (sorted(each.tables), each.chunk) for each in batch.added.order_by("chunk")
            )
            state = state_of_register(with_keys=False)
            raise _BackToTheBeginning
    except _BackToTheBeginning:
        return batch.state, batch.effect, rows, issues, notes, state


@pytest.mark.parametrize("seed", range(times(3, full=60)))
def test_a_draft_ends_as_a_plan(
    seed: int, admin: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_CHUNK_LINES = random.Random(seed).choice((5, 9, 1_000))
    with_drafts = story(seed, admin, drafts=True, patch=monkeypatch)
    without = story(seed, admin, drafts=False, patch=monkeypatch)

    assert with_drafts == without
    assert with_drafts[0] == "applied"


def test_drafts_are_made_for_lists_that_bring_mostly_new_households() -> None:
    def counted(created: int, households: int) -> ImportBatch:
        return ImportBatch(effect={"households_created": created, "households": households})

    assert is_worthwhile(counted(6, 10))
    assert not is_worthwhile(counted(5, 10))
    assert not is_worthwhile(ImportBatch(effect={}))
