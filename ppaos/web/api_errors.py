"""Every refusal of the API has one shape: {"code", "message", "fields"}."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger(__name__)

NOT_FOUND = "ไม่พบข้อมูล หรือข้อมูลอยู่นอกพื้นที่ที่ท่านรับผิดชอบ"
INVALID = "ข้อมูลไม่ครบหรือไม่ถูกต้อง โปรดแก้ไขตามที่ระบุ"

# Code and message of the refusals that Django REST framework raises by itself.
_KNOWN: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.NotAuthenticated: ("not_authenticated", "ต้องเข้าสู่ระบบก่อน"),
    exceptions.AuthenticationFailed: ("not_authenticated", "กุญแจไม่ถูกต้องหรือหมดอายุ"),
    exceptions.PermissionDenied: ("not_allowed", "บัญชีของท่านไม่มีสิทธิทำรายการนี้"),
    exceptions.NotFound: ("not_found", NOT_FOUND),
    exceptions.MethodNotAllowed: ("method_not_allowed", "ที่อยู่นี้ไม่รับคำสั่งแบบนี้"),
    exceptions.NotAcceptable: ("not_acceptable", "ระบบตอบเป็น JSON เท่านั้น"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "ระบบไม่รับข้อมูลชนิดนี้"),
    exceptions.ParseError: ("invalid", "อ่านข้อมูลที่ส่งมาไม่ได้ โปรดตรวจรูปแบบ JSON"),
    exceptions.Throttled: ("too_many_requests", "ส่งคำขอถี่เกินไป โปรดรอสักครู่"),
}


class Refusal(exceptions.APIException):
    """A rule said no. `code` is one of the contract's; the message is a Thai sentence."""

    def __init__(
        self,
        *,
        code: str,
        message: str,
        status_code: int = status.HTTP_409_CONFLICT,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail=message, code=code)
        self.code = code
        self.status_code = status_code
        self.extra = dict(extra or {})


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Turn an exception into the contract's answer; None lets an unexpected one become a 500."""
    response = _answer(error)
    if response is not None:
        set_rollback()
    return response


def _answer(error: Exception) -> Response | None:
    match error:
        case Refusal():
            body = error_body(error.code, str(error.detail)) | error.extra
            return Response(body, status=error.status_code)
        case exceptions.ValidationError():
            return Response(
                error_body("invalid", INVALID, flatten(error.detail)),
                status=status.HTTP_400_BAD_REQUEST,
            )
        case exceptions.APIException():
            return _known(error)
        case Http404():
            return Response(error_body("not_found", NOT_FOUND), status=status.HTTP_404_NOT_FOUND)
        case PermissionDenied():
            message = str(error) or _KNOWN[exceptions.PermissionDenied][1]
            return Response(error_body("not_allowed", message), status=status.HTTP_403_FORBIDDEN)
        case BadRequest():
            return Response(error_body("invalid", str(error)), status=status.HTTP_400_BAD_REQUEST)
        case OperationalError():
            logger.exception("the database did not answer")
            return Response(
                error_body("unavailable", "ระบบยังไม่พร้อม โปรดลองอีกครั้งในอีกสักครู่"),
                status=status.HTTP_503_SERVICE_UNAVAILABLE,
                headers={"Retry-After": "10"},
            )
    return None


def _known(error: exceptions.APIException) -> Response:
    headers = {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    if authenticate := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = authenticate
    for kind, (code, message) in _KNOWN.items():
        if isinstance(error, kind):
            return Response(error_body(code, message), status=error.status_code, headers=headers)
    return Response(error_body("error", str(error.detail)), status=error.status_code)


def error_body(
    code: str, message: str, fields: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    return {"code": code, "message": message, "fields": dict(fields or {})}


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Return `{"members.0.citizen_id": ["…"]}` from a nested validation error."""
    if isinstance(detail, Mapping):
        return _merge(
            flatten(value, _join(path, str(key))) for key, value in detail.items() if value
        )
    if isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        return _merge(
            flatten(value, _join(path, str(index))) for index, value in enumerate(detail) if value
        )
    messages = detail if isinstance(detail, list) else [detail]
    return {path or "non_field_errors": [str(message) for message in messages]}


def _join(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part


def _merge(parts: Any) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    for part in parts:
        for key, messages in part.items():
            merged.setdefault(key, []).extend(messages)
    return merged
