"""Merging and taking it back leaves every column of every table as it was."""

import sys
from collections import Counter
from random import Random

import pytest
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from duplicates import services
from duplicates.models import Merge, MergeChange
from duplicates.services import MERGED, SURVIVOR, Pairing
from duplicates.services.choosing import HOUSEHOLD_FIELDS, MEMBER_FIELDS
from duplicates.workflow import Act
from households.models import Household, Member
from households.workflow import Stage
from tests.duplicates.cases import AT, Maker, State, make_batch, state, tables
from tests.duplicates.lives import let_leave, live_on, share_people
from tests.factories import OTHER_PROVINCE, make_agency, make_scope
from tests.proof import times
from tests.slf.cases import load_reference


@pytest.fixture
def clerk(province: User) -> User:
    """Merges in both provinces."""
    make_scope(province, Role.PROVINCE_OFFICER, OTHER_PROVINCE)
    load_reference()
    return province


def _choices(random: Random, fields: object) -> dict[str, str]:
    assert isinstance(fields, dict)
    return {name: random.choice([SURVIVOR, MERGED]) for name in fields if random.random() < 0.7}


def _pairs(random: Random, survivor: Household, merged: Household) -> list[Pairing]:
    """Pair those who are written down twice, and some who only may be one."""
    staying = list(Member.objects.filter(household=survivor, merged_into=None).order_by("pk"))
    coming = list(Member.objects.filter(household=merged, merged_into=None).order_by("pk"))
    random.shuffle(staying)
    random.shuffle(coming)
    by_name = {one.name_key: one for one in staying}
    twins = [(by_name[other.name_key], other) for other in coming if other.name_key in by_name]
    taken = {member.pk for pair in twins for member in pair}
    strangers = zip(
        [one for one in staying if one.pk not in taken],
        [other for other in coming if other.pk not in taken],
        strict=False,
    )
    return [
        Pairing(
            survivor=one.pk,
            merged=other.pk,
            choices=_choices(random, MEMBER_FIELDS) | _own_id_if_held(other),
        )
        for one, other in {pair[0].pk: pair for pair in (*twins, *strangers)}.values()
        if random.random() < 0.7 and not (one.left_on and not other.left_on)
    ]


def _own_id_if_held(merged: Member) -> dict[str, str]:
    """The ID of somebody who left may be a third person's by now, and cannot be taken."""
    holders = Member.objects.present().filter(citizen_id_index=merged.citizen_id_index)
    is_held = merged.citizen_id_index and holders.exclude(pk=merged.pk).exists()
    return {"citizen_id": SURVIVOR} if is_held else {}


def _merge(random: Random, survivor: Household, merged: Household, *, by: User) -> Merge:
    survivor.refresh_from_db()
    merged.refresh_from_db()
    return services.merge_households(
        survivor=survivor,
        merged=merged,
        versions=(survivor.version, merged.version),
        choices=_choices(random, HOUSEHOLD_FIELDS),
        pairs=_pairs(random, survivor, merged),
        reason="บ้านเดียวกัน",
        by=by,
        at=AT,
    )


def _households(maker: Maker) -> tuple[Household, Household, Household | None]:
    """Make two that are to become one, and at times a third that one of them swallowed before."""
    survivor, merged = maker.household(), maker.household()
    third = maker.household() if maker.some(0.4) else None
    made = [each for each in (survivor, merged, third) if each is not None]
    for household in made:
        live_on(maker, household)
    for one, other in ((survivor, merged), (merged, survivor), (survivor, third)):
        if one is not None and other is not None and maker.some(0.6):
            share_people(maker, one, other)
    if maker.some(0.2):
        let_leave(maker, merged)
        if maker.some():
            let_leave(maker, survivor)
    return survivor, merged, third


def test_merge_and_unmerge_return_the_same_state_in_every_column(
    clerk: User, capsys: pytest.CaptureFixture[str]
) -> None:
    agency, batch = make_agency(), make_batch(clerk)
    seen: Counter[str] = Counter()
    empty: set[str] = {model._meta.db_table for model in tables()}
    for seed in range(times(10, full=1000)):
        with transaction.atomic():
            maker = Maker(seed + 1, by=clerk, agency=agency, batch=batch)
            survivor, merged, third = _households(maker)
            first = state()
            empty -= {table for table, rows in first.items() if rows}
            earlier = None
            if third is not None and third.stage != Stage.EXITED:
                swallows = maker.pick(survivor, merged)
                if swallows.stage != Stage.EXITED:
                    earlier = _merge(maker.random, swallows, third, by=clerk)
                    seen["chains" if swallows is merged else "twice into one"] += 1
            before = state()
            merge = _merge(maker.random, survivor, merged, by=clerk)
            between = state()
            assert between != before, seed
            _nothing_is_lost(before, between)
            acts = MergeChange.objects.filter(merge=merge).values_list("act", "table")
            seen.update(Counter(act for act, _ in acts))
            if earlier is not None and maker.some() and _is_undone(earlier, by=clerk, was=between):
                seen["the earlier one undone first"] += 1
                _undo(merge, seed, by=clerk)
                _is_as_it_was(first, seed)
            else:
                _undo(merge, seed, by=clerk)
                _is_as_it_was(before, seed)
                if earlier is not None:
                    _undo(earlier, seed, by=clerk)
                    _is_as_it_was(first, seed)
            transaction.set_rollback(True)
    with capsys.disabled():
        sys.stdout.write(f"\nMerged and taken back: {dict(sorted(seen.items()))}\n")
    # A proof over pairs in which nothing clashed or moved, or that have nothing in a table,
    # would prove nothing.
    assert {act.value for act in Act} | {"chains", "twice into one"} <= seen.keys()
    assert empty == set()


def _undo(merge: Merge, seed: int, *, by: User) -> None:
    """Take the last merge back: nothing happened since that could stand in the way."""
    try:
        services.unmerge(merge=merge, reason="รวมผิด", by=by, at=AT)
    except services.UnableToUnmerge as error:
        pytest.fail(f"seed {seed}: {error} {error.reasons}")


def _is_undone(merge: Merge, *, by: User, was: State) -> bool:
    """Undo a merge after which there was another; a refusal changes nothing."""
    try:
        with transaction.atomic():
            services.unmerge(merge=merge, reason="รวมผิด", by=by, at=AT)
    except services.UnableToUnmerge:
        assert state() == was
        return False
    return True


def _is_as_it_was(was: State, seed: int) -> None:
    now_there = state()
    for table, rows in was.items():
        assert now_there[table] == rows, (seed, table)


def _nothing_is_lost(before: State, between: State) -> None:
    for table, rows in before.items():
        assert rows.keys() <= between[table].keys(), table


def test_the_state_is_that_of_every_table_which_hangs_on_a_household() -> None:
    names = {model._meta.label for model in tables()}
    assert {
        "households.SourceListing",
        "problems.ProblemMember",
        "referrals.AssistancePhoto",
        "slf.AssessmentRevision",
        "imports.ImportRow",
        "plans.HouseholdPlan",
    } <= names
