"""Merging and taking it back leaves every column of every table as it was."""

from random import Random

import pytest
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from duplicates import services
from duplicates.models import MergeChange
from duplicates.services import MERGED, SURVIVOR, Pairing
from duplicates.services.choosing import HOUSEHOLD_FIELDS, MEMBER_FIELDS
from duplicates.workflow import Act
from households.models import Household, Member
from tests.duplicates.cases import AT, Maker, make_batch, state, tables
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
    staying = list(Member.objects.filter(household=survivor).order_by("pk"))
    coming = list(Member.objects.filter(household=merged).order_by("pk"))
    random.shuffle(staying)
    random.shuffle(coming)
    return [
        Pairing(survivor=one.pk, merged=other.pk, choices=_choices(random, MEMBER_FIELDS))
        for one, other in zip(staying, coming, strict=False)
        if random.random() < 0.6 and not (one.left_on and not other.left_on)
    ]


def test_merge_and_unmerge_return_the_same_state_in_every_column(clerk: User) -> None:
    agency, batch = make_agency(), make_batch(clerk)
    acts: set[str] = set()
    for seed in range(times(12, full=1000)):
        with transaction.atomic():
            maker = Maker(seed + 1, by=clerk, agency=agency, batch=batch)
            survivor, merged = maker.household(), maker.household()
            before = state()
            merge = services.merge_households(
                survivor=survivor,
                merged=merged,
                versions=(survivor.version, merged.version),
                choices=_choices(maker.random, HOUSEHOLD_FIELDS),
                pairs=_pairs(maker.random, survivor, merged),
                reason="บ้านเดียวกัน",
                by=clerk,
                at=AT,
            )
            between = state()
            assert between != before, seed
            assert between["households_household"][str(merged.pk)] != ""
            _nothing_is_lost(before, between)
            services.unmerge(merge=merge, reason="รวมผิด", by=clerk, at=AT)
            after = state()
            for table, rows in before.items():
                assert after[table] == rows, (seed, table)
            acts |= set(MergeChange.objects.filter(merge=merge).values_list("act", flat=True))
            transaction.set_rollback(True)
    # A proof over pairs in which nothing clashed or moved would prove nothing.
    assert acts == {act.value for act in Act}


def _nothing_is_lost(before: dict[str, dict[str, str]], between: dict[str, dict[str, str]]) -> None:
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
