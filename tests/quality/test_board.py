"""The board's counts, the rows behind them, and how both follow what is mended."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from areas.models import Area
from audit.services import record
from households.models import Household, Member
from jobs.models import Job
from jobs.workflow import State as JobState
from quality import services, tasks
from quality.models import QualityDay
from quality.rules import RULES
from quality.services import ask_in, found_rows, standing_rules
from tests.factories import (
    DISTRICT,
    NEXT_SUBDISTRICT,
    PROVINCE,
    SUBDISTRICT,
    VILLAGE,
    make_household,
    make_member,
    make_user,
)
from tests.quality.breaking import AT, TODAY, poor, visit

pytestmark = pytest.mark.django_db
NEXT_VILLAGE = "30320201"


def counts(area: str, by: User) -> dict[str, int]:
    found = services.board(area=Area.objects.get(pk=area), by=by)
    return {line.rule.code: line.found for line in found.lines if line.found}


def page(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.fixture
def broken(areas: None) -> dict[str, Household]:
    """Two homes without a head and three people without an ID, one of them in the next tambon."""
    here, there = make_household(), make_household(area_id=NEXT_VILLAGE)
    for home, people in ((here, 2), (there, 1)):
        for _ in range(people):
            make_member(home, citizen_id=None)
    services.count_all(at=AT)
    return {"here": here, "there": there}


def test_counts_are_by_rule_and_area(broken: dict[str, Household], province: User) -> None:
    found = counts(PROVINCE, province)
    assert (found["no-id"], found["no-head"]) == (3, 2)
    assert counts(SUBDISTRICT, province)["no-id"] == 2
    assert counts(NEXT_SUBDISTRICT, province)["no-id"] == 1
    inside = services.board(area=Area.objects.get(pk=DISTRICT), by=province).areas
    assert [(line.area.pk, line.found, line.serious) for line in inside] == [
        (SUBDISTRICT, 3, 3),
        (NEXT_SUBDISTRICT, 2, 2),
    ]


def test_every_count_is_the_number_of_its_rows(
    broken: dict[str, Household], province: User
) -> None:
    found = counts(PROVINCE, province)
    assert found
    for code in RULES:
        text = page(province, f"/quality/rows/?rule={code}&area={PROVINCE}")
        assert text.count("ยกเว้น พร้อมเหตุผล") == found.get(code, 0), code


def test_a_mended_row_leaves_the_list_at_once_and_the_count_with_the_next_look(
    broken: dict[str, Household], province: User
) -> None:
    member = broken["there"].members.get()
    Member.objects.filter(pk=member.pk).update(no_id_reason="ไม่มีบัตร", version=2)
    later = AT + timedelta(minutes=1)
    record(event="member.updated", subject=member, by=province, at=later, area=NEXT_VILLAGE)
    assert "0 รายการ" in page(province, f"/quality/rows/?rule=no-id&area={NEXT_VILLAGE}")
    assert services.refresh(at=later) == 1
    assert counts(PROVINCE, province)["no-id"] == 2
    assert services.refresh(at=later + timedelta(minutes=1)) == 0, "one act is counted once"


def test_reading_alone_makes_nothing_count_again(
    broken: dict[str, Household], province: User
) -> None:
    later = AT + timedelta(minutes=1)
    record(event="household.read", by=province, at=later, area=VILLAGE)
    assert services.refresh(at=later) == 0


def test_an_act_that_commits_late_is_counted_all_the_same(
    broken: dict[str, Household], province: User
) -> None:
    services.refresh(at=AT + timedelta(minutes=2))
    record(event="member.updated", by=province, at=AT + timedelta(minutes=1), area=VILLAGE)
    assert services.refresh(at=AT + timedelta(minutes=3)) == 1


def test_nothing_is_counted_beside_a_list_that_is_read_or_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(services, "refresh", lambda *, at: asked.append(at))
    job = Job.objects.create(
        kind="imports.stage", subject_id=uuid.uuid4(), queue="imports", created_at=AT
    )
    tasks.refresh()
    assert not asked
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=AT)
    tasks.refresh()
    assert len(asked) == 1


def test_a_surveyor_sees_the_rows_of_own_visits_only(areas: None) -> None:
    surveyor, other = (make_user(Role.SURVEYOR, SUBDISTRICT) for _ in range(2))
    for by in (surveyor, surveyor, other):
        visit(poor(), by)
    services.count_all(at=AT)
    place = Area.objects.get(pk=SUBDISTRICT)
    own = services.board(area=place, by=surveyor).surveyors
    assert [line.pk for line in own] == [surveyor.pk]
    lead = make_user(Role.TEAM_LEAD, SUBDISTRICT)
    both = {line.pk: line.found for line in services.board(area=place, by=lead).surveyors}
    assert both.keys() == {surveyor.pk, other.pk}
    assert both[surveyor.pk] == 2 * both[other.pk]
    address = f"/quality/rows/?rule=poor-no-problem&area={SUBDISTRICT}&recorder="
    assert page(lead, f"{address}{other.pk}").count("ยกเว้น พร้อมเหตุผล") == 1
    client = Client()
    client.force_login(surveyor)
    assert client.get(f"{address}{other.pk}").status_code == 404


def test_a_protected_household_is_counted_and_not_listed(
    broken: dict[str, Household], province: User
) -> None:
    Household.objects.filter(pk=broken["there"].pk).update(is_protected=True)
    services.count_all(at=AT)
    assert counts(NEXT_VILLAGE, province)["no-id"] == 1
    text = page(province, f"/quality/rows/?rule=no-id&area={NEXT_VILLAGE}")
    assert "อีก 1 รายการนับรวมแต่ไม่แสดง" in text
    assert str(broken["there"].pk) not in text


def test_the_night_keeps_a_day_of_each_tambon_once(broken: dict[str, Household]) -> None:
    services.count_all(at=AT)
    kept = QualityDay.objects.filter(rule="no-id").values_list("area_code", "day", "found")
    assert sorted(kept) == [(SUBDISTRICT, TODAY, 2), (NEXT_SUBDISTRICT, TODAY, 1)]


def test_outside_the_own_area_there_is_no_board(
    broken: dict[str, Household], outsider: User, viewer: User
) -> None:
    client = Client()
    client.force_login(outsider)
    assert client.get(f"/quality/?area={PROVINCE}").status_code == 404
    assert client.get(f"/quality/rows/?rule=no-id&area={PROVINCE}").status_code == 404
    client.force_login(viewer)
    assert client.get("/quality/").status_code == 403


def test_the_board_is_read_in_a_fixed_number_of_queries(
    broken: dict[str, Household], province: User, django_assert_max_num_queries: object
) -> None:
    client = Client()
    client.force_login(province)
    client.get("/quality/")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get("/quality/")


def test_the_row_leads_to_the_field_that_mends_it(
    broken: dict[str, Household], province: User
) -> None:
    member = broken["there"].members.get()
    text = page(province, f"/quality/rows/?rule=no-id&area={NEXT_VILLAGE}")
    address = f"/households/{broken['there'].pk}/members/{member.pk}/edit/"
    assert f'href="{address}#id_citizen_id"' in text
    assert re.search(r'id="id_citizen_id"', page(province, address))


def test_the_rows_of_a_rule_are_the_same_for_a_part_of_the_province(
    broken: dict[str, Household],
) -> None:
    """A rule asked of villages finds together what it finds in the province."""
    for standing in standing_rules(PROVINCE):
        whole = found_rows(standing, ask_in(standing, [PROVINCE], today=TODAY))
        parts = found_rows(standing, ask_in(standing, [VILLAGE, NEXT_VILLAGE], today=TODAY))
        assert set(whole.values_list("pk")) == set(parts.values_list("pk")), standing.rule.code


def test_the_first_look_counts_everything(areas: None, province: User) -> None:
    make_member(citizen_id=None)
    services.refresh(at=AT)
    assert counts(PROVINCE, province)["no-id"] == 1


def test_the_board_leads_to_duplicates_only_whom_it_lets_in(
    areas: None, surveyor: User, district: User
) -> None:
    link = 'href="/duplicates/"'
    assert link in page(district, "/quality/")
    assert link not in page(surveyor, "/quality/")
