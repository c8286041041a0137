"""PD-27 page by page, as plain posts: no script is needed for any of it."""

from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import User
from households.workflow import Stage
from problems.models import Problem
from problems.workflow import Origin, Resolution, Status
from slf import services
from slf.instrument import Group
from slf.models import Assessment, LivelihoodProfile
from slf.workflow import Period, State
from tests.slf.cases import YEAR_BE, Case, make_case

pytestmark = pytest.mark.django_db

STEPS = ["members", "human", "physical", "financial", "natural", "social", "review"]


@pytest.fixture
def case(areas: None) -> Case:
    return make_case()


@pytest.fixture
def phone(surveyor: User) -> Client:
    client = Client()
    client.force_login(surveyor)
    return client


def start(case: Case, phone: Client) -> Assessment:
    response = phone.post(
        reverse("slf:assess", args=[case.household.pk]),
        {"year_be": YEAR_BE, "round": 1, "period": "before", "assessed_on": "20/11/2567"},
    )
    assessment = Assessment.objects.get()
    assert response["Location"] == step_url(assessment, "members")
    return assessment


def step_url(assessment: Assessment, step: str) -> str:
    return reverse("slf:step", args=[assessment.household_id, assessment.pk, step])


def result_url(assessment: Assessment) -> str:
    return reverse("slf:result", args=[assessment.household_id, assessment.pk])


def posted(case: Case, step: str) -> dict[str, Any]:
    """What a person would send from one page for the worked household."""
    answers = case.answers()
    letter = {"human": "H", "physical": "P", "social": "S"}.get(step)
    if step == "human":
        return {
            f"{code}-{member}": str(level)
            for code, levels in answers.items()
            if code.startswith("H")
            for member, level in levels.items()
        }
    if letter:
        return {c: str(level) for c, level in answers.items() if c.startswith(letter)}
    if step == "financial":
        return {
            "income_thb_per_year": "๙๖,๐๐๐",
            "expense_thb_per_month": "9,000 บาท",
            "savings_thb": "0",
            "has_debts": "yes",
            "debt-baac": "120,000.00",
            "F5": ["motorcycle"],
            "A3": "no",
        }
    return {
        "A1": "yes",
        "N1": "3",
        "N2": "2",
        "N3": ["water", "soil"],
        "N4": "2",
        "N5": "some",
        "N5-0-place": "farm",
        "N5-0-hazard": "drought",
        "N5-0-frequency": "3",
        "N5-0-coping": "2",
    }


def send(assessment: Assessment, phone: Client, step: str, data: dict[str, Any]) -> Any:
    assessment.refresh_from_db(fields=["version"])
    return phone.post(step_url(assessment, step), {"version": assessment.version} | data)


def fill_in(case: Case, phone: Client) -> Assessment:
    assessment = start(case, phone)
    for step, following in pairwise(STEPS[1:]):
        response = send(assessment, phone, step, posted(case, step))
        assert response.status_code == 302, (step, response.context["form"].errors)
        assert response["Location"] == step_url(assessment, following)
    return assessment


def complete(case: Case, phone: Client) -> Assessment:
    assessment = fill_in(case, phone)
    response = send(assessment, phone, "review", {})
    assert response["Location"] == result_url(assessment)
    assessment.refresh_from_db()
    return assessment


def test_the_worked_household_is_filled_in_page_by_page(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    assert (assessment.state, str(assessment.overall)) == (State.COMPLETE, "2.37")
    assert assessment.amounts["income_thb_per_year"] == "96000.00"

    page = phone.get(result_url(assessment)).content.decode()
    for text in ("2.61", "2.83", "1.60", "2.20", "2.60", "2.37", "อยู่ยาก", "53.70"):
        assert text in page
    for text in ("ค่าเริ่มต้นของระบบ ปรับได้", "20% บน", "หนี้สิน", "24,000 บาท/คน/ปี"):
        assert text in page


def test_one_may_leave_and_come_back(case: Case, phone: Client) -> None:
    assessment = start(case, phone)
    response = send(assessment, phone, "physical", {"P1": "4", "leave": "1"})
    assert response["Location"] == reverse("slf:assess", args=[case.household.pk])
    overview = phone.get(response["Location"]).content.decode()
    assert "กรอกต่อ" in overview
    page = phone.get(step_url(assessment, "physical")).content.decode()
    assert page.count("checked") == 1


def test_every_page_shows_what_was_answered(case: Case, phone: Client) -> None:
    assessment = fill_in(case, phone)
    for step in STEPS[1:-1]:
        form = phone.get(step_url(assessment, step)).context["form"]
        shown = {name: form[name].value() for name in form.fields if form[name].value()}
        expected = posted(case, step)
        assert set(shown) == set(expected), step
    financial = phone.get(step_url(assessment, "financial")).content.decode()
    assert 'value="96,000"' in financial
    assert 'value="120,000"' in financial


def test_saving_a_page_again_changes_nothing(case: Case, phone: Client) -> None:
    assessment = fill_in(case, phone)
    assessment.refresh_from_db()
    before = assessment.answers, assessment.amounts
    for step in STEPS[1:-1]:
        form = phone.get(step_url(assessment, step)).context["form"]
        again = {name: form[name].value() for name in form.fields if form[name].value()}
        assert send(assessment, phone, step, again).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.answers, assessment.amounts) == before


