"""Filling in PD-27: an answer for every question, chosen so that the scores are known by hand."""

from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.journeys.visit import Visit

HUMAN_LEVEL = "3"
PHYSICAL = {"P1": "3", "P2": "2", "P3": "3", "P4": "3", "P5": "3", "P6": "2"}
SOCIAL_LEVEL = "1"
CAPITALS = {
    "ทุนมนุษย์": "3.00",  # 3 for every question and person
    "ทุนกายภาพ": "2.67",  # 16 / 6
    # Income far below half of the line and 0.67 of expenses, no savings: 1, 1, 1;
    # no debts and no need of any: 4; one asset: 2. Together 9 / 5.
    "ทุนการเงิน": "1.80",
    "ทุนธรรมชาติ": "3.00",  # no farming: use of nature 2, no hazard 4
    "ทุนสังคม": "1.00",
}
OVERALL = "2.29"  # (3 + 16/6 + 1.8 + 3 + 1) / 5 = 2.2933
LEVEL = "ระดับ 2 อยู่ยาก"
WEAKEST = "ทุนสังคม"


def begin(visit: Visit, case_file: str, button: str = "เริ่มประเมิน") -> None:
    visit.page.goto(f"{case_file}assess/")
    visit.look("assess-start")
    visit.press(button)
    expect(visit.page.get_by_role("heading", name="คนในบ้าน")).to_be_visible()
    visit.look("assess-members")
    visit.press("ถูกต้องแล้ว ไปทุนมนุษย์")


def answer_human(visit: Visit, level: str = HUMAN_LEVEL) -> None:
    closed = visit.page.locator("details[data-person]:not([open]) > summary")
    while closed.count():
        closed.first.click()
    for field in visit.page.locator("details[data-person] fieldset").all():
        choose(field, level)
    visit.look("assess-human")


def answer_physical(visit: Visit, levels: dict[str, str] = PHYSICAL) -> None:
    for code, level in levels.items():
        choose(visit.page.locator(f"[data-question={code}] fieldset"), level)
    visit.look("assess-physical")


def answer_financial(
    visit: Visit, *, income: str = "12,000", expense: str = "๑๕๐๐", savings: str = "0"
) -> None:
    visit.page.get_by_label("รายได้รวมของครัวเรือน (บาทต่อปี)").fill(income)
    visit.page.get_by_label("รายจ่ายของครัวเรือน (บาทต่อเดือน)").fill(expense)
    visit.page.get_by_label("เงินออมทั้งหมด (บาท)").fill(savings)
    visit.page.locator("[name=has_debts][value=no]").check()
    visit.page.locator("[name=F4][value='4']").check()
    visit.page.locator("[name=F5][value=motorcycle]").check()
    choose(visit.page.locator("[data-question=F6] fieldset, [data-question=A3] fieldset"), "no")
    visit.look("assess-financial")


def answer_natural(visit: Visit, use: str = "2") -> None:
    choose(visit.page.locator("[data-question=A1] fieldset"), "no")
    choose(visit.page.locator("[data-question=N4] fieldset"), use)
    visit.page.locator("[name=N5][value=none]").check()
    visit.look("assess-natural")


def answer_social(visit: Visit, level: str = SOCIAL_LEVEL) -> None:
    for field in visit.page.locator("[data-question] fieldset").all():
        choose(field, level)
    visit.look("assess-social")


def choose(field: Locator, value: str) -> None:
    """Answer with this value; where a question has no such level (studying: yes or no), with no."""
    wanted = field.locator(f"input[value='{value}']")
    (wanted if wanted.count() else field.locator("input[value=no]")).check()


def save_and_go_on(visit: Visit) -> None:
    visit.follow(visit.page.get_by_role("button", name="บันทึก ไป"))


def assess_poor(visit: Visit, case_file: str) -> str:
    """Assess a household for the first time; return the address of the result."""
    begin(visit, case_file)
    answer_human(visit)
    save_and_go_on(visit)
    answer_physical(visit)
    save_and_go_on(visit)
    answer_financial(visit)
    save_and_go_on(visit)
    answer_natural(visit)
    save_and_go_on(visit)
    answer_social(visit)
    save_and_go_on(visit)
    return finish(visit)


