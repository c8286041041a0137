from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import services
from accounts.models import Agency, ApiToken, Scope, User
from accounts.permissions import has_in
from accounts.roles import Permission, Role
from areas.models import Area
from audit.models import Event
from tests.factories import (
    DISTRICT,
    OTHER_PROVINCE,
    PASSWORD,
    PROVINCE,
    SUBDISTRICT,
    make_agency,
    make_scope,
    make_user,
)

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
IN_A_YEAR = TODAY + timedelta(days=365)


def area(code: str) -> Area:
    return Area.objects.get(pk=code)


def new_surveyor(by: User, username: str = "new", code: str = SUBDISTRICT) -> services.NewUser:
    return services.create_user(
        username=username,
        name="คนใหม่ ทดสอบ",
        role=Role.SURVEYOR,
        area=area(code),
        agency=None,
        valid_until=IN_A_YEAR,
        by=by,
        at=AT,
    )


# ---- accounts ------------------------------------------------------------------------
def test_a_new_account_has_a_one_time_password_and_a_scope(admin: User) -> None:
    made = new_surveyor(admin, "New.Name")
    user = User.objects.get(username="new.name")
    assert user == made.user
    assert user.check_password(made.password)
    assert user.must_change_password
    assert has_in(user, Permission.HOUSEHOLD_VERIFY, SUBDISTRICT)
    events = Event.objects.order_by("pk").values_list("event", "subject_id", "area", "actor")
    assert list(events) == [
        ("user.created", str(user.pk), SUBDISTRICT, "admin"),
        ("scope.granted", str(user.pk), SUBDISTRICT, "admin"),
    ]


def test_no_password_is_in_the_trail(admin: User) -> None:
    made = new_surveyor(admin)
    again = services.reset_password(user=made.user, by=admin, at=AT)
    trail = str(list(Event.objects.values()))
    assert made.password not in trail
    assert again not in trail


def test_a_user_name_is_given_once(admin: User) -> None:
    new_surveyor(admin)
    with pytest.raises(services.UnableToChangeUser, match="มีชื่อผู้ใช้นี้แล้ว"):
        new_surveyor(admin, "NEW")
    assert User.objects.filter(username="new").count() == 1


def test_the_database_refuses_a_user_name_in_capitals(db: None) -> None:
    with pytest.raises(IntegrityError, match="user_username_is_lower_case"), transaction.atomic():
        make_user(username="Capital")


def test_accounts_are_made_in_ones_own_area_only(admin: User) -> None:
    with pytest.raises(PermissionDenied):
        new_surveyor(admin, code="310101")
    assert not User.objects.filter(username="new").exists()


def test_who_manages_no_users_makes_none(province: User) -> None:
    with pytest.raises(PermissionDenied):
        new_surveyor(province)


def test_one_time_passwords_differ_and_pass_the_validators(admin: User) -> None:
    passwords = {services.one_time_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {19}


def test_the_name_of_a_person_is_changed(admin: User, surveyor: User) -> None:
    services.update_user(user=surveyor, name="ชื่อใหม่", email="", by=admin, at=AT)
    surveyor.refresh_from_db()
    assert surveyor.name == "ชื่อใหม่"
    assert Event.objects.get(event="user.updated").detail == {"changed": ["name"]}


# ---- who may manage whom ---------------------------------------------------------------
def test_a_district_administrator_cannot_touch_who_works_for_the_province(province: User) -> None:
    district_admin = make_user(Role.SYSTEM_ADMIN, DISTRICT)
    make_scope(province, Role.SURVEYOR, SUBDISTRICT)
    assert province in User.objects.visible_to(district_admin)
    with pytest.raises(PermissionDenied):
        services.reset_password(user=province, by=district_admin, at=AT)
    assert User.objects.get(pk=province.pk).check_password(PASSWORD)


@pytest.mark.parametrize("act", ["reset", "deactivate", "update", "reactivate"])
def test_nobody_changes_their_own_account_as_an_administrator(admin: User, act: str) -> None:
    acts: dict[str, Callable[[], object]] = {
        "reset": lambda: services.reset_password(user=admin, by=admin, at=AT),
        "deactivate": lambda: services.deactivate_user(user=admin, reason="x", by=admin, at=AT),
        "update": lambda: services.update_user(user=admin, name="x", email="", by=admin, at=AT),
        "reactivate": lambda: services.reactivate_user(user=admin, by=admin, at=AT),
    }
    with pytest.raises(PermissionDenied, match="คนอื่น"):
        acts[act]()


def test_who_has_left_stays_with_those_who_managed_them(admin: User, surveyor: User) -> None:
    Scope.objects.filter(user=surveyor).update(valid_until=date(2020, 1, 1))
    assert surveyor in User.objects.visible_to(admin)
    services.deactivate_user(user=surveyor, reason="ย้าย", by=admin, at=AT)
    assert not User.objects.get(pk=surveyor.pk).is_active


# ---- closing an account ------------------------------------------------------------------
def test_closing_an_account_ends_sessions_and_keys_at_once(admin: User, surveyor: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "surveyor", "password": PASSWORD})
    issued = services.issue_token(user=surveyor, by=surveyor, at=AT)
    assert browser.get("/account/").status_code == 200

    services.deactivate_user(user=surveyor, reason="ลาออก", by=admin, at=AT)

    assert browser.get("/account/").status_code == 302
    assert services.user_of_token(token=issued.token, at=AT) is None
    assert ApiToken.objects.get().revoked_at == AT
    event = Event.objects.get(event="user.deactivated")
    assert (event.reason, event.area) == ("ลาออก", SUBDISTRICT)


