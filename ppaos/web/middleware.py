"""What every answer carries, whatever view made it."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url

from ppaos.web.api_errors import error_body

Handler = Callable[[HttpRequest], HttpResponse]

TOO_LARGE = "ข้อมูลที่ส่งมาใหญ่เกินกว่าที่ระบบรับ"
# No page needs a camera, a microphone or a sensor; a place may be asked for by our own pages.
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
    "magnetometer=(), microphone=(), payment=(), usb=()"
)


def refuse_large_bodies(get_response: Handler) -> Handler:
    """Answer 413 to what no page and no call needs, before anybody reads it.

    Django reads nothing past Content-Length, and without that header nothing at all.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) <= _most(request.path):
            return get_response(request)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if request.path.startswith("/api/"):
            return JsonResponse(error_body("invalid", TOO_LARGE), status=status)
        return HttpResponse(TOO_LARGE, status=status, content_type="text/plain; charset=utf-8")

    return handle


def _most(path: str) -> int:
    """Return how many bytes a request to this address may bring."""
    if path in settings.UPLOAD_PATHS:
        return int(settings.UPLOAD_MOST_BYTES)
    if re.match(settings.PHOTO_PATH, path):
        return int(settings.PHOTO_MOST_BYTES)
    return int(settings.REQUEST_MOST_BYTES)


def keep_private(get_response: Handler) -> Handler:
    """Let no browser or proxy keep a page of a person who is signed in.

    Field phones and office machines are shared: after signing out, "back" must
    show nothing. A view that sets its own Cache-Control is left alone.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return handle


def sign_in_again(get_response: Handler) -> Handler:
    """Send a fragment's reader to the sign-in page as a whole page.

    When the session ends under an open page, HTMX would follow the redirect
    and put the sign-in page into the fragment.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code != 302:
            return response
        if not isinstance(response, HttpResponseRedirect):
            return response
        if urlsplit(response.url).path != resolve_url(settings.LOGIN_URL):
            return response
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
        return answer

    return handle
