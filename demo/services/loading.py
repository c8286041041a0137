"""Make the demo province the way people make theirs: with the product's own use cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from accounts.services import create_demo_accounts
from areas.models import Area
from demo.services.caring import care
from demo.services.changing import change
from demo.services.doubling import write_down_twice
from demo.services.fielding import share_out
from demo.services.meeting import meet
from demo.services.planning import plan
from demo.services.registering import (
    SURVEYED,
    UnableToLoad,
    add_missed,
    assess,
    decide_exits,
    import_list,
    leave_list_waiting,
    visit,
)
from duplicates.services import look_for_duplicates
from households.models import Household
from imports.models import ImportBatch
from quality.services import count_all
from referrals.services import load_default_rules

PROVINCE = "30"
HOUSEHOLDS = 500
LONGEST_AGO_DAYS = 150


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made."""

    accounts: int
    households: int
    visited: int
    assessed: int
    added: int
    referrals: int
    graduated: int


def load_demo(
    *, password: str, at: datetime, households: int = HOUSEHOLDS, seed: int = 1
) -> Loaded:
    """Make the demo accounts and about `households` households with their stories.

    Only into a database without households. Everything is decided by `seed`, but for
    keys and times. Raises UnableToLoad.
    """
    if Household.objects.exists() or ImportBatch.objects.exists():
        raise UnableToLoad("มีครัวเรือนหรือการนำเข้าอยู่แล้ว ข้อมูลตัวอย่างสร้างได้ในฐานข้อมูลว่างเท่านั้น")
    accounts = {user.username: user for user in create_demo_accounts(password=password, at=at)}
    random = Random(seed)  # noqa: S311 - invented people, no secret
    began = at - timedelta(days=LONGEST_AGO_DAYS)
    import_list(accounts["admin"], households=households, seed=seed, at=began - timedelta(days=2))
    # One commit for some thousand writes; the import above has its own, chunk by chunk.
    with transaction.atomic():
        load_default_rules(
            province=Area.objects.get(pk=PROVINCE), by=accounts["province"], at=began
        )
        visited = visit(accounts, random, began=began, at=at)
        added = add_missed(accounts["surveyor"], random, at=at - timedelta(days=3))
        assessed = assess(accounts, random, at=at)
        decide_exits(accounts["province"], random, at=at - timedelta(days=1))
        cared = care(accounts, random, at=at)
        plan(accounts, random, at=at)
        meet(accounts["province"], at=at)
        added += change(accounts, at=at)
        added += write_down_twice(accounts["surveyor"], at=at - timedelta(days=1))
        share_out(accounts, area_code=SURVEYED, at=at)
    leave_list_waiting(accounts["admin"], seed=seed + 1, at=at)
    look_for_duplicates(at=at)
    count_all(at=at)
    return Loaded(
        accounts=len(accounts),
        households=Household.objects.count(),
        visited=visited,
        assessed=assessed,
        added=added,
        referrals=cared.referrals,
        graduated=cared.graduated,
    )
