"""A few Stripe objects behind a replaced wire: answers by path, remembers what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx2

from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.settings import parse_settings

KEY = "rk_test_1234567890abcdef"
Answer = httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]


class Wired(httpx2.BaseTransport):
    """``answers``: path below /v1/ to an object, a response, an error to raise, or a function of the request."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = dict(answers)
        self.asked: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        found = self.answers.get(request.url.path.removeprefix("/v1/"), self.answers.get("*"))
        if isinstance(found, Exception):
            raise found
        if isinstance(found, httpx2.Response):
            return found
        if callable(found):
            made: httpx2.Response = found(request)
            return made
        return refused(404, "No such thing", code="resource_missing") if found is None else okay(found)

    def stripe(self, **settings: Any) -> Stripe:
        keys = {"restricted_key": KEY, "write_key": "rk_test_write_5678"}
        return Stripe(
            parse_settings({"calls_per_second": 100_000} | settings), keys, transport=self, clock=lambda: 1.79e9
        )

    def form(self, number: int = -1) -> dict[str, str]:
        return dict(parse_qsl(self.asked[number].content.decode(), keep_blank_values=True))


def okay(body: Any) -> httpx2.Response:
    return httpx2.Response(200, content=json.dumps(body).encode())


def refused(
    status: int, message: str, *, code: str = "", kind: str = "invalid_request_error", **headers: str
) -> httpx2.Response:
    error = {"type": kind, "message": message} | ({"code": code} if code else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, headers=named, content=json.dumps({"error": error}).encode())


def listed(*objects: Any, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(objects), "has_more": more}
