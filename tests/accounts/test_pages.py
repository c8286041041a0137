import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from accounts import services
from accounts.models import Agency, ApiToken, Scope, User
from accounts.roles import Role
from accounts.templatetags.trail import event_in_words, kind_in_words
from audit.models import Event
from audit.services import acting_from, record
from tests.factories import (
    DISTRICT,
    NEXT_SUBDISTRICT,
    PASSWORD,
    SUBDISTRICT,
    make_scope,
    make_user,
)
from tests.test_architecture import PYTHON, ROOT

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def browser(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def scope_form(**overrides: str) -> dict[str, str]:
    return {"role": "SURVEYOR", "area": SUBDISTRICT, "agency": ""} | overrides


def page_form(client: Client, path: str) -> dict[str, str]:
    """Return what the page's own form would send if nothing were typed."""
    form = client.get(path).context["form"]
    return {
        name: str(form[name].field.prepare_value(form[name].initial) or "") for name in form.fields
    }


# ---- users ---------------------------------------------------------------------------
def test_an_account_is_made_in_the_browser_and_used(browser: Client) -> None:
    typed = page_form(browser, "/settings/users/new/") | scope_form(
        username="somchai", name="สมชาย ทดสอบ"
    )
    answer = browser.post("/settings/users/new/", typed)
    assert answer.status_code == 200
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"

    person = Client()
    assert (
        person.post("/accounts/login/", {"login": "somchai", "password": password}).status_code
        == 302
    )
    assert person.get("/")["Location"] == "/account/password/"
    chosen = "ruam-jai-pattana-2569"
    answer = person.post(
        "/account/password/",
        {"oldpassword": password, "password1": chosen, "password2": chosen},
    )
    assert answer.status_code == 302
    assert person.get("/account/").status_code == 200
    assert not User.objects.get(username="somchai").must_change_password


def test_what_is_wrong_stands_beside_the_field(browser: Client) -> None:
    typed = page_form(browser, "/settings/users/new/") | scope_form(
        username="admin", name="ซ้ำ ทดสอบ"
    )
    answer = browser.post("/settings/users/new/", typed)
    assert answer.context["form"].errors == {"username": ["มีชื่อผู้ใช้นี้แล้ว"]}
    answer = browser.post("/settings/users/new/", typed | {"username": "ไทย", "role": "x"})
    assert set(answer.context["form"].errors) == {"username", "role"}


def test_only_areas_of_ones_own_can_be_chosen(client: Client, areas: None) -> None:
    client.force_login(make_user(Role.SYSTEM_ADMIN, DISTRICT))
    form = client.get("/settings/users/new/").context["form"]
    codes = {area.pk for area in form.fields["area"].queryset}
    assert {"3032", "303201"} <= codes
    assert not codes & {"30", "3001", "31"}
    typed = page_form(client, "/settings/users/new/") | scope_form(
        username="x", name="x", area="3001"
    )
    assert "area" in client.post("/settings/users/new/", typed).context["form"].errors


def test_people_are_found_by_part_of_a_name(browser: Client) -> None:
    make_user(Role.SURVEYOR, SUBDISTRICT, username="malee", name="มาลี ทดสอบ")
    make_user(Role.SURVEYOR, NEXT_SUBDISTRICT, username="piti", name="ปิติ ทดสอบ")
    found = browser.get("/settings/users/", {"q": "มาล"}).context["page"].rows
    assert [user.username for user in found] == ["malee"]
    found = browser.get("/settings/users/", {"q": "pit"}).context["page"].rows
    assert [user.username for user in found] == ["piti"]


def test_the_list_goes_on_to_a_next_page(browser: Client) -> None:
    for number in range(60):
        make_user(Role.SURVEYOR, SUBDISTRICT, username=f"s{number:02d}", name="มาก ทดสอบ")
    first = browser.get("/settings/users/", {"q": "มาก"})
    assert len(first.context["page"].rows) == 50
    second = browser.get(f"/settings/users/{first.context['next_url']}")
    assert [user.username for user in second.context["page"].rows] == [
        f"s{number:02d}" for number in range(50, 60)
    ]
    assert second.context["next_url"] == ""


def test_the_list_takes_a_fixed_number_of_queries(
    browser: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        make_scope(
            make_user(Role.SURVEYOR, SUBDISTRICT, username=f"s{number}"),
            Role.SURVEYOR,
            NEXT_SUBDISTRICT,
        )
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        browser.get("/settings/users/")


def test_a_scope_is_granted_and_revoked_in_the_browser(browser: Client, surveyor: User) -> None:
    path = f"/settings/users/{surveyor.pk}/"
    typed = page_form(browser, path) | scope_form(role="TEAM_LEAD")
    assert browser.post(f"{path}grant/", typed)["Location"] == path
    scope = Scope.objects.get(role="TEAM_LEAD")
    assert browser.post(f"/settings/scopes/{scope.pk}/revoke/")["Location"] == path
    scope.refresh_from_db()
    assert scope.revoked_at is not None
    page = browser.get(path).content.decode()
    assert "เพิกถอนแล้ว" in page


def test_a_scope_that_makes_no_sense_is_shown_again(browser: Client, surveyor: User) -> None:
    path = f"/settings/users/{surveyor.pk}/"
    typed = page_form(browser, path) | scope_form(role="AGENCY_OFFICER")
    answer = browser.post(f"{path}grant/", typed)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["agency"]


def test_a_date_of_the_buddhist_era_is_read(browser: Client, surveyor: User) -> None:
    path = f"/settings/users/{surveyor.pk}/"
    answer = browser.post(f"{path}grant/", scope_form(valid_until="1/1/2500"))
    assert answer.context["form"].errors == {"valid_until": ["วันสิ้นสุดต้องไม่ก่อนวันนี้"]}
    answer = browser.post(f"{path}grant/", scope_form(valid_until="31/2/2570"))
    assert "ไม่มีวันที่นี้ในปฏิทิน" in answer.context["form"].errors["valid_until"][0]


def test_an_account_is_closed_with_a_reason(browser: Client, surveyor: User) -> None:
    path = f"/settings/users/{surveyor.pk}/deactivate/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"reason": ""}).context["form"].errors
    assert browser.post(path, {"reason": "ลาออก"}).status_code == 302
    assert not User.objects.get(pk=surveyor.pk).is_active
    assert browser.post(f"/settings/users/{surveyor.pk}/reactivate/").status_code == 302
    assert User.objects.get(pk=surveyor.pk).is_active


def test_a_name_is_changed_in_the_browser(browser: Client, surveyor: User) -> None:
    path = f"/settings/users/{surveyor.pk}/edit/"
    assert "สำรวจ ทดสอบ" in browser.get(path).content.decode()
    browser.post(path, {"name": "ชื่อใหม่ ทดสอบ", "email": ""})
    assert User.objects.get(pk=surveyor.pk).name == "ชื่อใหม่ ทดสอบ"


def test_a_password_is_reset_in_the_browser(browser: Client, surveyor: User) -> None:
    answer = browser.post(f"/settings/users/{surveyor.pk}/reset-password/")
    assert User.objects.get(pk=surveyor.pk).check_password(answer.context["password"])


def test_ones_own_account_shows_no_way_to_change_it(browser: Client, admin: User) -> None:
    page = browser.get(f"/settings/users/{admin.pk}/")
    assert not page.context["may_change"]
    assert not page.context["may_grant"]
    assert browser.post(f"/settings/users/{admin.pk}/reset-password/").status_code == 403
    typed = page_form(browser, f"/settings/users/{admin.pk}/") | scope_form()
    assert browser.post(f"/settings/users/{admin.pk}/grant/", typed).status_code == 403
    assert Scope.objects.filter(user=admin).count() == 2


# ---- agencies, roles, settings -----------------------------------------------------------
def test_an_agency_is_made_and_changed_in_the_browser(browser: Client) -> None:
    typed = {"code": "dla", "name": "ที่ว่าการ", "short_name": "ทวก.", "area": "3032", "phone": ""}
    assert browser.post("/settings/agencies/new/", typed).status_code == 302
    assert browser.post("/settings/agencies/new/", typed).context["form"].errors == {
        "code": ["มีรหัสหน่วยงานนี้แล้ว"]
    }
    agency = Agency.objects.get(code="dla")
    changed = {"name": "ที่ว่าการอำเภอ", "short_name": "ทวก.", "phone": "044 000000"}
    assert browser.post(f"/settings/agencies/{agency.pk}/", changed).status_code == 302
    agency.refresh_from_db()
    assert (agency.name, agency.is_active) == ("ที่ว่าการอำเภอ", False)
    assert "ปิดรับเรื่อง" in browser.get("/settings/agencies/").content.decode()


def test_the_settings_show_only_what_one_may_open(client: Client, province: User) -> None:
    client.force_login(province)
    page = client.get("/settings/").content.decode()
    assert "/settings/audit/" in page
    assert "/settings/users/" not in page


def test_the_table_of_roles_says_what_the_code_says(browser: Client) -> None:
    page = browser.get("/settings/roles/")
    reveal = dict(page.context["rows"])["เปิดดูเลขประจำตัวประชาชนเต็ม"]
    holders = {code for (code, _), has in zip(page.context["roles"], reveal, strict=True) if has}
    assert holders == {"TEAM_LEAD", "DISTRICT_OFFICER", "PROVINCE_OFFICER"}


# ---- one's own account ---------------------------------------------------------------------
def test_a_key_is_shown_once(client: Client, surveyor: User) -> None:
    client.force_login(surveyor)
    answer = client.post("/account/tokens/")
    token = answer.context["issued"].token
    assert token in answer.content.decode()
    assert token not in client.get("/account/").content.decode()
    row = ApiToken.objects.get()
    assert str(row.pk) in client.get("/account/").content.decode()
    assert client.post(f"/account/tokens/{row.pk}/revoke/").status_code == 302
    assert str(row.pk) not in client.get("/account/").content.decode()


def test_a_changed_password_keeps_this_session_and_ends_the_others(
    client: Client, surveyor: User
) -> None:
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": "surveyor", "password": PASSWORD})
    chosen = "dek-dee-mee-anakot"
    typed = {"oldpassword": PASSWORD, "password1": chosen, "password2": chosen}
    assert client.post("/account/password/", typed).status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert Event.objects.filter(event="user.password-changed", actor="surveyor").count() == 1


@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(client: Client, surveyor: User, weak: str) -> None:
    client.force_login(surveyor)
    typed = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert "password1" in client.post("/account/password/", typed).context["form"].errors
    assert User.objects.get(pk=surveyor.pk).check_password(PASSWORD)


def test_a_one_time_password_leads_to_the_change_and_nowhere_else(
    client: Client, surveyor: User
) -> None:
    User.objects.filter(pk=surveyor.pk).update(must_change_password=True)
    client.force_login(surveyor)
    for path in ("/", "/households/", "/account/", "/settings/", "/nowhere/"):
        assert client.get(path)["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"


def test_other_sessions_can_be_ended(client: Client, surveyor: User) -> None:
    other = Client()
    for browser in (client, other):
        browser.post("/accounts/login/", {"login": "surveyor", "password": PASSWORD})
    assert len(client.get("/account/sessions/").context["sessions"]) == 2
    assert client.post("/account/sessions/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


# ---- the trail -------------------------------------------------------------------------------
def events_shown(client: Client, **narrowing: str) -> list[str]:
    return [row.event for row in client.get("/settings/audit/", narrowing).context["page"].rows]


@pytest.fixture
def trail(province: User) -> None:
    with acting_from("203.0.113.7"):
        for event, area, day in (
            ("household.read", "303201", 18),
            ("household.verified", "303201", 19),
            ("import.applied", "30", 20),
            ("household.exited", "310101", 20),
        ):
            record(
                event=event,
                by=province,
                subject=province,
                area=area,
                at=datetime(2026, 11, day, 3, 0, tzinfo=UTC),
            )


def test_the_trail_shows_ones_own_province_latest_first(
    client: Client, province: User, trail: None
) -> None:
    client.force_login(province)
    assert events_shown(client) == ["import.applied", "household.verified", "household.read"]
    assert "203.0.113.7" in client.get("/settings/audit/").content.decode()


def test_the_trail_is_told_in_words(client: Client, province: User, trail: None) -> None:
    client.force_login(province)
    page = client.get("/settings/audit/").content.decode()
    for words in ("เปิดดูครัวเรือน", "สอบทานครัวเรือน", "บันทึกเข้าทะเบียนจากการนำเข้า"):
        assert words in page
    assert f"ผู้ใช้ …{str(province.pk)[-6:]}" in page


def test_every_event_of_the_code_has_words() -> None:
    code = "".join((ROOT / path).read_text() for path in PYTHON)
    named = set(re.findall(r'(?:event=|_tell\()"([a-z_-]+\.[a-z-]+)"', code))
    assert len(named) > 40
    assert {event for event in named if event_in_words(event) == event} == set()


def test_an_event_without_words_is_shown_as_it_is() -> None:
    assert event_in_words("comet.seen") == "comet.seen"
    assert kind_in_words("no.such") == "no.such"


def test_the_trail_of_a_district_is_shown_to_its_auditor(
    client: Client, areas: None, trail: None
) -> None:
    client.force_login(make_user(Role.AUDITOR, DISTRICT))
    assert events_shown(client) == ["household.verified", "household.read"]


def test_the_trail_is_narrowed_by_day_person_and_thing(
    client: Client, province: User, trail: None
) -> None:
    client.force_login(province)
    assert events_shown(client, since="19/11/2569", until="19/11/2569") == ["household.verified"]
    assert events_shown(client, actor="nobody") == []
    assert len(events_shown(client, actor="province", subject=str(province.pk))) == 3
    assert events_shown(client, since="ไม่ใช่วันที่") == []


def test_tries_at_unknown_names_are_shown_to_every_auditor(client: Client, province: User) -> None:
    Client().post("/accounts/login/", {"login": "nobody", "password": "x"})
    client.force_login(province)
    assert events_shown(client) == ["user.sign-in-failed"]


def test_the_state_of_a_scope_is_told(admin: User, surveyor: User) -> None:
    scope = Scope.objects.get(user=surveyor)
    assert scope.state_on(date(2026, 11, 20)) == "in_force"
    assert scope.state_on(date(3000, 1, 1)) == "expired"
    services.revoke_scope(scope=scope, by=admin, at=AT)
    scope.refresh_from_db()
    assert scope.state_on(date(2026, 11, 20)) == "revoked"


# ---- the admin site ------------------------------------------------------------------
def test_the_admin_site_answers_no_question_about_hashes(browser: Client, admin: User) -> None:
    assert browser.get("/admin/accounts/user/?username__startswith=adm").status_code == 200
    for field in ("password", "email", "api_tokens__digest"):
        answer = browser.get(f"/admin/accounts/user/?{field}__startswith=a")
        assert answer.status_code == 400


def test_the_admin_site_changes_passwords_on_the_page_for_it(browser: Client, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(is_staff=True)
    answer = browser.get("/admin/password_change/")
    assert answer.headers["Location"] == "/account/password/"
