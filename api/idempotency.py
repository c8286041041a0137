"""`Idempotency-Key`: the same POST sent again gets the first answer, for 24 hours."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from api.authentication import caller_of
from ppaos.lib.crypto import UnableToUnseal
from ppaos.orm import keyring
from ppaos.web.api_errors import error_body

KEPT_SECONDS = 24 * 60 * 60
WORKING_SECONDS = 60
MAX_KEY_LENGTH = 200
HEADER = "Idempotency-Key"

View = Callable[..., HttpResponseBase]


def idempotent(view: View) -> View:
    """Remember the answers of `view` to POSTs that carry a key.

    The key counts for one person and path, whichever of their tokens is used. Answers
    are kept sealed in the database cache; only those below 500 are kept, so a failure
    can be retried. For who has no live token nothing is kept and nothing repeated.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER)
        if request.method != "POST" or key is None:
            return view(request, *args, **kwargs)
        caller = caller_of(request)
        if caller is None:
            return view(request, *args, **kwargs)
        request.user = caller
        if not key or len(key) > MAX_KEY_LENGTH:
            return _refuse(400, "invalid", f"{HEADER} ต้องยาว 1–{MAX_KEY_LENGTH} ตัวอักษร")
        slot = _slot(caller, request.path, key)
        print_of_body = _print_of_body(request)
        if not cache.add(slot, "working", WORKING_SECONDS):
            return _earlier_answer(slot, print_of_body)
        try:
            response = view(request, *args, **kwargs)
        except BaseException:
            cache.delete(slot)
            raise
        _keep(slot, print_of_body, response)
        return response

    return wrapped


def _slot(caller: User, path: str, key: str) -> str:
    parts = json.dumps([str(caller.pk), path, key])
    return "idempotency:" + hashlib.sha256(parts.encode()).hexdigest()


def _print_of_body(request: HttpRequest) -> str:
    """Fingerprint the request; of an upload only its length, so that it is not read twice."""
    if request.content_type == "multipart/form-data":
        return f"upload of {request.headers.get('Content-Length', '')} bytes"
    return hashlib.sha256(request.body).hexdigest()


def _keep(slot: str, print_of_body: str, response: HttpResponseBase) -> None:
    if response.status_code >= 500 or not isinstance(response, HttpResponse):
        cache.delete(slot)
        return
    if hasattr(response, "render"):
        response.render()
    kept = json.dumps([print_of_body, response.status_code, response.content.decode()])
    cache.set(slot, keyring().seal(kept.encode(), context=slot), KEPT_SECONDS)


def _earlier_answer(slot: str, print_of_body: str) -> HttpResponse:
    kept = cache.get(slot)
    if not isinstance(kept, bytes):
        return _refuse(409, "taken", "คำขอที่ใช้กุญแจนี้กำลังทำอยู่ โปรดรอสักครู่แล้วส่งใหม่")
    try:
        first_print, status, content = json.loads(keyring().unseal(kept, context=slot))
    except UnableToUnseal:
        cache.delete(slot)
        return _refuse(409, "taken", "โปรดส่งคำขอนี้ใหม่อีกครั้ง")
    if first_print != print_of_body:
        return _refuse(409, "taken", f"{HEADER} นี้ใช้กับข้อมูลอื่นไปแล้ว โปรดใช้กุญแจใหม่")
    return HttpResponse(
        content,
        status=status,
        content_type="application/json",
        headers={"Idempotent-Replay": "true"},
    )


def _refuse(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse(error_body(code, message), status=status)
