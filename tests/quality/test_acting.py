"""Excusing rows, and setting the rules of a province."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from areas.models import Area
from audit.models import Event
from households.models import Member
from quality import services
from quality.models import Exemption
from quality.rules import RULES
from tests.factories import PROVINCE, VILLAGE, make_member
from tests.quality.breaking import AT

pytestmark = pytest.mark.django_db
RULE = RULES["no-id"]


def found(by: User) -> int:
    board = services.board(area=Area.objects.get(pk=VILLAGE), by=by)
    return sum(line.found for line in board.lines if line.rule is RULE)


@pytest.fixture
def member(areas: None) -> Member:
    member = make_member(citizen_id=None)
    services.count_all(at=AT)
    return member


def excuse(member: Member, by: User, reason: str = "ไม่มีเลขจริง ตรวจแล้ว") -> Exemption:
    return services.excuse(rule=RULE, subject=member, reason=reason, by=by, at=AT)


def test_an_excused_row_is_gone_until_it_changes(member: Member, surveyor: User) -> None:
    assert found(surveyor) == 1
    kept = excuse(member, surveyor)
    assert found(surveyor) == 0
    assert (kept.made_by, kept.made_at, kept.subject_version) == (surveyor, AT, member.version)
    assert Event.objects.get(event="exemption.added").detail == {
        "rule": "no-id",
        "row": str(member.pk),
    }
    Member.objects.filter(pk=member.pk).update(version=member.version + 1)
    services.count_areas([VILLAGE], at=AT + timedelta(days=1))
    assert found(surveyor) == 1


def test_an_excuse_needs_a_reason_and_is_made_once(member: Member, surveyor: User) -> None:
    with pytest.raises(services.UnableToExcuse, match="บอกเหตุ"):
        excuse(member, surveyor, reason=" ")
    excuse(member, surveyor)
    with pytest.raises(services.UnableToExcuse, match="ไว้แล้ว"):
        excuse(member, surveyor)


def test_an_ended_excuse_brings_the_row_back(member: Member, surveyor: User) -> None:
    kept = excuse(member, surveyor)
    services.end_exemption(exemption=kept, by=surveyor, at=AT)
    assert found(surveyor) == 1
    with pytest.raises(services.UnableToExcuse, match="ยกเลิกไปแล้ว"):
        services.end_exemption(exemption=kept, by=surveyor, at=AT)


def test_who_may_not_edit_excuses_nothing(member: Member, viewer: User, outsider: User) -> None:
    for somebody in (viewer, outsider):
        with pytest.raises(PermissionDenied):
            excuse(member, somebody)
    assert not Exemption.objects.exists()


def test_a_row_is_excused_on_a_page_and_taken_back_there(member: Member, surveyor: User) -> None:
    client = Client()
    client.force_login(surveyor)
    answer = client.post(f"/quality/no-id/{member.pk}/excuse/", {"reason": "ตรวจแล้ว"}, follow=True)
    assert "ยกเว้นไว้ 1 รายการ" in answer.content.decode()
    kept = Exemption.objects.get()
    answer = client.post(f"/quality/exemptions/{kept.pk}/end/", follow=True)
    assert "ยกเลิกข้อยกเว้นแล้ว" in answer.content.decode()
    assert found(surveyor) == 1


# ---- rules of a province ---------------------------------------------------------------------
def set_rule(by: User, code: str, *, is_on: bool = True, threshold: int | None = None) -> None:
    services.set_rule(
        province=Area.objects.get(pk=PROVINCE),
        rule=RULES[code],
        is_on=is_on,
        threshold=threshold,
        by=by,
        at=AT,
    )


def test_a_rule_switched_off_counts_nothing_and_is_recorded(member: Member, province: User) -> None:
    set_rule(province, "no-id", is_on=False)
    assert found(province) == 0
    assert Event.objects.get(event="quality-rule.set").detail["is_on"] is False
    set_rule(province, "no-id")
    assert found(province) == 1


def test_a_threshold_is_held_against_its_limits_and_used(province: User, areas: None) -> None:
    make_member(birth_year=1930, birth_date=None)
    set_rule(province, "too-old", threshold=95)
    board = services.board(area=Area.objects.get(pk=VILLAGE), by=province)
    assert {line.rule.code: line.found for line in board.lines}["too-old"] == 1
    for code, threshold, words in (("too-old", 5, "90 ถึง 150"), ("no-id", 5, "ไม่มีเกณฑ์")):
        with pytest.raises(services.UnableToSet, match=words):
            set_rule(province, code, threshold=threshold)


def test_only_the_province_sets_its_rules(district: User, outsider: User) -> None:
    for somebody in (district, outsider):
        with pytest.raises(PermissionDenied):
            set_rule(somebody, "no-id", is_on=False)


def test_rules_are_set_on_a_page(member: Member, province: User) -> None:
    client = Client()
    client.force_login(province)
    said = {
        f"{one.rule.code}-{name}": value
        for one in services.standing_rules(PROVINCE)
        for name, value in (("is_on", "on"), ("threshold", one.threshold))
    }
    del said["no-id-is_on"]
    said["too-old-threshold"] = 5
    answer = client.post("/quality/rules/", said)
    assert "ต้องไม่น้อยกว่า 90" in answer.content.decode()
    assert found(province) == 1
    said["too-old-threshold"] = 100
    answer = client.post("/quality/rules/", said, follow=True)
    assert "เปลี่ยน 2 กติกา" in answer.content.decode()
    assert found(province) == 0
