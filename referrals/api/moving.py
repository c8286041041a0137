"""The moves of a referral over the API: each is one row of the table in referrals.workflow."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import person
from ppaos.web.api_paging import check
from referrals import permissions, services
from referrals.api.handling import refusal, represent, visible_referral
from referrals.api.incoming import (
    AcceptIn,
    CheckIn,
    CloseIn,
    MoveIn,
    ReasonedIn,
    ReportHelpIn,
    StartIn,
    SubmitIn,
    TransferIn,
    agency_of,
)
from referrals.api.outgoing import ReferralOut
from referrals.models import Referral
from referrals.workflow import MOVE_OF, Action, AssistanceKind, ClosingReason, Result

# Carries out an action with what was sent; returns the referral to answer with, if another.
Act = Callable[[Referral, dict[str, Any], User, datetime], Referral | None]


def _view(action: Action, sent: type[serializers.Serializer[Any]]) -> Callable[[Act], Any]:
    """Make an act the view of its action: find, look at rights, read what was sent, act, answer."""

    def decorate(act: Act) -> Any:
        @extend_schema(
            operation_id=f"referrals_{action.value.replace('-', '_')}",
            summary=action.label,
            description=f"ผู้ทำได้: {MOVE_OF[action].actor.label}",
            request=sent,
            responses=ReferralOut,
        )
        @api_view(["POST"])
        def view(request: Request, pk: UUID) -> Response:
            referral = visible_referral(request, pk)
            by = person(request)
            permissions.check_can_move(by, referral, action)
            data = check(sent(data=request.data))
            try:
                successor = act(referral, data, by, now())
            except services.UnableToRefer as error:
                raise refusal(error) from None
            return Response(represent(request, (successor or referral).pk))

        return view

    return decorate


def _common(data: dict[str, Any], by: User, at: datetime) -> dict[str, Any]:
    """Return the arguments that every move takes."""
    return {"by": by, "at": at, "version": data.get("version")}


@_view(Action.SUBMIT, SubmitIn)
def submit(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.submit(
        referral=referral,
        agency=agency_of(data.get("agency"), by=by),
        note=data.get("note", ""),
        **_common(data, by, at),
    )


@_view(Action.RECEIVE, MoveIn)
def receive(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.receive(referral=referral, **_common(data, by, at))


@_view(Action.ACCEPT, AcceptIn)
def accept(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.accept(
        referral=referral,
        expected_date=data["expected_date"],
        note=data.get("note", ""),
        **_common(data, by, at),
    )


@_view(Action.RETURN, ReasonedIn)
def send_back(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.return_referral(referral=referral, reason=data["reason"], **_common(data, by, at))


@_view(Action.REJECT, ReasonedIn)
def reject(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.reject(referral=referral, reason=data["reason"], **_common(data, by, at))


@_view(Action.START, StartIn)
def start(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.start(referral=referral, note=data["note"], **_common(data, by, at))


@_view(Action.REPORT_HELP, ReportHelpIn)
def report_help(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    """Record the help and report it, both or neither."""
    with transaction.atomic():
        if "kind" in data:
            services.record_assistance(
                referral=referral,
                kind=AssistanceKind(data["kind"]),
                amount_thb=data["amount_thb"],
                helped_on=data["help_date"],
                people=data.get("people"),
                description=data.get("description", ""),
                by=by,
                at=at,
            )
        services.report_help(
            referral=referral,
            result=Result(data["result"]),
            note=data.get("note", ""),
            **_common(data, by, at),
        )


@_view(Action.CHECK, CheckIn)
def check_outcome(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.check(
        referral=referral,
        problem_remains=data["problem_remains"],
        checked_on=data.get("checked_on") or localdate(at),
        satisfaction=data.get("satisfaction"),
        note=data.get("note", ""),
        **_common(data, by, at),
    )


@_view(Action.CLOSE, CloseIn)
def close(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.close(
        referral=referral,
        closing_reason=ClosingReason(data["reason"]),
        note=data.get("note", ""),
        **_common(data, by, at),
    )


@_view(Action.REOPEN, ReasonedIn)
def reopen(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.reopen(referral=referral, reason=data["reason"], **_common(data, by, at))


@_view(Action.CANCEL, ReasonedIn)
def cancel(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> None:
    services.cancel(referral=referral, reason=data["reason"], **_common(data, by, at))


@_view(Action.TRANSFER, TransferIn)
def transfer(referral: Referral, data: dict[str, Any], by: User, at: datetime) -> Referral:
    return services.transfer(
        referral=referral,
        agency=agency_of(data["agency"], by=by),
        reason=data["reason"],
        **_common(data, by, at),
    )


ACTIONS: dict[Action, Any] = {
    Action.SUBMIT: submit,
    Action.RECEIVE: receive,
    Action.ACCEPT: accept,
    Action.RETURN: send_back,
    Action.REJECT: reject,
    Action.START: start,
    Action.REPORT_HELP: report_help,
    Action.CHECK: check_outcome,
    Action.CLOSE: close,
    Action.REOPEN: reopen,
    Action.CANCEL: cancel,
    Action.TRANSFER: transfer,
}
"""The view of each action, at `referrals/<id>/<action>/`."""