def assess_after_help(visit: Visit, case_file: str) -> str:
    """Assess it again, with the answers of people who are no longer poor."""
    begin(visit, case_file, "เริ่มประเมินหลังช่วยเหลือ")
    answer_human(visit, "4")
    save_and_go_on(visit)
    answer_physical(visit, dict.fromkeys(PHYSICAL, "4"))
    save_and_go_on(visit)
    answer_financial(visit, income="1,200,000", expense="20,000", savings="400,000")
    save_and_go_on(visit)
    answer_natural(visit, "4")
    save_and_go_on(visit)
    answer_social(visit, "4")
    save_and_go_on(visit)
    return finish(visit)


def leave_and_come_back(visit: Visit, case_file: str) -> None:
    """Leave in the middle of a page; what was answered is there when one comes back."""
    visit.press("พักไว้ก่อน")
    expect(visit.page.get_by_text("กลับมากรอกต่อได้ทุกเมื่อ")).to_be_visible()
    visit.page.goto("/")
    visit.page.goto(f"{case_file}assess/")
    visit.look("assess-drafts")
    visit.press("กรอกต่อ")
    expect(
        visit.page.locator("details[data-person] input[type=radio]:checked").first
    ).to_be_attached()


def finish(visit: Visit) -> str:
    """Compute the scores from the last page; return the address of the result."""
    expect(visit.page.get_by_text("ตอบครบทุกข้อแล้ว")).to_be_visible()
    visit.look("assess-review")
    visit.press("คิดคะแนน")
    expect(visit.page.get_by_text("คิดคะแนนแล้ว")).to_be_visible()
    return urlsplit(visit.page.url).path


def see_result(visit: Visit) -> None:
    """Five scores, radar, level, weakest capital, problems, group, and why."""
    page = visit.page
    for capital, score in CAPITALS.items():
        row = page.locator("tr").filter(has=page.get_by_role("rowheader", name=capital))
        expect(row.locator("td").first).to_have_text(score)
    expect(page.locator("svg.radar, .radar svg").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{LEVEL} อ่อนที่สุดคือ{WEAKEST}")
    expect(page.get_by_text(OVERALL).first).to_be_visible()
    expect(page.get_by_role("heading", name="ปัญหา 5 มิติที่ยังเปิดอยู่")).to_be_visible()
    assert page.locator("#group .reasons li").count(), "the group says why"
    expect(page.locator("#group h2")).not_to_contain_text("ยังจัดกลุ่มไม่ได้")
    visit.look("result")


def correct_social(visit: Visit, result: str, reason: str) -> None:
    """Correct one answer: 1,1,1,1,1 becomes 4,1,1,1,1, so the capital goes from 1.00 to 1.60."""
    visit.page.goto(result)
    visit.page.locator("#answers summary", has_text=WEAKEST).click()
    visit.press(f"แก้ไขคำตอบ{WEAKEST}")
    choose(visit.page.locator("[data-question=S1] fieldset"), "4")
    visit.page.get_by_label("เหตุผลที่แก้ไขคำตอบ").fill(reason)
    visit.look("assess-correct")
    visit.press("บันทึกและคิดคะแนนใหม่")
    _expect_social(visit, "1.60")
    expect(visit.page.locator("#history")).to_contain_text(reason)


def take_answer_back(visit: Visit) -> None:
    visit.follow(visit.page.locator("#history").get_by_role("link", name="ย้อนคำตอบ").first)
    visit.look("result-restore")
    reason = visit.page.get_by_label("เหตุผล")
    if reason.count():
        reason.fill("ทดสอบการย้อนคำตอบ")
    visit.press("ย้อนคำตอบ")
    _expect_social(visit, "1.00")
    assert visit.page.locator("#history li").count() == 3, "nothing of the history is lost"


def _expect_social(visit: Visit, score: str) -> None:
    page = visit.page
    row = page.locator("tr").filter(has=page.get_by_role("rowheader", name=WEAKEST))
    expect(row.locator("td").first).to_have_text(score)
