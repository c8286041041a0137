"""A person or a program talking HTTP to the running product. Every address is remembered."""

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.parse import urlencode, urljoin

from tests.factories import PASSWORD


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    url: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Client:
    base: str
    addresses: list[str] = field(default_factory=list)
    cookies: CookieJar = field(default_factory=CookieJar)
    token: str = ""

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
            _Redirects(self.addresses),
        )

    def sign_in(self, username: str) -> "Client":
        self.get("/accounts/login/")
        answer = self.post("/accounts/login/", {"login": username, "password": PASSWORD})
        assert answer.status == 200, answer.text
        assert "/accounts/" not in answer.url, answer.url
        return self

    def sign_in_to_api(self, username: str) -> "Client":
        answer = self.send("/api/v1/token/", {"username": username, "password": PASSWORD})
        assert answer.status == 201, answer.text
        self.token = answer.json()["token"]
        return self

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(urljoin(self.base, path)))

    def post(self, path: str, data: Mapping[str, str]) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self._secret, **data}).encode()
        return self._open(urllib.request.Request(urljoin(self.base, path), data=body))

    def upload(
        self,
        path: str,
        data: Mapping[str, str],
        name: str,
        content: bytes,
        *,
        field: str = "file",
        content_type: str = "text/csv",
    ) -> Answer:
        mark = uuid.uuid4().hex
        parts = b"".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {"csrfmiddlewaretoken": self._secret, **data}.items()
        )
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        request = urllib.request.Request(
            urljoin(self.base, path),
            data=parts + head.encode() + content + f"\r\n--{mark}--\r\n".encode(),
            headers={"Content-Type": f"multipart/form-data; boundary={mark}"},
        )
        return self._open(request)

    def send(self, path: str, payload: Any, **headers: str) -> Answer:
        """Post JSON to the API."""
        request = urllib.request.Request(
            urljoin(self.base, path),
            data=json.dumps(payload).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        return self._open(request)

    @property
    def _secret(self) -> str:
        return next(c.value or "" for c in self.cookies if c.name == "csrftoken")

    def _open(self, request: urllib.request.Request) -> Answer:
        self.addresses.append(request.full_url)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self.opener.open(request, timeout=60) as response:
                return Answer(
                    response.status, response.read().decode(errors="replace"), response.geturl()
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(errors="replace"), error.geturl())


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self.addresses.append(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