def test_an_account_is_closed_once_and_can_be_opened_again(admin: User, surveyor: User) -> None:
    services.deactivate_user(user=surveyor, reason="x", by=admin, at=AT)
    with pytest.raises(services.UnableToChangeUser):
        services.deactivate_user(user=surveyor, reason="x", by=admin, at=AT)
    services.reactivate_user(user=surveyor, by=admin, at=AT)
    assert User.objects.get(pk=surveyor.pk).is_active
    with pytest.raises(services.UnableToChangeUser):
        services.reactivate_user(user=surveyor, by=admin, at=AT)


def test_a_reset_password_works_once_and_ends_what_was_open(admin: User, surveyor: User) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": "surveyor", "password": PASSWORD})
    issued = services.issue_token(user=surveyor, by=surveyor, at=AT)

    password = services.reset_password(user=surveyor, by=admin, at=AT)

    assert browser.get("/account/").status_code == 302
    assert services.user_of_token(token=issued.token, at=AT) is None
    fresh = User.objects.get(pk=surveyor.pk)
    assert fresh.check_password(password)
    assert fresh.must_change_password


# ---- scopes --------------------------------------------------------------------------------
def grant(user: User, by: User, **overrides: object) -> Scope:
    fields = {
        "role": Role.TEAM_LEAD,
        "area": area(SUBDISTRICT),
        "agency": None,
        "valid_until": IN_A_YEAR,
    } | overrides
    return services.grant_scope(user=user, by=by, at=AT, **fields)  # type: ignore[arg-type]


def test_a_scope_is_granted_and_recorded(admin: User, surveyor: User) -> None:
    scope = grant(surveyor, admin)
    assert (scope.granted_by, scope.revoked_at) == (admin, None)
    event = Event.objects.get(event="scope.granted")
    assert event.subject_id == str(surveyor.pk)
    assert event.detail["role"] == "TEAM_LEAD"
    assert event.detail["valid_until"] == "2027-11-20"


def test_nobody_grants_to_themselves(admin: User) -> None:
    with pytest.raises(PermissionDenied):
        grant(admin, admin)


@pytest.mark.parametrize("code", [OTHER_PROVINCE, "3001", PROVINCE])
def test_a_scope_reaches_no_further_than_the_grantor(surveyor: User, code: str) -> None:
    with pytest.raises(PermissionDenied):
        grant(surveyor, make_user(Role.SYSTEM_ADMIN, DISTRICT), area=area(code))


