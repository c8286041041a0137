import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory

from accounts.models import User
from casework.templatetags import navigation


def paths(user: User) -> list[str]:
    return [entry.path for entry in navigation.entries_for(user)]


def bars(user: User | AnonymousUser, path: str = "/households/") -> str:
    request = RequestFactory().get(path)
    template = Template("{% load navigation %}{% top_navigation %}{% bottom_navigation %}")
    return template.render(Context({"request": request, "user": user}))


def test_each_role_sees_what_it_may_open(
    admin: User,
    agency_officer: User,
    officer: User,
    province: User,
    surveyor: User,
    viewer: User,
) -> None:
    assert paths(surveyor) == ["/", "/households/", "/referrals/", "/quality/"]
    assert paths(officer) == [
        "/",
        "/households/",
        "/referrals/",
        "/forums/",
        "/dashboards/",
        "/quality/",
    ]
    assert paths(agency_officer) == ["/", "/referrals/"]
    assert paths(admin) == ["/", "/imports/", "/settings/"]
    assert paths(province) == [
        "/",
        "/households/",
        "/referrals/",
        "/forums/",
        "/dashboards/",
        "/quality/",
        "/imports/",
        "/settings/",
    ]
    assert paths(viewer) == ["/", "/dashboards/"]


def test_a_phone_gets_five_seats_and_the_rest_behind_the_last(
    province: User, surveyor: User
) -> None:
    template = Template("{% load navigation %}{% bottom_navigation %}")

    few = template.render(Context({"user": surveyor}))
    many = template.render(Context({"user": province}))

    assert "เพิ่มเติม" not in few
    seats, folded = many.split("เพิ่มเติม")
    assert seats.count("icon-seat") == navigation.SEATS
    assert 'href="/forums/"' in seats
    assert 'href="/settings/"' in folded
    assert 'href="/account/"' in folded


def test_the_part_of_the_site_one_is_in_is_marked(surveyor: User) -> None:
    page = bars(surveyor, "/households/0190/verify/")

    assert page.count('href="/households/" aria-current="page"') == 2
    assert 'href="/" aria-current' not in page


def test_home_is_marked_only_at_home(surveyor: User) -> None:
    assert bars(surveyor, "/").count('href="/" aria-current="page"') == 2


def test_a_stranger_sees_no_menu_and_no_way_to_sign_out() -> None:
    page = bars(AnonymousUser())

    assert "<nav" not in page
    assert "ออกจากระบบ" not in page


def test_signing_out_is_a_post(surveyor: User) -> None:
    assert '<form method="post" action="/accounts/logout/">' in bars(surveyor)


@pytest.mark.django_db
def test_the_banner_stays_until_the_last_demo_account_is_gone(stranger: User) -> None:
    template = Template("{% load navigation %}{% demo_banner %}")
    assert "ข้อมูลตัวอย่าง" not in template.render(Context({"user": stranger}))

    stranger.is_demo = True
    stranger.save(update_fields=["is_demo"])

    assert "ข้อมูลตัวอย่าง" in template.render(Context({"user": AnonymousUser()}))
