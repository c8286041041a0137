"""A case with something to hide at every step: referred, helped, checked, talked about."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from tests.canary.client import Answer, Client
from tests.canary.traces import Canary
from tests.journeys.product import Product

(
    PROBLEM_NEED,
    NEED,
    ASKED,
    ACCEPTED,
    GIVEN,
    REPORTED,
    REMAINS,
    RETURNED,
    GIVEN_AGAIN,
    CHECKED,
    REOPENED,
    BROKEN,
    SUMMARY,
    DISCUSSED,
    RESOLVED,
    PROGRESS,
) = (
    f"คานารีเรื่องส่งต่อ{step}มีความลับ"
    for step in (
        *("ของปัญหา", "ที่ขอ", "ตอนส่ง", "ตอนรับ", "ของที่ให้", "ตอนแจ้งผล", "ที่ยังเหลือ", "ตอนส่งกลับ"),
        *("ที่ให้อีกครั้ง", "ตอนสอบทาน", "ตอนเปิดใหม่", "ที่บันทึกไม่ได้"),
        *("ในเวที", "ที่หารือ", "ในมติ", "ของมติที่คืบหน้า"),
    )
)
PHOTO_PLACE = "canary-photo-14.912345-102.354321"
WORDS = [
    *(
        Canary("note", text)
        for text in (
            *(PROBLEM_NEED, NEED, ASKED, ACCEPTED, GIVEN, REPORTED, REMAINS, RETURNED),
            *(GIVEN_AGAIN, CHECKED, REOPENED, BROKEN, SUMMARY, DISCUSSED, RESOLVED, PROGRESS),
        )
    ),
    Canary("photo", PHOTO_PLACE),
]
KEY = re.compile(r"/referrals/([0-9a-f-]{36})/")
TODAY = "20/11/2569"


def refer_and_help(product: Product, household: str) -> list[str]:
    """Let a household found poor go through the whole loop; return every address asked."""
    surveyor = Client(product.url).sign_in("neighbour")
    agency = Client(product.url).sign_in("agency2")
    office = Client(product.url).sign_in("province")
    field, officer, staff = (
        Client(product.url).sign_in_to_api(name) for name in ("neighbour", "agency2", "province")
    )
    referral = draft(surveyor, field, household)
    page = f"/referrals/{referral}/"
    api = f"/api/v1{page}"
    send(office, page)
    help_by_page(agency, page)
    check_by_page(surveyor, page)
    help_by_program(product, officer, api)
    ok(field.send(f"{api}check/", {"problem_remains": False, "note": CHECKED}))
    ok(staff.send(f"{api}reopen/", {"reason": REOPENED}))
    ok(office.get(page))
    ok(agency.get(page))
    talk_about(staff, referral)
    fail(agency, officer, page, api)
    clients = (surveyor, agency, office, field, officer, staff)
    return [address for client in clients for address in client.addresses]


def ok(answer: Answer) -> Answer:
    assert answer.status in (200, 201), (answer.url, answer.status, answer.text[:2000])
    return answer


def draft(surveyor: Client, field: Client, household: str) -> str:
    problem = {"code": "home_unfit", "origin": "field", "opened_on": TODAY}
    ok(surveyor.get(f"/households/{household}/problems/new/"))
    answer = surveyor.post(
        f"/households/{household}/problems/new/", problem | {"need_text": PROBLEM_NEED}
    )
    assert "/problems/new/" not in answer.url, answer.text[:2000]
    found = ok(field.get(f"/api/v1/households/{household}/problems/")).json()["results"]
    [problem_id] = [row["id"] for row in found if row["code"] == "home_unfit"]
    sent = {"household": household, "problem": problem_id, "note": NEED}
    referral: str = ok(field.send("/api/v1/referrals/", sent)).json()["id"]
    return referral


def send(office: Client, page: str) -> None:
    form = ok(office.get(f"{page}submit/")).text
    agency = re.search(r'<option value="([0-9a-f-]{36})" selected', form)
    assert agency, form
    moved(office, page, "submit", {"agency": agency[1], "note": ASKED})


def moved(client: Client, page: str, action: str, data: dict[str, str]) -> None:
    """Send a form that leads back to the referral."""
    answer = ok(client.post(f"{page}{action}/", data))
    assert answer.url.endswith(page), answer.text[:3000]


def help_by_page(agency: Client, page: str) -> None:
    moved(agency, page, "accept", {"expected_date": "31/12/2570", "note": ACCEPTED})
    given = {
        "kind": "house_repair",
        "amount_thb": "12,500",
        "helped_on": TODAY,
        "description": GIVEN,
        "result": "partly",
        "note": REPORTED,
    }
    answer = agency.upload(
        f"{page}assistance/",
        given,
        f"{PHOTO_PLACE}.jpg",
        photo(),
        field="photos",
        content_type="image/jpeg",
    )
    assert answer.url.endswith(page), answer.text[:3000]
    assert GIVEN in answer.text
    picture = re.search(rf'src="({page}photos/[0-9a-f-]{{36}}/)"', answer.text)
    assert picture, answer.text[:3000]
    assert PHOTO_PLACE not in ok(agency.get(picture[1])).text


def photo() -> bytes:
    """Return a picture as a phone sends it, with where it was taken."""
    image = Image.new("RGB", (64, 48), "olive")
    exif = Image.Exif()
    exif[0x010E] = PHOTO_PLACE
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif, comment=PHOTO_PLACE.encode())
    assert PHOTO_PLACE.encode() in content.getvalue()
    return content.getvalue()


def check_by_page(surveyor: Client, page: str) -> None:
    ok(surveyor.get(f"{page}check/"))
    found = {"problem_remains": "yes", "checked_on": TODAY, "satisfaction": "2", "note": REMAINS}
    moved(surveyor, page, "check", found)


def help_by_program(product: Product, officer: Client, api: str) -> None:
    """Help once more, at first while the database is broken."""
    given = {"kind": "money", "amount_thb": "900.00", "help_date": "2026-11-20"}
    report = given | {"result": "solved", "description": BROKEN, "note": BROKEN}
    with broken(product):
        assert officer.send(f"{api}report-help/", report).status >= 500
    report |= {"description": GIVEN_AGAIN, "note": RETURNED}
    ok(officer.send(f"{api}report-help/", report, **{"Idempotency-Key": "canary-help"}))


@contextmanager
def broken(product: Product) -> Iterator[None]:
    """Let the database refuse every help, as a fault of ours would."""
    table = "ALTER TABLE referrals_assistance"
    product.ask(f"{table} ADD CONSTRAINT planted_fault CHECK (amount_thb < 0) NOT VALID")
    yield
    product.ask(f"{table} DROP CONSTRAINT planted_fault")


def talk_about(staff: Client, referral: str) -> None:
    plan = {
        "title": "เวทีทดสอบ",
        "format": "working",
        "level": "province",
        "area": "30",
        "held_on": "2026-11-20",
        "place": "ศาลากลาง",
        "organiser": "ศจพ.จ. ทดสอบ",
    }
    forum = f"/api/v1/forums/{ok(staff.send('/api/v1/forums/', plan)).json()['id']}/"
    ok(staff.send(f"{forum}agenda/", {"referrals": [referral]}))
    ok(staff.send(f"{forum}hold/", {"participants": {"state": 5}, "summary": SUMMARY}))
    [item] = ok(staff.get(forum)).json()["agenda"]
    resolution = {
        "agenda_item": item["id"],
        "text": RESOLVED,
        "owner": "นายอำเภอ",
        "due_on": "2026-12-31",
    }
    taken = ok(staff.send(f"{forum}resolutions/", resolution)).json()
    ok(staff.send(f"/api/v1/resolutions/{taken['id']}/progress/", {"note": PROGRESS}))


def fail(agency: Client, officer: Client, page: str, api: str) -> None:
    """What is refused comes back to the person, and goes nowhere else."""
    answer = agency.post(f"{page}accept/", {"expected_date": "เมื่อไรก็ได้", "note": ACCEPTED})
    assert answer.status == 200
    assert ACCEPTED in answer.text
    late = officer.send(f"{api}accept/", {"expected_date": "2026-12-31", "note": ACCEPTED})
    assert late.status == 409
    wrong = {"kind": "money", "amount_thb": "-1", "result": "solved", "description": GIVEN}
    assert officer.send(f"{api}report-help/", wrong).status == 400
    unknown = KEY.sub("/referrals/0190b5d6-0000-7000-8000-000000000000/", api)
    assert officer.send(f"{unknown}start/", {"note": ACCEPTED}).status == 404