def test_an_agency_of_a_wider_area_is_not_given_by_a_district(surveyor: User) -> None:
    provincial = make_agency(area_id=PROVINCE)
    with pytest.raises(PermissionDenied):
        grant(
            surveyor,
            make_user(Role.SYSTEM_ADMIN, DISTRICT),
            role=Role.AGENCY_OFFICER,
            agency=provincial,
        )


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"valid_until": IN_A_YEAR + timedelta(days=1)}, "valid_until"),
        ({"valid_until": TODAY - timedelta(days=1)}, "valid_until"),
        ({"role": Role.AGENCY_OFFICER}, "agency"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(
    admin: User, surveyor: User, overrides: dict[str, object], field: str
) -> None:
    with pytest.raises(services.UnableToGrant) as refusal:
        grant(surveyor, admin, **overrides)
    assert refusal.value.field == field


def test_only_agency_officers_belong_to_an_agency(admin: User, surveyor: User) -> None:
    with pytest.raises(services.UnableToGrant, match="ไม่สังกัด"):
        grant(surveyor, admin, agency=make_agency())


def test_a_scope_is_given_once(admin: User, surveyor: User) -> None:
    grant(surveyor, admin)
    with pytest.raises(services.UnableToGrant, match="อยู่แล้ว"):
        grant(surveyor, admin)


def test_a_closed_account_gets_no_scope(admin: User, surveyor: User) -> None:
    services.deactivate_user(user=surveyor, reason="x", by=admin, at=AT)
    with pytest.raises(services.UnableToGrant, match="ระงับ"):
        grant(surveyor, admin)


def test_a_revoked_scope_is_gone_at_the_next_request(admin: User, province: User) -> None:
    browser = Client()
    browser.force_login(province)
    assert browser.get("/settings/audit/").status_code == 200
    services.revoke_scope(scope=Scope.objects.get(user=province), by=admin, at=AT)
    assert browser.get("/settings/audit/").status_code == 403
    assert Event.objects.filter(event="scope.revoked", subject_id=str(province.pk)).count() == 1


def test_a_scope_is_revoked_once_and_never_ones_own(admin: User, surveyor: User) -> None:
    scope = Scope.objects.get(user=surveyor)
    services.revoke_scope(scope=scope, by=admin, at=AT)
    with pytest.raises(services.UnableToGrant, match="เพิกถอนแล้ว"):
        services.revoke_scope(scope=scope, by=admin, at=AT)
    with pytest.raises(PermissionDenied):
        services.revoke_scope(scope=Scope.objects.filter(user=admin)[0], by=admin, at=AT)


def test_a_scope_elsewhere_is_not_revoked(outsider: User, admin: User) -> None:
    with pytest.raises(PermissionDenied):
        services.revoke_scope(scope=Scope.objects.get(user=outsider), by=admin, at=AT)


def test_the_admin_site_opens_and_closes_with_the_scope(admin: User, surveyor: User) -> None:
    scope = grant(surveyor, admin, role=Role.SYSTEM_ADMIN)
    assert User.objects.get(pk=surveyor.pk).is_staff
    services.revoke_scope(scope=scope, by=admin, at=AT)
    assert not User.objects.get(pk=surveyor.pk).is_staff


# ---- agencies ------------------------------------------------------------------------------
def test_an_agency_is_made_and_changed(admin: User) -> None:
    agency = services.create_agency(
        code="dla",
        name="ที่ว่าการ",
        short_name="ทวก.",
        area=area(DISTRICT),
        phone="",
        by=admin,
        at=AT,
    )
    services.update_agency(
        agency=agency,
        name="ที่ว่าการอำเภอ",
        short_name="ทวก.",
        phone="",
        is_active=False,
        by=admin,
        at=AT,
    )
    kept = Agency.objects.get(code="dla")
    assert (kept.name, kept.is_active) == ("ที่ว่าการอำเภอ", False)
    assert Event.objects.get(event="agency.updated").detail == {"changed": ["is_active", "name"]}
    with pytest.raises(services.UnableToChangeAgency):
        services.create_agency(
            code="dla", name="x", short_name="x", area=area(DISTRICT), phone="", by=admin, at=AT
        )


def test_an_agency_elsewhere_is_not_changed(outsider: User, province: User) -> None:
    agency = make_agency()
    for person in (outsider, province):
        with pytest.raises(PermissionDenied):
            services.update_agency(
                agency=agency, name="x", short_name="x", phone="", is_active=True, by=person, at=AT
            )


# ---- keys ------------------------------------------------------------------------------------
def test_a_key_lives_half_a_day_and_is_kept_as_a_hash(surveyor: User) -> None:
    issued = services.issue_token(user=surveyor, by=surveyor, at=AT)
    row = ApiToken.objects.get()
    assert row.expires_at == AT + timedelta(hours=12)
    assert issued.token not in str(row.__dict__)
    assert services.user_of_token(token=issued.token, at=AT) == surveyor
    before, after = AT + timedelta(hours=11, minutes=59), AT + timedelta(hours=12)
    assert services.user_of_token(token=issued.token, at=before) == surveyor
    assert services.user_of_token(token=issued.token, at=after) is None


def test_keys_are_ones_own(surveyor: User, admin: User) -> None:
    with pytest.raises(PermissionDenied):
        services.issue_token(user=surveyor, by=admin, at=AT)
    issued = services.issue_token(user=surveyor, by=surveyor, at=AT)
    with pytest.raises(PermissionDenied):
        services.revoke_token(token=issued.row, by=admin, at=AT)


def test_a_revoked_key_opens_nothing(surveyor: User) -> None:
    issued = services.issue_token(user=surveyor, by=surveyor, at=AT)
    services.revoke_token(token=issued.row, by=surveyor, at=AT)
    services.revoke_token(token=issued.row, by=surveyor, at=AT)
    assert services.user_of_token(token=issued.token, at=AT) is None
    assert Event.objects.filter(event="token.revoked").count() == 1


def test_no_key_before_the_one_time_password_is_changed(admin: User) -> None:
    made = new_surveyor(admin)
    with pytest.raises(services.UnableToIssue, match="เปลี่ยนรหัสผ่าน"):
        services.issue_token(user=made.user, by=made.user, at=AT)


def test_there_is_an_end_to_how_many_keys_one_holds(surveyor: User) -> None:
    for _ in range(20):
        services.issue_token(user=surveyor, by=surveyor, at=AT)
    with pytest.raises(services.UnableToIssue, match="ครบ 20"):
        services.issue_token(user=surveyor, by=surveyor, at=AT)


# ---- the demo ----------------------------------------------------------------------------------
def test_the_demo_has_an_account_for_each_office(areas: None) -> None:
    services.create_demo_accounts(password="demo-demo-demo", at=AT)
    held = {
        user.username: sorted(user.scopes.values_list("role", "area_id", "agency__short_name"))
        for user in User.objects.filter(is_demo=True)
    }
    assert held == {
        "admin": [("IMPORT_ADMIN", "30", None), ("SYSTEM_ADMIN", "30", None)],
        "province": [("PROVINCE_OFFICER", "30", None)],
        "district": [("DISTRICT_OFFICER", "3032", None)],
        "surveyor": [("SURVEYOR", "303201", None)],
        "agency": [("AGENCY_OFFICER", "30", "พมจ. นครราชสีมา")],
        "agency2": [("AGENCY_OFFICER", "30", "พอช. ภาคตะวันออกเฉียงเหนือ")],
        "agency3": [
            ("AGENCY_OFFICER", "30", "ปค. นครราชสีมา"),
            ("AGENCY_OFFICER", "30", "พช. นครราชสีมา"),
            ("AGENCY_OFFICER", "30", "ศธจ. นครราชสีมา"),
            ("AGENCY_OFFICER", "30", "สสจ. นครราชสีมา"),
        ],
        "viewer": [("ANALYST", "30", None)],
    }
    assert all(user.check_password("demo-demo-demo") for user in User.objects.all())


def test_the_demo_can_be_made_again_with_another_password(areas: None) -> None:
    services.create_demo_accounts(password="first-first-first", at=AT)
    hashes = dict(User.objects.values_list("username", "password"))
    services.create_demo_accounts(password="first-first-first", at=AT)
    assert dict(User.objects.values_list("username", "password")) == hashes
    services.create_demo_accounts(password="second-second-second", at=AT)
    assert User.objects.count() == 8
    assert User.objects.get(username="viewer").check_password("second-second-second")


def test_the_demo_takes_no_real_account(areas: None) -> None:
    make_user(username="admin")
    with pytest.raises(ValueError, match="admin"):
        services.create_demo_accounts(password="demo-demo-demo", at=AT)
    assert User.objects.count() == 1


def test_removing_the_demo_closes_its_accounts_and_frees_the_names(areas: None) -> None:
    services.create_demo_accounts(password="demo-demo-demo", at=AT)
    real = make_user(Role.SURVEYOR, SUBDISTRICT)
    assert services.remove_demo_accounts(at=AT) == 8
    assert list(User.objects.filter(is_active=True)) == [real]
    assert not User.objects.filter(is_demo=True).exists()
    services.create_first_admin(username="admin", name="จริง", area=area(PROVINCE), at=AT)
