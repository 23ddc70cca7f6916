"""Filters that P21 really understands, and answers read without losing a digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx2
import pytest

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import open_p21
from tieout.connectors.p21.answers import decimal_of, envelope, json_of, kind_of, text_of, to_json, xml_value
from tieout.connectors.p21.comparing import Seen, SeenLine, differences
from tieout.connectors.p21.filters import FILTER_CHARACTERS_MAX, any_of, compare, eq, gt
from tieout.connectors.p21.gateway import GatewayP21
from tieout.connectors.p21.order_dialect import dialect_of
from tieout.connectors.p21.settings import parse_settings
from tieout.domain.writing import Document


def test_literals_are_typed_and_quotes_are_doubled() -> None:
    assert eq("email_address", "o'brien@example.com").text == "email_address eq 'o''brien@example.com'"
    assert eq("customer_id", 100198).text == "customer_id eq 100198"
    assert eq("amount", Decimal("1E+3")).text == "amount eq 1000"
    assert gt("order_date", date(2026, 9, 12)).text == "order_date gt 2026-09-12T00:00:00.000Z"
    assert (eq("a", 1) & (eq("b", 2) | eq("c", "x"))).text == "a eq 1 and (b eq 2 or c eq 'x')"


@pytest.mark.parametrize("column", ["a b", "a eq 1 or b", "", "1a", "a'"])
def test_a_column_name_cannot_smuggle_a_condition(column: str) -> None:
    with pytest.raises(ValueError, match="not the name of a column"):
        eq(column, 1)


def test_what_no_column_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="control characters"):
        eq("name", "a\r\nb")
    with pytest.raises(ValueError, match="Y and N"):
        compare("flag", "eq", True)


def test_chains_stay_short_and_lose_nothing() -> None:
    values = [f"{number:08d}" for number in range(500)]
    filters = any_of("order_no", values, eq("company_id", "ACME"))
    assert all(len(one.text) < FILTER_CHARACTERS_MAX for one in filters)
    joined = " ".join(one.text for one in filters)
    assert all(f"order_no eq '{value}'" in joined for value in values)
    assert not any(" in " in one.text for one in filters)
    assert any_of("order_no", []) == ()


def test_numbers_pass_digit_by_digit() -> None:
    reply = Reply(200, {}, b'{"price": 0.1000000000000000055511151231257827}')
    price = json_of(reply)["price"]
    assert price == Decimal("0.1000000000000000055511151231257827")
    assert (
        to_json({"a": [price, "é", None, True]})
        == b'{"a": [0.1000000000000000055511151231257827, "\\u00e9", null, true]}'
    )
    assert text_of(Decimal("100198.0")) == "100198"
    with pytest.raises(ValueError, match="amount is 'x'"):
        decimal_of("x", "amount")


def test_bodies_are_told_apart() -> None:
    kinds = {
        b"": "nothing",
        b"<!DOCTYPE html><p>": "a web page",
        b"<a/>": "XML",
        b" {}": "JSON",
        b"oops": "text",
    }
    assert {body: kind_of(Reply(200, {}, body)) for body in kinds} == kinds


def test_xml_is_read_whatever_its_namespace() -> None:
    text = '<t:TokenResponse xmlns:t="x"><t:AccessToken i="1">a&amp;b</t:AccessToken></t:TokenResponse>'
    assert xml_value(text, "AccessToken") == "a&b"
    assert xml_value(text, "Token") == ""


def test_an_envelope_is_only_what_p21_makes() -> None:
    assert envelope(Reply(500, {}, b'{"ErrorType": "T", "ErrorMessage": "M"}')) == ("T", "M")
    assert envelope(Reply(500, {}, b"<html>")) == ("", "")


ORDER: Document = {
    "customer_id": "7",
    "currency": "usd",
    "lines": [
        {"item_id": "A", "quantity": "2", "unit_price": "5.00", "extended_price": "10.00"},
        {"item_id": "a", "quantity": "1", "unit_price": "4.00", "extended_price": "4.00"},
    ],
    "total": "15.40",
    "tax": "1.40",
    "tax_tolerance": "0.02",
}


def seen_line(item: str, quantity: str, price: str) -> SeenLine:
    return SeenLine(item, Decimal(quantity), Decimal(price), Decimal(quantity) * Decimal(price))


def seen(*lines: SeenLine, tax: str = "1.40", total: str = "15.40", customer: str = "7", void: str = "") -> Seen:
    return Seen(customer, lines, Decimal(tax), Decimal(total), void)


def test_an_order_that_is_what_was_meant_has_no_differences() -> None:
    swapped = seen(seen_line("A", "1.000000000", "4"), seen_line("A", "2", "5.000000000"), tax="1.41", total="15.41")
    assert differences(ORDER, swapped) == ()


def test_every_difference_is_told_with_both_values() -> None:
    found = differences(ORDER, seen(seen_line("A", "2", "5"), seen_line("B", "1", "4"), customer="8"))
    assert found == (
        "it stands on customer 8, not 7",
        "line 2 (item a) is missing: P21 dropped it without a word",
        "P21 added a line with item B for 4.00",
    )
    assert differences(ORDER, seen(void="cancelled")) == ("it is cancelled in P21",)


def test_a_dialect_is_chosen_by_presence() -> None:
    fixed = dict.fromkeys(("CustomerId", "CompanyId", "Lines", "WebReferenceNo"))
    classic = dialect_of({**fixed, "Terms": None, "SourceLocationId": None, "OeHdrShip2State": None})
    short = dialect_of({**fixed, "TermsId": None, "SourceLocId": None, "ShipToState": None})
    assert classic.names["ship_to_state"] == "OeHdrShip2State"
    assert short.names["source_location_id"] == "SourceLocId"
    assert classic.lacks("web_reference_no") == short.lacks("web_reference_no") == ""
    assert "CreateInvoice" in classic.lacks("create_invoice")
    assert "Terms or TermsId" in dialect_of(fixed).lacks()


@pytest.mark.parametrize("number", ["1/../../salesorders", "..", "1?limit=1", "1#x", "1%2F2"])
def test_a_customer_number_cannot_lead_to_another_path_of_the_gateway(number: str) -> None:
    asked: list[str] = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        return httpx2.Response(404, json={"error": {"code": "missing", "message": "no such customer"}})

    settings = parse_settings(
        {"base_url": "https://p21.example.com", "dialect": "gateway", "company_id": "1", "currencies": {"usd": 1}}
    )
    p21 = GatewayP21.opened(settings, {"gateway_key": "k"}, httpx2.MockTransport(answered))
    assert p21.customer(number) is None
    p21.update_customer(number, "TO1", {"name": "Acorn", "email": "a@acorn.example", "currency": "usd"})
    collection = settings.gateway.path("customers")
    for path in asked:
        assert path.startswith(f"{collection}/")
        assert not set("/?#") & set(path.removeprefix(f"{collection}/"))
        assert ".." not in path
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        ("sales_order", "P21 has no service 'Order'. Grant the Order window to the API user in P21, or set orders_by"),
        ("cash_receipt", "Put the right one into receipt_window.service; candidates: CashEntry (Cash Receipts)."),
    ],
)
def test_a_window_that_is_not_there_is_told_with_the_remedy_for_its_record(entity: str, told: str) -> None:
    def answered(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/services"):
            return httpx2.Response(200, json=[{"Name": "CashEntry", "Title": "Cash Receipts"}])
        return httpx2.Response(200, json={"AccessToken": "t", "ExpiresInSeconds": 60})

    given = {"base_url": "https://p21.example", "company_id": "1", "username": "u", "location_id": 1, "ui_path": "/ui"}
    settings = parse_settings({**given, "currencies": {"usd": 1}, "orders_by": "transaction"})
    p21 = open_p21(settings, {"password": "p"}, transport=httpx2.MockTransport(answered))
    capability = p21.capability(entity)
    assert not capability.on
    assert told in capability.reason


def test_a_line_that_is_counted_in_another_unit_is_told() -> None:
    document: Document = {**ORDER, "lines": [{**one, "unit_of_measure": "EA"} for one in ORDER["lines"]]}  # type: ignore[dict-item, union-attr]
    lines = [replace(seen_line("A", "2", "5"), unit="ea"), replace(seen_line("A", "1", "4"), unit="CS")]
    assert differences(document, seen(*lines)) == ("line 2 (item a) counts CS instead of EA",)
