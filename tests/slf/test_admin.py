"""Reference data in the admin site: what may be mended there, and what may not."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from problems.models import IncomeThreshold, Indicator
from problems.rules import Dimension
from problems.services import dimensions_of, income_threshold
from slf import services
from slf.instrument import PD27_V1, Capital
from slf.models import Assessment, Item, Questionnaire
from slf.services import UnableToActivate, UnableToAssess
from slf.workflow import QuestionnaireStatus
from tests.slf.cases import MOMENT, YEAR_BE, Case, load_reference, make_case
from tests.slf.worked import raw_answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(admin: User) -> Client:
    load_reference()
    admin.is_staff = True
    admin.save(update_fields=["is_staff"])
    client = Client()
    client.force_login(admin)
    return client


def test_an_unpublished_indicator_is_filled_in(office: Client) -> None:
    row = Indicator.objects.get(indicator_set__code="bmn-2565", number=1)
    address = reverse("admin:problems_indicator_change", args=[row.pk])
    fields = {"wording": "ถ้อยคำจริง", "section": 1, "unit": "household", "dimension": "health"}
    refused = office.post(address, fields)
    assert "ต้องมีมิติ" in refused.content.decode()
    assert office.post(address, fields | {"counts_in_tpmap": "on"}).status_code == 302
    row.refresh_from_db()
    assert dimensions_of(row.indicator_set) == {1: Dimension.HEALTH}
    event = Event.objects.get(event="reference.changed")
    assert event.detail == {"fields": ["counts_in_tpmap", "dimension", "section", "wording"]}


def test_a_new_line_is_added_and_an_old_amount_stays(office: Client) -> None:
    added = office.post(
        reverse("admin:problems_incomethreshold_add"),
        {"version": 2, "year_from": 2568, "amount_thb": "45000", "source": "ประกาศ"},
    )
    assert added.status_code == 302
    assert income_threshold(2569).amount_thb == 45000

    old = IncomeThreshold.objects.get(version=1, year_from=2568)
    office.post(
        reverse("admin:problems_incomethreshold_change", args=[old.pk]),
        {"amount_thb": "1", "source": "ยืนยันแล้ว", "is_confirmed": "on"},
    )
    old.refresh_from_db()
    assert (old.amount_thb, old.is_confirmed) == (Decimal("40000.00"), True)


def test_a_questionnaire_in_use_is_copied_mended_and_replaced(office: Client) -> None:
    used = services.active_questionnaire()
    item = used.items.get(code="S1")
    assert office.post(item_address(item), {"question": "อื่น"}).status_code == 403

    listing = reverse("admin:slf_questionnaire_changelist")
    office.post(listing, {"action": "copy_as_draft", "_selected_action": [str(used.pk)]})
    draft = Questionnaire.objects.get(version=2)
    assert draft.status == QuestionnaireStatus.DRAFT
    mended = draft.items.get(code="S1")
    choices = list(mended.choices.order_by("level"))
    fields = {
        "question": "กลุ่มในชุมชน",
        "weight": "2",
        "choices-TOTAL_FORMS": 4,
        "choices-INITIAL_FORMS": 4,
    }
    for index, choice in enumerate(choices):
        fields |= {
            f"choices-{index}-id": str(choice.pk),
            f"choices-{index}-item": str(mended.pk),
            f"choices-{index}-text": choice.text if index else "ไม่อยู่ในกลุ่มใด",
        }
    answer = office.post(item_address(mended), fields)
    assert answer.status_code == 302, answer.context["errors"]

    office.post(listing, {"action": "put_into_use", "_selected_action": [str(draft.pk)]})
    used.refresh_from_db()
    assert used.status == QuestionnaireStatus.RETIRED
    now_used = services.instrument_of(services.active_questionnaire())
    assert now_used.version == 2
    assert now_used.item("S1").weight == 2
    assert now_used.item("S1").choices[0] == "ไม่อยู่ในกลุ่มใด"
    assert services.instrument_of(used) == PD27_V1


def item_address(item: Item) -> str:
    return reverse("admin:slf_item_change", args=[item.pk])


def test_a_copy_asks_the_same(admin: User) -> None:
    load_reference()
    used = services.active_questionnaire()
    copy = services.copy_questionnaire(questionnaire=used, by=admin, at=MOMENT)
    spec = services.instrument_of(copy)
    assert spec.version == 2
    assert spec.items == PD27_V1.items


def test_only_a_draft_with_questions_is_put_into_use(admin: User) -> None:
    load_reference()
    used = services.active_questionnaire()
    with pytest.raises(UnableToActivate, match="ร่าง"):
        services.activate_questionnaire(questionnaire=used, by=admin, at=MOMENT)
    empty = Questionnaire.objects.create(code="PD-27", version=9, title="ว่าง")
    with pytest.raises(UnableToActivate, match="ข้อคำถาม"):
        services.activate_questionnaire(questionnaire=empty, by=admin, at=MOMENT)
    assert services.active_questionnaire() == used


def test_who_sets_nothing_up_changes_no_questionnaire(district: User) -> None:
    load_reference()
    used = services.active_questionnaire()
    with pytest.raises(PermissionDenied):
        services.copy_questionnaire(questionnaire=used, by=district, at=MOMENT)
    with pytest.raises(PermissionDenied):
        services.activate_questionnaire(questionnaire=used, by=district, at=MOMENT)


def test_results_keep_the_questionnaire_they_were_made_with(
    areas: None, surveyor: User, admin: User
) -> None:
    case = make_case()
    first = start(case, surveyor, round=1)
    copy = services.copy_questionnaire(questionnaire=first.questionnaire, by=admin, at=MOMENT)
    with pytest.raises(UnableToAssess, match="ร่าง"):
        start(case, surveyor, round=2, questionnaire=copy)
    copy.items.filter(code="S1").update(weight=3)
    services.activate_questionnaire(questionnaire=copy, by=admin, at=MOMENT)

    second = start(case, surveyor, round=2)
    assert (first.questionnaire.version, second.questionnaire.version) == (1, 2)
    scores = []
    for assessment in (first, second):
        saved = services.save_answers(
            assessment=assessment,
            version=1,
            answers={code: raw_answers()[code] for code in ("S1", "S2", "S3", "S4", "S5")},
            by=surveyor,
            at=MOMENT,
        )
        done = services.complete_assessment(
            assessment=saved, version=saved.version, by=surveyor, at=MOMENT
        )
        scores.append(getattr(done, Capital.SOCIAL.value))
    assert scores == [Decimal("2.60"), Decimal("2.71")]  # 13 ÷ 5, and (9+2+3+3+2) ÷ 7


def start(case: Case, by: User, **overrides: Any) -> Assessment:
    return services.start_assessment(
        household=case.household, year_be=YEAR_BE, by=by, at=MOMENT, **overrides
    )
