"""Two that may be one are put side by side, merged, told apart, and parted again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import User
from accounts.services import issue_token
from audit.models import Event
from duplicates import services
from duplicates.models import Candidate, Merge, Search
from duplicates.workflow import State
from households.models import Household, Member
from tests import things
from tests.factories import make_household, make_member

AT = datetime(2099, 11, 20, 3, 0, tzinfo=UTC)


def candidate() -> tuple[Candidate, Household, Household]:
    """Make a pair of people; the first household has a house code, the second none."""
    one = make_household(house_no="12")
    other = make_household(house_no="12", house_code=None, temporary_code="TMP-303201-AAAAAA")
    for home in (one, other):
        make_member(home, citizen_id=None, last_name="ทดสอบซ้ำ", is_head=True)
    make_member(other, citizen_id=None, first_name="บุตร", last_name="ทดสอบซ้ำ")
    services.run_search(search=Search.objects.create(asked_at=AT), at=AT)
    return Candidate.objects.get(kind="person"), one, other


def form(pair: Candidate, one: Household, other: Household, **more: str) -> dict[str, str]:
    return {
        "survivor": str(one.pk),
        "survivor_version": "1",
        "merged_version": "1",
        "reason": "บ้านเดียวกัน",
        **more,
    }


def test_the_page_shows_both_and_merging_leads_to_the_survivor(
    client: Client, district: User
) -> None:
    pair, one, other = candidate()
    client.force_login(district)
    page = client.get("/duplicates/").content.decode()
    assert f"/duplicates/{pair.pk}/" in page
    page = client.get(f"/duplicates/{pair.pk}/").content.decode()
    assert "TMP-303201-AAAAAA" in page
    assert one.code in page
    mine, theirs = (Member.objects.get(household=home, is_head=True) for home in (one, other))
    answer = client.post(
        f"/duplicates/{pair.pk}/merge/",
        form(pair, one, other, **{f"who-{theirs.pk}": str(mine.pk)}),
    )
    assert answer["Location"] == f"/households/{one.pk}/"
    assert one.members.filter(left_on__isnull=True).count() == 2
    theirs.refresh_from_db()
    assert theirs.merged_into_id == mine.pk
    # The old address leads to the survivor; the pair is in no list any more.
    assert client.get(f"/households/{other.pk}/")["Location"] == f"/households/{one.pk}/"
    assert f"/duplicates/{pair.pk}/" not in client.get("/duplicates/").content.decode()
    assert Event.objects.filter(event="household.merged", subject_id=str(one.pk)).count() == 1


def test_of_two_who_merge_the_same_pair_one_wins(client: Client, district: User) -> None:
    pair, one, other = candidate()
    wish = services.Wish(survivor=one.pk, versions=(1, 1), choices={}, pairs=[], reason="ซ้ำ")
    services.merge_pair(candidate=pair, wish=wish, by=district, at=AT)
    client.force_login(district)
    # The second had the page open before.
    with pytest.raises(services.UnableToMerge, match="มีผู้รวมรายการนี้ไปแล้ว"):
        services.merge_pair(candidate=pair, wish=wish, by=district, at=AT)
    page = client.post(f"/duplicates/{pair.pk}/merge/", form(pair, one, other), follow=True)
    assert "มีผู้รวมรายการนี้ไปแล้ว" in page.content.decode()
    assert Merge.objects.count() == 1


def test_a_merge_is_taken_back_on_its_page(client: Client, district: User) -> None:
    merge = Merge.objects.get(pk=things.a_merge()["pk"])
    client.force_login(district)
    url = f"/duplicates/merges/{merge.pk}/"
    assert "แยกกลับเป็นสองราย" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "รวมผิด"}).status_code == 302
    assert Household.objects.visible_to(district).filter(pk=merge.merged_id).exists()
    assert "มีผู้แยกกลับไปแล้ว" in client.post(url, {"reason": "อีกครั้ง"}).content.decode()


def test_later_work_keeps_a_merge_with_its_reasons(client: Client, district: User) -> None:
    _, one, other = candidate()
    moved = Member.objects.get(household=other, first_name="บุตร")
    merge = services.merge_households(
        survivor=one,
        merged=other,
        versions=(1, 1),
        choices={},
        pairs=[],
        reason="ซ้ำ",
        by=district,
        at=AT,
    )
    Member.objects.filter(pk=moved.pk).update(seq=9)
    client.force_login(district)
    page = client.post(f"/duplicates/merges/{merge.pk}/", {"reason": "รวมผิด"}).content.decode()
    assert "สมาชิก: มีผู้แก้ไข" in page
    assert Household.objects.get(pk=other.pk).merged_into_id == one.pk


def test_a_pair_told_apart_is_not_listed(client: Client, district: User) -> None:
    pair, _, _ = candidate()
    client.force_login(district)
    url = f"/duplicates/{pair.pk}/distinct/"
    assert client.post(url, {"reason": " "}).status_code == 302
    assert Candidate.objects.get(pk=pair.pk).state == State.OPEN
    client.post(url, {"reason": "ลูกพี่\0ลูกน้อง"})
    assert Candidate.objects.get(pk=pair.pk).reason == "ลูกพี่ลูกน้อง"
    assert f"/duplicates/{pair.pk}/" not in client.get("/duplicates/").content.decode()


def test_the_api_lists_merges_and_parts(district: User) -> None:
    pair, one, other = candidate()
    token = issue_token(user=district, by=district, at=now()).token
    client = Client(HTTP_AUTHORIZATION=f"Bearer {token}")
    (row, *_) = client.get("/api/v1/duplicates/?kind=person").json()["results"]
    assert UUID(row["id"]) == pair.pk
    body = {
        "survivor": str(other.pk),
        "survivor_version": 1,
        "merged_version": 1,
        "reason": "ซ้ำ",
        "choices": {"code": "merged"},
    }
    made = client.post(
        f"/api/v1/duplicates/{pair.pk}/merge/", body, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    # The house code came over to the survivor, which had a temporary one.
    assert Household.objects.get(pk=other.pk).house_code == one.house_code
    undone = client.post(
        f"/api/v1/merges/{made.json()['id']}/undo/",
        {"reason": "รวมผิด"},
        content_type="application/json",
    )
    assert undone.status_code == 200, undone.content
    assert Household.objects.get(pk=one.pk).house_code == one.house_code
