from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from accounts.models import User
from areas.models import AreaChange
from audit.models import Event
from households.services import begin_help, end_help, propose_exit, reject_exit
from households.workflow import ExitReason, Stage
from tests.factories import make_household

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def test_help_begins_at_a_household_found_poor(district: User) -> None:
    household = make_household(stage=Stage.VERIFIED_POOR)

    assert begin_help(household=household, by=district, at=AT)

    household.refresh_from_db()
    assert (household.stage, household.stage_date) == (Stage.IN_HELP, TODAY)
    assert Event.objects.get(event="help.begun").subject_id == str(household.pk)
    assert AreaChange.objects.filter(area_id=household.area_id).exists()


def test_help_ends_where_it_began(district: User) -> None:
    household = make_household(stage=Stage.IN_HELP)

    assert end_help(household=household, by=district, at=AT)

    household.refresh_from_db()
    assert (household.stage, household.stage_date) == (Stage.VERIFIED_POOR, TODAY)
    assert Event.objects.filter(event="help.ended").count() == 1


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.VERIFIED_POOR])
def test_help_begins_nowhere_else(district: User, stage: Stage) -> None:
    household = make_household(stage=stage)

    assert not begin_help(household=household, by=district, at=AT)

    household.refresh_from_db()
    assert (household.stage, household.stage_date) == (stage, date(2026, 11, 1))
    assert not Event.objects.filter(event="help.begun").exists()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.IN_HELP])
def test_help_ends_only_where_it_is_under_way(district: User, stage: Stage) -> None:
    household = make_household(stage=stage)

    assert not end_help(household=household, by=district, at=AT)

    household.refresh_from_db()
    assert household.stage == stage


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (begin_help, Stage.VERIFIED_POOR, Stage.IN_HELP),
        (end_help, Stage.IN_HELP, Stage.VERIFIED_POOR),
        (begin_help, Stage.LISTED, Stage.LISTED),
    ],
)
def test_what_begins_while_an_exit_waits_holds_when_it_falls(
    district: User, act: Callable[..., bool], before: Stage, after: Stage
) -> None:
    household = make_household(stage=before)
    proposal = propose_exit(
        household=household, reason=ExitReason.MOVED, note="", by=district, at=AT
    )

    assert act(household=household, by=district, at=AT) == (before is not after)

    household.refresh_from_db()
    assert household.stage == Stage.EXIT_PROPOSED
    proposal.refresh_from_db()
    reject_exit(proposal=proposal, by=district, at=AT, reason="ยังอยู่")
    household.refresh_from_db()
    assert household.stage == after
