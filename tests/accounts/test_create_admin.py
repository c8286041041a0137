from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from audit.models import Event


def create_admin(*arguments: str) -> str:
    out = StringIO()
    call_command("create_admin", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_administrator_signs_in_with_the_printed_password(areas: None) -> None:
    printed = create_admin("Boss", "--area", "30", "--name", "ผู้ดูแล ทดสอบ")
    password = printed.splitlines()[1].split()[-1]
    user = User.objects.get(username="boss")
    assert sorted(user.scopes.values_list("role", "area_id")) == [
        ("IMPORT_ADMIN", "30"),
        ("SYSTEM_ADMIN", "30"),
    ]
    assert user.is_staff
    assert not user.is_superuser
    assert Event.objects.filter(event="user.created", actor="ระบบ").count() == 1

    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "boss", "password": password})
    assert answer.status_code == 302
    assert browser.get("/settings/users/")["Location"] == "/account/password/"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("boss", "--area", "99"), "load_areas"),
        (("มานะ", "--area", "30"), "."),
        (("taken", "--area", "30"), "มีชื่อผู้ใช้นี้แล้ว"),
    ],
)
def test_what_is_wrong_is_said(areas: None, arguments: tuple[str, ...], reason: str) -> None:
    create_admin("taken", "--area", "30")
    with pytest.raises(CommandError, match=reason):
        create_admin(*arguments)
    assert User.objects.count() == 1
