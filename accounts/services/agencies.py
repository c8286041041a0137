"""The offices that take referrals."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Agency, User
from accounts.permissions import check_has_in
from accounts.roles import Permission
from areas.models import Area
from audit.services import record


class UnableToChangeAgency(Exception):
    """The agency cannot be made. The message is for the user."""


@transaction.atomic
def create_agency(
    *, code: str, name: str, short_name: str, area: Area, phone: str, by: User, at: datetime
) -> Agency:
    """Add an agency that answers for `area`.

    Raises PermissionDenied, and UnableToChangeAgency if the code is taken.
    """
    check_has_in(by, Permission.SETTINGS_CHANGE, area.pk)
    try:
        with transaction.atomic():
            agency = Agency.objects.create(
                code=code, name=name, short_name=short_name, area=area, phone=phone
            )
    except IntegrityError as error:
        raise UnableToChangeAgency("มีรหัสหน่วยงานนี้แล้ว") from error
    record(event="agency.created", subject=agency, area=area.pk, by=by, at=at)
    return agency


@transaction.atomic
def update_agency(
    *,
    agency: Agency,
    name: str,
    short_name: str,
    phone: str,
    is_active: bool,
    by: User,
    at: datetime,
) -> None:
    """Change what an agency is called and whether cases may be sent to it.

    Its code and its area stay: the past of its referrals hangs on them.
    """
    check_has_in(by, Permission.SETTINGS_CHANGE, agency.area_id)
    wanted = {"name": name, "short_name": short_name, "phone": phone, "is_active": is_active}
    changed = sorted(field for field, value in wanted.items() if getattr(agency, field) != value)
    for field in changed:
        setattr(agency, field, wanted[field])
    agency.save(update_fields=changed)
    record(
        event="agency.updated",
        subject=agency,
        area=agency.area_id,
        detail={"changed": changed},
        by=by,
        at=at,
    )
