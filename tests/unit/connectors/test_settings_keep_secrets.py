"""A secret that is entered as a setting is not told in the failure (security S40, S41)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tieout.connectors.p21.settings import parse_settings as p21_settings
from tieout.connectors.stripe.settings import parse_settings as stripe_settings
from tieout.connectors.webstore import open_store
from tieout.kernel.failures import Failed, Fix

P21: dict[str, Any] = {"base_url": "https://p21.example.com", "company_id": "1", "username": "u", "location_id": 1}
KEYS = {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
KEY = "rk_live_1234567890abcdef"


def store_settings(given: Mapping[str, object]) -> object:
    return open_store({"kind": "woocommerce", "url": "https://shop.example", **given}, KEYS)


def p21(given: Mapping[str, object]) -> object:
    return p21_settings({**P21, "currencies": {"usd": 1}, **given})


CASES: list[tuple[Callable[[Mapping[str, object]], object], dict[str, object], str]] = [
    (stripe_settings, {"restricted_key": KEY}, "1234567890abcdef"),
    (stripe_settings, {"account_id": KEY}, "1234567890abcdef"),
    (stripe_settings, {"api_base": "https://u:s3cret@api.example"}, "s3cret"),
    (stripe_settings, {"api_base": "https://:s3cret@api.example"}, "s3cret"),
    (store_settings, {"password": "s3cret"}, "s3cret"),
    (store_settings, {"url": "https://u:s3cret@shop.example"}, "s3cret"),
    (store_settings, {"url": "https://:s3cret@shop.example"}, "s3cret"),
    (store_settings, {"url": "http://:s3cret@127.0.0.1"}, "s3cret"),
    (p21, {"password": "s3cret"}, "s3cret"),
    (p21, {"base_url": "https://:s3cret@p21.example"}, "s3cret"),
    (p21, {"company_id": KEY}, "1234567890abcdef"),
]


@pytest.mark.parametrize(("parse", "given", "secret"), CASES)
def test_a_secret_among_the_settings_is_refused_and_not_told(
    parse: Callable[[Mapping[str, object]], object], given: dict[str, object], secret: str
) -> None:
    with pytest.raises(Failed) as told:
        parse(given)
    assert isinstance(told.value.failure, Fix)
    assert told.value.failure.field == next(iter(given))
    assert secret not in repr(told.value.failure)


SAME: list[tuple[str, str]] = [
    ("http://shop.example", "use https://; plain http is only for what runs on this machine."),
    ("http://127.0.0.1.example", "use https://; plain http is only for what runs on this machine."),
    ("shop.example", "write the whole address, beginning with https://."),
    ("ftp://shop.example", "write the whole address, beginning with https://."),
    ("https://u:p@shop.example", "leave user name and password out of the address."),
    ("https://shop.example?a", "leave everything from ? or # on out of the address."),
]


@pytest.mark.parametrize(("url", "words"), SAME)
@pytest.mark.parametrize(
    ("parse", "field", "title"),
    [(stripe_settings, "api_base", "Stripe"), (p21, "base_url", "P21"), (store_settings, "url", "web-store")],
)
def test_the_same_mistake_is_told_in_the_same_words(
    parse: Callable[[Mapping[str, object]], object], field: str, title: str, url: str, words: str
) -> None:
    with pytest.raises(Failed) as told:
        parse({field: url})
    shown = "" if "@" in url else f" ({url!r})"
    assert told.value.failure.sentence == f"The setting {field}{shown} of the {title} connection does not fit: {words}"


@pytest.mark.parametrize("host", ["localhost:8480", "127.0.0.1", "127.1.2.3:1", "[::1]:8481"])
def test_this_machine_needs_no_https(host: str) -> None:
    assert stripe_settings({"api_base": f"http://{host}/"}).api_base == f"http://{host}"
    assert p21({"base_url": f"http://{host}"})
    assert store_settings({"url": f"http://{host}"})


def test_what_is_no_secret_is_told() -> None:
    with pytest.raises(Failed) as told:
        stripe_settings({"calls_per_second": "many"})
    assert isinstance(told.value.failure, Fix)
    assert told.value.failure.value == "many"