def test_the_review_says_what_is_missing(case: Case, phone: Client) -> None:
    assessment = start(case, phone)
    send(assessment, phone, "physical", {"P1": "4"})
    page = phone.get(step_url(assessment, "review")).content.decode()
    assert "ยังคิดคะแนนรวมไม่ได้" in page
    assert "สภาพบ้าน" in page

    fill = {"P1": "4", "P2": "2", "P3": "3", "P4": "3"}
    send(assessment, phone, "physical", fill)
    progress = phone.get(step_url(assessment, "review")).context["progress"]
    row = progress.capitals["physical"]
    assert (row.answered, row.asked, row.can_be_scored) == (4, 6, True)


def test_an_incomplete_result_says_so(case: Case, phone: Client) -> None:
    assessment = start(case, phone)
    send(assessment, phone, "review", {})
    page = phone.get(result_url(assessment)).content.decode()
    assert "ข้อมูลยังไม่ครบ" in page
    assert "ยังจัดกลุ่มไม่ได้" in page


@pytest.mark.parametrize(
    ("step", "data", "field"),
    [
        ("physical", {"P1": "9"}, "P1"),
        ("financial", {"income_thb_per_year": "มาก"}, "income_thb_per_year"),
        ("financial", {"income_thb_per_year": "-5"}, "income_thb_per_year"),
        ("financial", {"has_debts": "yes"}, "has_debts"),
        ("financial", {"has_debts": "no", "debt-baac": "5"}, "has_debts"),
        ("natural", {"N5": "some"}, "N5"),
        ("natural", {"N5": "some", "N5-0-place": "farm"}, "N5-0-hazard"),
    ],
)
def test_a_wrong_page_is_shown_again_with_the_reason(
    case: Case, phone: Client, step: str, data: dict[str, Any], field: str
) -> None:
    assessment = start(case, phone)
    response = send(assessment, phone, step, data)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assessment.refresh_from_db()
    assert assessment.answers == {}
    assert assessment.amounts == {}


def test_a_page_opened_before_somebody_else_saved_keeps_what_was_typed(
    case: Case, phone: Client
) -> None:
    assessment = start(case, phone)
    old = assessment.version
    send(assessment, phone, "social", {"S1": "1"})
    response = phone.post(step_url(assessment, "physical"), {"version": old, "P1": "4"})
    assert response.status_code == 200
    assert "มีผู้บันทึก" in str(response.context["form"].non_field_errors())
    assert response.context["form"]["P1"].value() == "4"
    assessment.refresh_from_db()
    assert assessment.answers == {"S1": 1}
    assert send(assessment, phone, "physical", {"P1": "4"}).status_code == 302


def test_nothing_happened_is_told_from_not_answered(case: Case, phone: Client) -> None:
    assessment = start(case, phone)
    send(assessment, phone, "natural", {"N3": ["none"], "N5": "none"})
    send(assessment, phone, "financial", {"F5": ["none"], "has_debts": "no", "F4": "4"})
    assessment.refresh_from_db()
    assert assessment.answers == {"N3": [], "N5": [], "F5": [], "F4": 4}
    assert assessment.amounts == {"debts": []}
    form = phone.get(step_url(assessment, "natural")).context["form"]
    assert (form["N3"].value(), form["N5"].value()) == (["none"], "none")


