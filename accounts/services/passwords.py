"""Passwords. There is no e-mail: an administrator gives a password that is good for one sign-in."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import check_can_manage_others, home_area
from accounts.services.sessions import end_everything
from audit.services import record

# Without the letters and digits that are mistaken for each other on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 4
_GROUP_LENGTH = 4


def one_time_password() -> str:
    """Return a password such as `k3fm-x8hp-…`: 79 bits, easy to read out."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


@transaction.atomic
def reset_password(*, user: User, by: User, at: datetime) -> str:
    """Give `user` a new one-time password and return it: it is shown once and kept nowhere.

    Everything the person has open ends. Raises PermissionDenied.
    """
    check_can_manage_others(by, user)
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_everything(user=user, at=at)
    record(event="user.password-reset", subject=user, area=home_area(user), by=by, at=at)
    return password


@transaction.atomic
def change_own_password(*, user: User, password: str, by: User, at: datetime) -> None:
    """Set the password that the person chose; it was validated by the form.

    Everything that is open ends; the page then renews the session it is made in.
    """
    assert by.pk == user.pk
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    end_everything(user=user, at=at)
    record(event="user.password-changed", subject=user, area=home_area(user), by=by, at=at)
