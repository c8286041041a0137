"""The canaries, and everything that is done with them. All people are invented."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ppaos.lib import citizen_id
from tests.canary import loop
from tests.canary.client import Answer, Client
from tests.canary.traces import Canary
from tests.imports.batches import csv_of, line
from tests.journeys.product import Product, wait_for

LISTED, SPOILED, HELD, MISSED, PROGRAMMED, REFUSED, UNKNOWN = (
    citizen_id.generate(number) for number in range(8_111_001, 8_111_008)
)
BAD_CHECK = SPOILED[:12] + str((int(SPOILED[12]) + 1) % 10)
LIST_NAME, LIST_SURNAME = "นกขมิ้นเหลืองอ่อน", "แห่งทุ่งคานารี"
MISSED_NAME, MISSED_SURNAME = "นกเขาใหญ่", "แห่งป่าคานารี"
PROGRAM_NAME, PROGRAM_SURNAME = "นกกระจิบน้อย", "แห่งสวนคานารี"
BROKEN_NAME, BROKEN_SURNAME = "นกยูงรำแพน", "แห่งเขาคานารี"
PHONE, PROGRAM_PHONE = "0819997701", "0829997702"
NOTE, PROGRAM_NOTE = "บ้านนี้มีความลับของคานารีตัวที่หนึ่ง", "คานารีตัวที่สองป่วยเรื้อรัง"
REASON = "คานารีตัวแรกมีรถยนต์สองคัน"
HOUSE_CODE = "30329777001"

SECRETS = [
    *(
        Canary("citizen_id", digits)
        for digits in (LISTED, SPOILED, BAD_CHECK, HELD, MISSED, PROGRAMMED, REFUSED, UNKNOWN)
    ),
    *(Canary("phone", digits) for digits in (PHONE, PROGRAM_PHONE)),
    *(Canary("note", text) for text in (NOTE, PROGRAM_NOTE, REASON)),
    *loop.WORDS,
]
# Of nobody, to be planted as a leak.
PLANTED = [
    Canary("citizen_id", citizen_id.generate(8_111_099)),
    Canary("note", "คานารีที่วางไว้ให้หาเจอ"),
]
NAMES = [
    Canary("name", text)
    for text in (
        *(LIST_NAME, LIST_SURNAME, MISSED_NAME, MISSED_SURNAME),
        *(PROGRAM_NAME, PROGRAM_SURNAME, BROKEN_NAME, BROKEN_SURNAME),
    )
]


def fly(product: Product) -> list[str]:
    """Let the canaries through every door of the house; return each address that was asked."""
    admin = Client(product.url).sign_in("admin")
    surveyor = Client(product.url).sign_in("neighbour")
    province = Client(product.url).sign_in("province")
    program = Client(product.url).sign_in_to_api("neighbour")

    import_list(admin, product)
    case_file = find(province, LISTED)
    verify(surveyor, case_file)
    add_missed(surveyor)
    look_closely(province, case_file)
    for text in (LIST_SURNAME, HOUSE_CODE, UNKNOWN):
        province.post("/households/search/", {"q": text, "for": "list"})
    household = call_api(program)
    looped = loop.refer_and_help(product, household)
    fail(product, surveyor, program)
    people = (admin, surveyor, province, program)
    return [*looped, *(address for client in people for address in client.addresses)]


def import_list(admin: Client, product: Product) -> None:
    lines = [_line(1, LISTED), _line(2, BAD_CHECK), _line(3, HELD, house_code="")]
    lines += [line(number) for number in range(4, 12)]  # else there is too much trouble in it
    form = {"source": "tpmap", "year_be": "2567", "comment": ""}
    page = admin.upload("/imports/", form, "รายชื่อ.csv", csv_of(lines))
    _wait(admin, page.url, "staged")
    admin.get(f"{page.url}rows/")
    admin.get(f"{page.url}rows/4/")
    admin.post(f"{page.url}rows/4/", {"decision": "accept"})
    admin.get(f"{page.url}errors.xlsx")
    admin.post(f"{page.url}apply/", {})
    _wait(admin, page.url, "applied")
    assert admin.get(f"{page.url}rows/").text.count(LIST_SURNAME) >= 1


def _line(number: int, digits: str, *, house_code: str = HOUSE_CODE) -> dict[str, Any]:
    cells = {
        "เลขประจำตัวประชาชน": digits,
        "ชื่อ": LIST_NAME,
        "นามสกุล": LIST_SURNAME,
        "วันเกิด": "1/4/2500",
        "เพศ": "หญิง",
        "รหัสบ้าน": house_code,
        "บ้านเลขที่": "777",
        "หมู่ที่": "1",
        "รหัสตำบล": "303202",
        "ตำบล": "ท่าช้าง",
    }
    return line(number) | cells


def _wait(admin: Client, page: str, state: str) -> None:
    words = {"staged": "ตรวจก่อนนำเข้า", "applied": "นำเข้าแล้ว"}
    wait_for(lambda: f"<h1>{words[state]}" in admin.get(page).text)


def find(client: Client, text: str) -> str:
    """Search and return the case file that was found first."""
    answer = client.post("/households/search/", {"q": text, "for": "list"})
    return _first(r'href="(/households/[0-9a-f-]{36}/)"', answer)


def _first(pattern: str, answer: Answer) -> str:
    match = re.search(pattern, answer.text)
    assert match, (answer.url, answer.status, pattern)
    return match[1]


def verify(surveyor: Client, case_file: str) -> None:
    outcome = {"outcome": "not_poor", "visited_on": "1/11/2569", "reason": REASON, "note": NOTE}
    answer = surveyor.post(f"{case_file}verify/", outcome)
    assert answer.url.endswith(case_file), answer.text[:2000]
    assert NOTE in answer.text


def add_missed(surveyor: Client) -> None:
    answer = surveyor.post("/households/search/", {"q": MISSED, "for": "new"})
    address = _first(r'href="(/households/new/[0-9a-f-]{36}/)"', answer)
    surveyor.post("/households/new/twins/", {"subdistrict": "303202", **_person(0)})
    answer = surveyor.post(address, new_household(citizen_id=BAD_CHECK))
    assert answer.url.endswith(address), "a wrong ID is refused"
    answer = surveyor.post(address, new_household())
    assert MISSED_SURNAME in answer.text
    assert not answer.url.endswith(address), answer.text[:2000]


def new_household(**changes: str) -> dict[str, str]:
    return {
        "consent": "on",
        "consent_date": "1/11/2569",
        "subdistrict": "303202",
        "house_no": "778",
        "phone": PHONE,
        "head": "0",
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        **_person(0, **changes),
    }


def _person(number: int, **changes: str) -> dict[str, str]:
    person = {
        "first_name": MISSED_NAME,
        "last_name": MISSED_SURNAME,
        "citizen_id": MISSED,
        "birth": "2500",
        "residence": "listed_and_living",
        **changes,
    }
    return {f"members-{number}-{key}": value for key, value in person.items()}


def look_closely(province: Client, case_file: str) -> None:
    page = province.get(case_file)
    assert NOTE in page.text
    address = _first(r'action="(/households/[0-9a-f-]{36}/members/[0-9a-f-]{36}/reveal/)"', page)
    answer = province.post(address, {"reason": "ตรวจสอบสิทธิ"})
    assert citizen_id.display(LISTED) in answer.text


def call_api(program: Client) -> str:
    """Search and register; return the household, which a visit found poor."""
    for payload in ({"citizen_id": LISTED}, {"name": LIST_SURNAME}, {"q": MISSED_NAME}):
        assert program.send("/api/v1/households/search/", payload).status == 200
    program.send("/api/v1/households/search/", {"phone": PHONE})
    answer = program.send(
        "/api/v1/households/", programmed(PROGRAMMED), **{"Idempotency-Key": "canary"}
    )
    assert answer.status == 201, answer.text
    address = f"/api/v1/households/{answer.json()['id']}/"
    assert program.get(address).status == 200
    verdict = {"outcome": "poor", "visited_on": "2026-11-01", "note": PROGRAM_NOTE}
    assert program.send(f"{address}verifications/", verdict).status == 201
    household: str = answer.json()["id"]
    return household


def programmed(digits: str, *, name: str = PROGRAM_NAME, surname: str = PROGRAM_SURNAME) -> Any:
    person = {
        "citizen_id": digits,
        "title": "นาง",
        "first_name": name,
        "last_name": surname,
        "birth_date": None,
        "sex": "female",
        "is_head": True,
    }
    return {
        "house_code": None,
        "house_no": "779",
        "moo": None,
        "subdistrict_code": "303202",
        "phone": PROGRAM_PHONE,
        "consent": "given",
        "consent_date": "2026-11-01",
        "members": [person],
        "reason": "พบในพื้นที่",
    }


def fail(product: Product, surveyor: Client, program: Client) -> None:
    """Requests that are refused, lead nowhere, or break: what fails is what gets logged."""
    refused = program.send("/api/v1/households/", programmed(BAD_CHECK))
    assert refused.status == 400
    assert program.send("/api/v1/households/", programmed(LISTED)).status == 400
    assert program.get(f"/api/v1/households/{UNKNOWN}/").status == 404
    assert surveyor.post(f"/households/{UNKNOWN}/verify/", {"note": NOTE}).status == 404
    with broken(product):
        broken_one = programmed(REFUSED, name=BROKEN_NAME, surname=BROKEN_SURNAME)
        assert program.send("/api/v1/households/", broken_one).status >= 500
        form = new_household(citizen_id=REFUSED, first_name=BROKEN_NAME, last_name=BROKEN_SURNAME)
        answer = surveyor.post("/households/search/", {"q": REFUSED, "for": "new"})
        address = _first(r'href="(/households/new/[0-9a-f-]{36}/)"', answer)
        assert surveyor.post(address, form).status >= 500


@contextmanager
def broken(product: Product) -> Iterator[None]:
    """Let the database refuse every new person, as a fault of ours would."""
    table = "ALTER TABLE households_member"
    product.ask(f"{table} ADD CONSTRAINT planted_fault CHECK (seq < 0) NOT VALID")
    yield
    product.ask(f"{table} DROP CONSTRAINT planted_fault")
