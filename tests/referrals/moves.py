"""Every move of the table as one call with all it needs, and who may make it."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from referrals import services
from referrals.models import Referral
from referrals.workflow import Action, ClosingReason, Fact, Result, Status
from tests.factories import make_agency
from tests.referrals.cases import AT, EXPECTED, TODAY, Cast

SERVICES: dict[Action, Callable[..., Any]] = {
    Action.SUBMIT: services.submit,
    Action.RECEIVE: services.receive,
    Action.ACCEPT: services.accept,
    Action.RETURN: services.return_referral,
    Action.REJECT: services.reject,
    Action.START: services.start,
    Action.REPORT_HELP: services.report_help,
    Action.CHECK: services.check,
    Action.CLOSE: services.close,
    Action.REOPEN: services.reopen,
    Action.CANCEL: services.cancel,
    Action.TRANSFER: services.transfer,
}


def facts_of(action: Action, referral: Referral) -> dict[str, Any]:
    """Return what the move needs, all of it right."""
    another = {"agency": make_agency()}
    facts: dict[Action, dict[str, Any]] = {
        Action.SUBMIT: another if referral.status == Status.REJECTED else {},
        Action.ACCEPT: {"expected_date": EXPECTED},
        Action.RETURN: {"reason": "ขอเอกสารเพิ่ม"},
        Action.REJECT: {"reason": "ไม่อยู่ในภารกิจ"},
        Action.START: {"note": "ลงพื้นที่แล้ว"},
        Action.REPORT_HELP: {"result": Result.SOLVED},
        Action.CHECK: {"problem_remains": False, "checked_on": TODAY},
        Action.CLOSE: {"closing_reason": ClosingReason.DECLINED},
        Action.REOPEN: {"reason": "ปัญหากลับมา"},
        Action.CANCEL: {"reason": "ส่งผิด"},
        Action.TRANSFER: {"reason": "อยู่นอกเขต", **another},
    }
    return facts.get(action, {})


BLANK: dict[Fact, dict[str, Any]] = {
    Fact.AGENCY: {"agency": None},
    Fact.EXPECTED_DATE: {"expected_date": None},
    Fact.REASON: {"reason": "  "},
    Fact.NOTE: {"note": "\n"},
    Fact.ASSISTANCE: {},
    Fact.RESULT: {"result": None},
    Fact.PROBLEM_REMAINS: {"problem_remains": None},
    Fact.CLOSING_REASON: {"closing_reason": None},
}
"""What to pass so that a fact is missing. Assistance is a row, not an argument."""


def mover_of(action: Action, cast: Cast) -> User:
    by_agency = {Action.RECEIVE, Action.ACCEPT, Action.RETURN, Action.REJECT}
    if action in by_agency | {Action.START, Action.REPORT_HELP}:
        return cast.officer
    return cast.surveyor if action is Action.CHECK else cast.district


def make_move(action: Action, referral: Referral, by: User, **overrides: Any) -> Any:
    arguments = {**facts_of(action, referral), "by": by, "at": AT, **overrides}
    return SERVICES[action](referral=referral, **arguments)
