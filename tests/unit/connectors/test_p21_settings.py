"""What a P21 connection may be told, and how it says that something does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from tieout.connectors.p21.settings import parse_settings
from tieout.kernel.failures import Failed, Fix

GOOD: dict[str, Any] = {
    "base_url": "https://p21.example.com/",
    "company_id": "ACME",
    "username": "tieout",
    "location_id": 10,
    "currencies": {"USD": 1},
}


def fix(**changes: Any) -> Fix:
    with pytest.raises(Failed) as told:
        parse_settings({name: value for name, value in {**GOOD, **changes}.items() if value is not None})
    assert isinstance(told.value.failure, Fix)
    return told.value.failure


def test_defaults_follow_the_dialect() -> None:
    middleware = parse_settings(GOOD)
    assert (middleware.base_url, middleware.taker, middleware.settle_seconds) == (
        "https://p21.example.com",
        "TIEOUT",
        600,
    )
    assert (middleware.receipts_by, middleware.order_reference, middleware.source_location) == (
        "window",
        "web_reference_no",
        10,
    )
    assert parse_settings({**GOOD, "orders_by": "transaction"}).order_reference == "job_name"
    assert parse_settings({**GOOD, "dialect": "gateway", "location_id": None}).receipts_by == "order"


def test_currencies_are_mapped_both_ways() -> None:
    settings = parse_settings({**GOOD, "currencies": {"USD": 1, "eur": 2}})
    assert (settings.currency_id("EUR"), settings.currency_id("gbp")) == (2, None)
    assert (settings.currency_code("2"), settings.currency_code(7)) == ("eur", "")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"base_url": "http://p21.example.com"}, "base_url", "use https://"),
        ({"base_url": "p21.example.com"}, "base_url", "whole address"),
        ({"base_url": "https://me:secret@p21.example.com"}, "base_url", "leave user name and password"),
        ({"company_id": "TOOLONGID"}, "company_id", "at most 8 characters"),
        ({"company_id": None}, "company_id", "missing"),
        ({"currencies": {}}, "currencies", "at least 1"),
        ({"currencies": {"zzz": 1}}, "currencies", "ISO code"),
        ({"time_zone": "America/New_York"}, "time_zone", "no such setting"),
        ({"username": ""}, "username", "user who installed P21"),
        ({"location_id": None}, "location_id", "sales location"),
        ({"taker": "x" * 31}, "taker", "at most 30 characters"),
        ({"receipts_by": "order"}, "receipts_by", "orders_by transaction"),
        ({"dialect": "gateway", "receipts_by": "window"}, "receipts_by", "which the gateway does not have"),
        ({"dialect": "gateway", "refunds_by": "window"}, "refunds_by", "set it to off"),
        ({"journal_id": "GEN"}, "journal_id", "at most 2 characters"),
        ({"memo_window": {"colour": "blue"}}, "memo_window.colour", "known are"),
        ({"base_url": "https://p21.example.com?a=1"}, "base_url", "leave everything from ?"),
        (
            {"orders_by": "transaction", "reference_fields": {"order": "web_reference_no"}},
            "reference_fields.order",
            "po_no",
        ),
        ({"gateway": {"colour": "blue"}}, "gateway.colour", "known are paths, fields"),
        ({"colour": "blue"}, "colour", "no such setting"),
        ({"gateway": {"fields": {"OrderNo": "x"}}}, "gateway", "no name 'OrderNo'"),
    ],
)
def test_what_does_not_fit_is_named_with_what_to_do(changes: dict[str, Any], field: str, words: str) -> None:
    failure = fix(**changes)
    assert failure.code == "p21.settings"
    assert failure.field == field
    assert words in failure.sentence


def test_plain_http_is_for_this_machine_only() -> None:
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert parse_settings({**GOOD, "base_url": f"http://{host}:8481"})


def test_a_secret_never_stands_in_an_error() -> None:
    failure = fix(password="hunter2")
    assert "hunter2" not in f"{failure.sentence} {failure.detail}"


def test_a_number_that_is_none_is_told_in_plain_words() -> None:
    told = fix(location_id="abc")
    assert "location_id ('abc') of the P21 connection does not fit: write a whole number, such as 10." in told.sentence
