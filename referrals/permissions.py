"""Who may do what with a referral. `check_…` raises with the reason, `can_…` answers."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.permissions import check_has_anywhere, check_has_in, has_anywhere, scopes_of
from accounts.roles import PERMISSIONS, Permission
from households.models import Household
from referrals.models import Assistance, Referral
from referrals.workflow import MOVE_OF, Action, Actor, Status

Person = User | AnonymousUser


def _can(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except PermissionDenied:
        return False
    return True


def answers_for(user: Person, referral: Referral) -> bool:
    """Say whether the person is an officer of the referral's agency in the household's area."""
    return referral.agency_id is not None and any(
        scope.agency_id == str(referral.agency_id)
        and Permission.REFERRAL_ANSWER in PERMISSIONS[scope.role]
        and referral.household.area_id.startswith(scope.area_code)
        for scope in scopes_of(user)
    )


def check_can_draft(user: Person, household: Household) -> None:
    check_has_in(user, Permission.REFERRAL_DRAFT, household.area_id)


def can_draft(user: Person, household: Household) -> bool:
    return _can(check_can_draft, user, household)


def check_can_send(user: Person, household: Household) -> None:
    check_has_in(user, Permission.REFERRAL_SEND, household.area_id)


def can_send(user: Person, household: Household) -> bool:
    return _can(check_can_send, user, household)


def check_can_send_somewhere(user: Person) -> None:
    check_has_anywhere(user, Permission.REFERRAL_SEND)


def check_can_see_list(user: Person) -> None:
    """Refuse who neither reads referrals of an area nor answers for an agency."""
    if not has_anywhere(user, Permission.REFERRAL_ANSWER):
        check_has_anywhere(user, Permission.REFERRAL_READ)


def can_see_list(user: Person) -> bool:
    return _can(check_can_see_list, user)


def check_can_move(user: Person, referral: Referral, action: Action) -> None:
    """Hold the person against the actor that the table of moves names.

    Raises PermissionDenied with the reason.
    """
    actor = MOVE_OF[action].actor
    area = referral.household.area_id
    if action is Action.CANCEL and referral.status == Status.DRAFT:
        if referral.created_by_id != user.pk:
            check_has_in(user, Permission.REFERRAL_SEND, area)
    elif actor is Actor.AGENCY:
        if not answers_for(user, referral):
            raise PermissionDenied("เฉพาะเจ้าหน้าที่ของหน่วยงานที่รับเรื่องนี้")
    elif actor is Actor.FIELD:
        check_has_in(user, Permission.REFERRAL_CHECK, area)
        if referral.reported_by_id == user.pk:
            raise PermissionDenied("ผู้แจ้งผลช่วยเหลือสอบทานผลของตนเองไม่ได้ ให้ผู้อื่นไปสอบทานที่บ้าน")
        if answers_for(user, referral):
            raise PermissionDenied("เจ้าหน้าที่ของหน่วยงานที่ช่วยเหลือสอบทานผลของหน่วยงานตนเองไม่ได้")
    elif actor is Actor.MANAGER:
        check_has_in(user, Permission.REFERRAL_MANAGE, area)
    else:
        check_has_in(user, Permission.REFERRAL_SEND, area)


def can_move(user: Person, referral: Referral, action: Action) -> bool:
    return _can(check_can_move, user, referral, action)


def check_can_record_assistance(user: Person, referral: Referral) -> None:
    if not answers_for(user, referral):
        raise PermissionDenied("เฉพาะเจ้าหน้าที่ของหน่วยงานที่รับเรื่องนี้")


def can_record_assistance(user: Person, referral: Referral) -> bool:
    return _can(check_can_record_assistance, user, referral)


def check_can_retract_assistance(user: Person, assistance: Assistance) -> None:
    """Who recorded it may be gone: any officer of the agency may, and who manages the area."""
    referral = assistance.referral
    if referral is None or not answers_for(user, referral):
        check_has_in(user, Permission.REFERRAL_MANAGE, assistance.household.area_id)


def can_retract_assistance(user: Person, assistance: Assistance) -> bool:
    return _can(check_can_retract_assistance, user, assistance)


def check_can_change_terms(user: Person) -> None:
    """Working days allowed and holidays hold for all areas alike."""
    check_has_anywhere(user, Permission.ROUTING_CHANGE)


def can_change_terms(user: Person) -> bool:
    return _can(check_can_change_terms, user)


def check_can_change_rules(user: Person, area_code: str) -> None:
    """Which agency a problem of this area goes to."""
    check_has_in(user, Permission.ROUTING_CHANGE, area_code)