def test_people_are_asked_what_concerns_their_age(case: Case, phone: Client) -> None:
    assessment = start(case, phone)
    form = phone.get(step_url(assessment, "human")).context["form"]

    def asked(key: str) -> set[str]:
        ending = f"-{case.member_id(key)}"
        return {name.removesuffix(ending) for name in form.fields if name.endswith(ending)}

    assert asked("M1") == {"H1", "H3", "H4", "H5", "H6"}
    assert asked("M3") == {"H2", "H3", "H6"}
    assert [part.is_open for part in form.people] == [True, False, False, False]
    elder = f"H4-{case.member_id('M4')}"
    assert ("na", "ทำงานไม่ไหวแล้ว") in form.fields[elder].choices
    assert all(code != "na" for code, _ in form.fields[f"H4-{case.member_id('M1')}"].choices)


def test_a_complete_assessment_is_corrected_with_a_reason(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    page = posted(case, "physical") | {"P2": "4"}
    refused = send(assessment, phone, "physical", page)
    assert "reason" in refused.context["form"].errors
    accepted = send(assessment, phone, "physical", page | {"reason": "กดผิดข้อ"})
    assert accepted["Location"] == result_url(assessment)
    assessment.refresh_from_db()
    assert str(assessment.physical) == "3.17"
    assert assessment.revisions.count() == 2


def test_an_answer_is_taken_back_from_the_history(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    send(
        assessment,
        phone,
        "physical",
        posted(case, "physical") | {"P2": "4", "reason": "กดผิดข้อ"},
    )
    url = reverse("slf:restore", args=[case.household.pk, assessment.pk, 1])
    page = phone.get(url).content.decode()
    assert "คำตอบ 1 ข้อ" in page
    assert "2.37" in page
    assert phone.post(url, {"reason": ""}).status_code == 200
    assert phone.post(url, {"reason": "เดิมถูกแล้ว"})["Location"] == result_url(assessment)
    assessment.refresh_from_db()
    assert str(assessment.physical) == "2.83"
    again = phone.post(url, {"reason": "อีกครั้ง"})
    assert "ตรงกับฉบับ" in str(again.context["form"].non_field_errors())


def test_a_second_result_of_the_same_round_opens_the_first(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    response = phone.post(
        reverse("slf:assess", args=[case.household.pk]),
        {"year_be": YEAR_BE, "round": 1, "period": "before", "assessed_on": "20/11/2567"},
    )
    assert response["Location"] == result_url(assessment)
    assert Assessment.objects.count() == 1
    review = phone.get(step_url(assessment, "review"))
    assert review["Location"] == result_url(assessment)


def test_an_impossible_start_is_shown_again(case: Case, phone: Client) -> None:
    response = phone.post(
        reverse("slf:assess", args=[case.household.pk]),
        {"year_be": YEAR_BE, "round": 1, "period": "before", "assessed_on": "20/11/2699"},
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Assessment.objects.exists()


def test_a_household_that_has_left_offers_no_new_round(areas: None, phone: Client) -> None:
    case = make_case(stage=Stage.EXITED)
    page = phone.get(reverse("slf:assess", args=[case.household.pk])).content.decode()
    assert "พ้นเป้าหมายแล้ว" in page
    assert "<form method" not in page.split('id="content"')[1].split("</main>")[0]


def test_after_help_is_set_against_before(case: Case, phone: Client, surveyor: User) -> None:
    complete(case, phone)
    after = services.record_assessment(
        household=case.household,
        year_be=YEAR_BE,
        round=1,
        period=Period.AFTER,
        answers=case.answers() | {"P2": 4},
        amounts=case.amounts(),
        by=surveyor,
        at=now(),
    )
    page = phone.get(result_url(after))
    assert [(c.value, change.value) for c, change, _ in page.context["changes"]] == [
        ("human", "same"),
        ("physical", "better"),
        ("financial", "same"),
        ("natural", "same"),
        ("social", "same"),
    ]
    assert "radar-before" in page.content.decode()


def urls(case: Case, assessment: Assessment) -> list[str]:
    pk = case.household.pk
    problem = Problem.objects.first()
    assert problem is not None
    return [
        reverse("slf:assess", args=[pk]),
        *(step_url(assessment, step) for step in STEPS),
        result_url(assessment),
        reverse("slf:restore", args=[pk, assessment.pk, 1]),
        reverse("slf:override", args=[pk]),
        reverse("slf:household-panel", args=[pk]),
        reverse("problems:household-panel", args=[pk]),
        reverse("slf:problem-new", args=[pk]),
        reverse("slf:problem-resolve", args=[pk, problem.pk]),
        reverse("slf:problem-reopen", args=[pk, problem.pk]),
    ]


@pytest.mark.parametrize("person", ["next_surveyor", "outsider", "reader", "viewer", "stranger"])
def test_the_household_is_hidden_from_others(
    case: Case, phone: Client, person: str, request: pytest.FixtureRequest
) -> None:
    assessment = complete(case, phone)
    other = Client()
    other.force_login(request.getfixturevalue(person))
    for url in urls(case, assessment):
        assert other.get(url).status_code == 404, url
        assert other.post(url).status_code in (404, 405), url


def test_everything_needs_sign_in(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    for url in urls(case, assessment):
        assert Client().get(url).status_code == 302, url
        assert "login" in Client().get(url)["Location"]


def test_an_address_of_another_house_or_page_is_not_found(case: Case, phone: Client) -> None:
    assessment = complete(case, phone)
    other = make_case()
    for name, tail in (("slf:step", "human"), ("slf:result", None)):
        args = [other.household.pk, assessment.pk, *([tail] if tail else [])]
        assert phone.get(reverse(name, args=args)).status_code == 404
    assert phone.get(step_url(assessment, "luck")).status_code == 404
    missing = reverse("slf:restore", args=[case.household.pk, assessment.pk, 99])
    assert phone.get(missing).status_code == 404


def test_staff_set_the_group_by_hand(case: Case, phone: Client, district: User) -> None:
    complete(case, phone)
    url = reverse("slf:override", args=[case.household.pk])
    assert phone.get(url).status_code == 403
    office = Client()
    office.force_login(district)
    assert "20% บน" in office.get(url).content.decode()
    assert office.post(url, {"group": "lower20", "note": ""}).status_code == 200
    response = office.post(url, {"group": "lower20", "note": "ผู้ดูแลหลักป่วย"})
    assert LivelihoodProfile.objects.current().get().group == Group.LOWER20
    page = office.get(response["Location"]).content.decode()
    assert "ปรับกลุ่มโดยเจ้าหน้าที่" in page
    office.post(reverse("slf:release", args=[case.household.pk]))
    assert LivelihoodProfile.objects.current().get().group == Group.UPPER20


def test_a_problem_is_recorded_closed_and_reopened(case: Case, phone: Client) -> None:
    new = reverse("slf:problem-new", args=[case.household.pk])
    fields = {
        "code": "home_unfit",
        "origin": "listing",
        "opened_on": "1/11/2567",
        "members": [case.member_id("M1")],
        "need_text": "ซ่อมหลังคา",
    }
    assert phone.post(new, fields).status_code == 302
    problem = Problem.objects.get()
    assert (problem.dimension, problem.origin) == ("living", Origin.LISTING)
    assert problem.need_text == "ซ่อมหลังคา"
    again = phone.post(new, fields | {"code": "no_home"})
    assert "ยังเปิดอยู่แล้ว" in str(again.context["form"].non_field_errors())

    resolve = reverse("slf:problem-resolve", args=[case.household.pk, problem.pk])
    mistaken = {"resolution": "mistaken", "resolved_on": "2/11/2567"}
    assert phone.post(resolve, mistaken).status_code == 200
    assert phone.post(resolve, mistaken | {"reason": "บ้านข้าง ๆ"}).status_code == 302
    problem.refresh_from_db()
    assert (problem.status, problem.resolution) == (Status.RESOLVED, Resolution.MISTAKEN)

    reopen = reverse("slf:problem-reopen", args=[case.household.pk, problem.pk])
    assert phone.post(reopen, {"reason": "ใช่บ้านนี้"}).status_code == 302
    problem.refresh_from_db()
    assert problem.status == Status.OPEN


def test_the_panels_show_scores_group_and_problems(case: Case, phone: Client) -> None:
    capitals = reverse("slf:household-panel", args=[case.household.pk])
    problems = reverse("problems:household-panel", args=[case.household.pk])
    assert "ยังไม่ประเมิน" in phone.get(capitals).content.decode()
    assert "ยังไม่พบปัญหา" in phone.get(problems).content.decode()
    complete(case, phone)
    page = phone.get(capitals).content.decode()
    assert "2.37" in page
    assert "20% บน" in page
    assert "<html" not in page
    page = phone.get(problems).content.decode()
    assert "สุขภาพ" in page
    assert case.members["M4"].full_name in page


def test_pages_take_a_fixed_number_of_queries(
    case: Case, phone: Client, django_assert_max_num_queries: Any
) -> None:
    assessment = complete(case, phone)
    with django_assert_max_num_queries(18):
        phone.get(step_url(assessment, "human"))
    with django_assert_max_num_queries(20):
        phone.get(result_url(assessment))
