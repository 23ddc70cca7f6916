"""Logging in to P21: what the login answers is told to nobody, and a secret that cannot be sent is not (security S36, S41)."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import pytest

from tieout.connectors._wire import URL_CHARACTERS_MAX
from tieout.connectors.p21 import open_p21
from tieout.connectors.p21.session import Session
from tieout.connectors.p21.settings import parse_settings
from tieout.kernel.failures import Failed, Failure, Fix

MIDDLEWARE: dict[str, Any] = {
    "base_url": "https://p21.example.com",
    "company_id": "1",
    "username": "tieout",
    "location_id": 1,
    "currencies": {"usd": 1},
}
GATEWAY: dict[str, Any] = {**MIDDLEWARE, "dialect": "gateway", "gateway": {"key_header": "X-Api-Key", "key_prefix": ""}}
PASSWORD = "hunter2hunter2"


def no_token(status: int, body: bytes, password: str = PASSWORD) -> Failure:
    wire = httpx2.MockTransport(lambda request: httpx2.Response(status, content=body + request.content))
    session = Session(parse_settings(MIDDLEWARE), {"password": password}, wire, time.time)
    with pytest.raises(Failed) as told:
        session.token()
    return told.value.failure


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 429, 500, 503])
@pytest.mark.parametrize(
    "body", [b'{"accessToken": "AAECAwQFBgcICQ"}', b"bad request: ", b"<AccessToken/>AAECAwQFBgcICQ"]
)
def test_what_the_login_answers_is_not_told(status: int, body: bytes) -> None:
    failure = no_token(status, body)
    assert f"HTTP {status}, " in failure.detail
    for word in (PASSWORD, "AAECAwQFBgcICQ"):
        assert word not in repr(failure)


def test_a_token_that_no_header_can_hold_is_none() -> None:
    wire = httpx2.MockTransport(lambda request: httpx2.Response(200, json={"AccessToken": "töken"}))
    session = Session(parse_settings(MIDDLEWARE), {"password": PASSWORD}, wire, time.time)
    with pytest.raises(Failed) as told:
        session.token()
    assert told.value.failure.code == "p21.login"


@pytest.mark.parametrize("secret", ["two\nlines", "a\x00b"])
def test_a_password_on_several_lines_is_a_person_s_to_mend(secret: str) -> None:
    failure = no_token(200, b"", password=secret)
    assert isinstance(failure, Fix)
    assert (failure.code, failure.field) == ("p21.secret", "password")
    assert secret not in repr(failure)


def sent_key(secret: str) -> httpx2.Headers:
    seen: list[httpx2.Headers] = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers)
        return httpx2.Response(404, json={"error": {"code": "missing", "message": "no such customer"}})

    open_p21(parse_settings(GATEWAY), {"gateway_key": secret}, transport=httpx2.MockTransport(answered)).customer("1")
    return seen[0]


def test_white_space_around_a_gateway_key_is_taken_off() -> None:
    assert sent_key(" k3y\r\n")["x-api-key"] == "k3y"


@pytest.mark.parametrize("secret", ["sup3r\nsecret", "schlüssel", "a\x00b"])
def test_a_gateway_key_that_no_header_can_hold_is_a_person_s_to_mend(secret: str) -> None:
    with pytest.raises(Failed) as told:
        sent_key(secret)
    failure = told.value.failure
    assert isinstance(failure, Fix)
    assert (failure.code, failure.field) == ("p21.secret", "gateway_key")
    assert secret not in repr(failure)


@pytest.mark.parametrize("life", ["9" * 5_000, "0" * 5_000, "٣" * 20, "-1", "1e9", "", "x", None, 5, 0])
@pytest.mark.parametrize("name", ["ExpiresInSeconds", "ExpiresIn"])
def test_a_life_of_a_token_without_measure_is_not_believed(life: object, name: str) -> None:
    """Case D9: a number of 5,000 digits ended in Python's own ValueError."""
    wire = httpx2.MockTransport(lambda request: httpx2.Response(200, json={"AccessToken": "abc", name: life}))
    assert Session(parse_settings(MIDDLEWARE), {"password": PASSWORD}, wire, time.time).token() == "abc"


@pytest.mark.parametrize("path", ["/" + "u" * 10_000_000, "/u\x00", "//evil.example/u", "/ü" * 70_000])
def test_a_router_that_sends_to_an_address_without_measure_is_told(path: str) -> None:
    answers = {
        "/api/security/token/v2": {"AccessToken": "abc"},
        "/api/ui/router/v1/": {"Url": f"https://p21.example.com{path}"},
    }

    def answered(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=answers.get(request.url.path, {}))

    session = Session(parse_settings(MIDDLEWARE), {"password": PASSWORD}, httpx2.MockTransport(answered), time.time)
    told = ""
    try:
        session.read("the UI server", f"{session.ui_path()}/api/v2/session/")
    except Failed as error:
        told = error.failure.sentence
    assert bool(told) == (len(path) > URL_CHARACTERS_MAX or "\x00" in path)
    assert len(told) < 1_000
