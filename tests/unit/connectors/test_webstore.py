"""Web stores: orders read to the cent, refusals in words, fields written and found again (M17; security S33 to S36)."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tieout.connectors.webstore import OrderSource, open_store, stores
from tieout.domain.sale import Order, imbalance
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, NotSent, Rejected
from tieout.kernel.failures import Failed, Failure, Fix, Retry

KEYS = {"consumer_key": "ck_1", "consumer_secret": "cs_1", "token": "t0ken", "user": "u", "password": "p"}
WOO: dict[str, Any] = {"kind": "woocommerce", "url": "https://shop.example/wp", "calls_per_second": 100_000}
ORDER: dict[str, Any] = {
    "id": 17,
    "number": "W-17",
    "currency": "USD",
    "total": "46.35",
    "total_tax": "3.10",
    "shipping_total": "5.00",
    "discount_total": "2.00",
    "customer_note": "leave at dock",
    "billing": {"first_name": "Ann", "last_name": "Lee", "company": "Acme", "email": "a@acme.test", "city": "Reno"},
    "shipping": {
        "first_name": "Bob",
        "last_name": "Ray",
        "company": "",
        "address_1": "1 Main",
        "city": "Elko",
        "postcode": "1",
    },
    "meta_data": [
        {"id": 1, "key": "_po_number", "value": "PO-5"},
        {"id": 2, "key": "nested", "value": {"x": 1}},
        {"id": 3, "key": "count", "value": 3},
    ],
    "coupon_lines": [{"code": "TEN"}],
    "line_items": [
        {
            "id": 1,
            "sku": "BOLT-1",
            "name": "Bolt",
            "quantity": 3,
            "price": 9.333333333333334,
            "product_id": 5,
            "variation_id": 0,
            "subtotal": "30.00",
            "total": "28.00",
            "total_tax": "2.50",
        },
        {
            "id": 2,
            "sku": "NUT-1",
            "name": "Nut",
            "quantity": 1,
            "subtotal": "10.25",
            "total": "10.25",
            "total_tax": "0.60",
        },
    ],
    "fee_lines": [{"id": 3, "name": "Card fee", "total": "-0.00", "total_tax": "0"}],
}


class Wired(httpx2.BaseTransport):
    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), list[httpx2.Request]()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, httpx2.Response) else httpx2.Response(200, content=json.dumps(found).encode())


def woo(*answers: Any, **more: Any) -> tuple[OrderSource, Wired]:
    wire = Wired(*answers)
    return open_store(WOO | more, KEYS, transport=wire), wire


def order_of(store: OrderSource, order_id: str = "17") -> Order:
    found = store.order(order_id)
    assert found is not None
    return found


def failure(call: Any) -> Failure:
    with pytest.raises(Failed) as caught:
        call()
    assert "cs_1" not in f"{caught.value.failure}"
    return caught.value.failure


def test_every_store_is_a_folder_with_a_connector() -> None:
    assert set(stores()) == {"generic", "woocommerce"}
    assert isinstance(failure(lambda: open_store({"kind": "shoplift"}, {})), Fix)


def test_a_woocommerce_order_is_read_to_the_cent() -> None:
    store, wire = woo(ORDER)
    order = order_of(store)
    assert (order.id, order.number, order.currency, order.source) == ("17", "W-17", "usd", "woocommerce")
    assert (order.total, order.tax, order.shipping, order.discount, imbalance(order)) == (4635, 310, 500, 200, 0)
    bolt, nut, fee = order.lines
    assert (bolt.sku, str(bolt.quantity), bolt.subtotal, bolt.discount, bolt.net, bolt.tax) == (
        "BOLT-1",
        "3",
        3000,
        200,
        2800,
        250,
    )
    assert (str(bolt.unit_amount), bolt.product_id, nut.net, fee.sku, fee.net) == ("1000", "5", 1025, "Card fee", 0)
    assert (order.buyer.name, order.buyer.email, order.buyer.metadata) == ("Acme", "a@acme.test", {"person": "Ann Lee"})
    assert (order.ship_to_name, order.ship_to.line1) == ("Bob Ray", "1 Main")
    assert (order.po_no, order.note) == ("PO-5", "leave at dock")
    assert order.metadata == {"_po_number": "PO-5", "count": "3", "coupons": "TEN"}
    assert str(wire.asked[0].url) == "https://shop.example/wp/wp-json/wc/v3/orders/17"
    assert wire.asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"ck_1:cs_1").decode()


@pytest.mark.parametrize(
    ("currency", "text", "minor"),
    [("JPY", "1250", 1250), ("KWD", "1.250", 1250), ("USD", "12.5", 1250), ("ISK", "12", 1200)],
)
def test_amounts_follow_the_currency(currency: str, text: str, minor: int) -> None:
    plain = {
        "id": 1,
        "currency": currency,
        "total": text,
        "line_items": [{"id": 1, "sku": "A", "total": text, "subtotal": text}],
    }
    order = order_of(woo(plain)[0])
    assert (order.total, order.lines[0].net) == (minor, minor)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total": "12.345"}, "total"),
        ({"total": "a lot"}, "total"),
        ({"total": "NaN"}, "total"),
        ({"currency": "XXX"}, "subtotal"),
        ({"shipping_total": "1e999999999"}, "shipping_total"),
    ],
)
def test_an_amount_that_cannot_be_read_is_named(change: dict[str, Any], field: str) -> None:
    found = failure(lambda: woo(ORDER | change)[0].order("17"))
    assert isinstance(found, Fix)
    assert found.field == field


ODD: tuple[Any, ...] = (None, 5, "odd", [], {}, [1])


@pytest.mark.parametrize("field", list(ORDER))
def test_odd_fields_never_crash(field: str) -> None:
    for odd in ODD:
        assert isinstance(order_or_failure(woo(ORDER | {field: odd})[0]), Order | Fix)


def order_or_failure(store: OrderSource) -> Order | Failure | None:
    try:
        return store.order("17")
    except Failed as error:
        return error.failure


def test_an_order_that_is_not_there_is_none_and_odd_ids_are_never_sent() -> None:
    store, wire = woo(httpx2.Response(404, content=b'{"code": "woocommerce_rest_shop_order_invalid_id"}'))
    assert store.order("17") is None
    for odd in ("", "../users", "17?x", "１７", "1" * 30):
        assert store.order(odd) is None
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "outage", "word"),
    [
        (httpx2.Response(401, content=b'{"message": "bad key"}'), Retry, True, "consumer key and secret"),
        (httpx2.Response(403), Retry, True, "does not let orders be read"),
        (httpx2.Response(429, headers={"retry-after": "9"}), Retry, True, "slows down"),
        (httpx2.Response(503), Retry, True, "is down"),
        (httpx2.Response(500), Retry, True, "is down"),
        (httpx2.Response(301, headers={"location": "https://www.shop.example"}), Fix, None, "another address"),
        (httpx2.Response(400, content=b'{"message": "no"}'), Fix, None, "no"),
        (httpx2.Response(200, content=b"<html>maintenance"), Retry, False, "not JSON"),
        (httpx2.ConnectError("refused"), Retry, True, "cannot be reached"),
        (httpx2.ReadTimeout("slow"), Retry, True, "did not answer"),
    ],
)
def test_every_refusal_says_what_to_do_next(answer: Any, kind: type, outage: bool | None, word: str) -> None:
    found = failure(lambda: woo(answer)[0].order("17"))
    assert isinstance(found, kind)
    assert found.code.startswith("webstore.")
    assert word in found.sentence
    if isinstance(found, Retry):
        assert found.outage is outage


@pytest.mark.parametrize(
    "change", [{"url": "http://shop.example"}, {"url": "https://u:p@shop.example"}, {"url": "ftp://x"}, {"surprise": 1}]
)
def test_settings_that_would_leak_a_secret_are_refused(change: dict[str, Any]) -> None:
    assert isinstance(failure(lambda: woo(ORDER, **change)), Fix)


def test_secrets_that_are_missing_or_unfit_for_a_header_are_refused() -> None:
    for bad in ("", "a\r\nb", "é"):
        assert isinstance(failure(lambda bad=bad: open_store(WOO, KEYS | {"consumer_key": bad})), Fix)


def test_http_is_taken_on_this_machine_only() -> None:
    assert woo(ORDER, url="http://127.0.0.1:8482")[0].order("17")


def test_a_probe_says_what_is_wrong() -> None:
    assert woo([ORDER])[0].probe().works
    assert not woo(httpx2.Response(401))[0].probe().works
    assert not woo(httpx2.Response(404))[0].probe().works


DOCUMENT: Document = {"order_id": "17", "meta": {"p21_order_no": "1001"}}


def with_meta(value: Any) -> dict[str, Any]:
    return ORDER | {"meta_data": [{"id": 9, "key": "p21_order_no", "value": value}]}


def test_meta_is_written_and_found_again() -> None:
    store, wire = woo(ORDER, ORDER, with_meta("1001"))
    writer = store.order_writer()
    assert writer.look_up("REF", DOCUMENT) == ()
    assert writer.send("REF", DOCUMENT) == Confirmed("17")
    assert writer.look_up("REF", DOCUMENT) == (Found("17"),)
    assert wire.asked[1].method == "PUT"
    assert json.loads(wire.asked[1].content) == {"meta_data": [{"key": "p21_order_no", "value": "1001"}]}
    assert woo(with_meta(1001))[0].order_writer().look_up("REF", DOCUMENT) == (Found("17"),)


def test_another_number_in_the_store_is_a_difference() -> None:
    (found,) = woo(with_meta("999"))[0].order_writer().look_up("REF", DOCUMENT)
    assert found.differences == ("p21_order_no is '999', should be '1001'",)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx2.ConnectError("refused"), NotSent),
        (httpx2.Response(401), NotSent),
        (httpx2.Response(429), NotSent),
        (httpx2.Response(403), Rejected),
        (httpx2.Response(404), Rejected),
        (httpx2.Response(400, content=b'{"message": "no"}'), Rejected),
        (httpx2.Response(409), Indeterminate),
        (httpx2.Response(500), Indeterminate),
        (httpx2.ReadTimeout("slow"), Indeterminate),
    ],
)
def test_every_answer_to_a_write_is_classified(answer: Any, kind: type) -> None:
    assert isinstance(woo(answer)[0].order_writer().send("REF", DOCUMENT), kind)


def test_looking_up_an_order_that_is_gone_is_not_an_empty_answer() -> None:
    assert isinstance(failure(lambda: woo(httpx2.Response(404))[0].order_writer().look_up("REF", DOCUMENT)), Fix)


ANY: dict[str, Any] = {
    "kind": "generic",
    "url": "https://erp.example/api/orders/{id}?full=1",
    "auth": "header",
    "header": "X-Api-Key",
    "calls_per_second": 100_000,
    "fields": {
        "number": "order.ref",
        "currency": "order.money.code",
        "total": "order.money.total",
        "shipping": "order.money.freight",
        "lines": "order.rows",
        "buyer.name": "order.buyer.name",
        "buyer.address.city": "order.buyer.town",
        "ship_to.line1": "order.to.street",
        "po_no": "order.po",
        "metadata": "order.tags",
    },
    "line_fields": {"sku": "line.article", "quantity": "line.qty", "net": "line.sum", "tax": "line.vat"},
}
ANSWER: dict[str, Any] = {
    "ref": "G-1",
    "money": {"code": "EUR", "total": "27.30", "freight": 4.5},
    "buyer": {"name": "Acme", "town": "Reno"},
    "to": {"street": "1 Main"},
    "po": 4711,
    "tags": {"a": "b", "n": 5, "deep": {}},
    "rows": [
        {"article": "X-1", "qty": "2", "sum": "20.00", "vat": 1.8},
        {"article": "X-2", "qty": 1, "sum": 1, "vat": 0},
    ],
}


def generic(*answers: Any, **more: Any) -> tuple[OrderSource, Wired]:
    wire = Wired(*answers)
    return open_store(ANY | more, KEYS, transport=wire), wire


def test_any_store_is_read_by_its_field_map() -> None:
    store, wire = generic(ANSWER)
    order = order_of(store, "a/ä 1.")
    assert (order.id, order.number, order.currency, order.po_no) == (
        "a/ä 1.",
        "a/ä 1.",
        "eur",
        "4711",
    ) or order.number == "G-1"
    assert (order.total, order.shipping, order.tax, imbalance(order)) == (2730, 450, 180, 0)
    assert [(line.sku, str(line.quantity), line.net, str(line.unit_amount)) for line in order.lines] == [
        ("X-1", "2", 2000, "1000"),
        ("X-2", "1", 100, "100"),
    ]
    assert (order.buyer.address.city, order.ship_to.line1, order.metadata) == ("Reno", "1 Main", {"a": "b", "n": "5"})
    assert wire.asked[0].url.raw_path == b"/api/orders/a%2F%C3%A4%201%2E?full=1"
    assert wire.asked[0].headers["x-api-key"] == "t0ken"


def test_minor_units_and_worked_out_amounts() -> None:
    rows = [
        {"sku": "A", "quantity": 3, "unit_amount": "33.5", "discount": 1},
        {"sku": "B", "subtotal": 500, "id": "r2"},
    ]
    answer = {"money": {"code": "usd", "total": 600, "freight": 0}, "rows": rows}
    fields = {"currency": "order.money.code", "total": "order.money.total", "lines": "order.rows"}
    order = order_of(generic(answer, amounts="minor", fields=fields, line_fields={})[0])
    assert [(line.id, line.subtotal, line.discount, line.net) for line in order.lines] == [
        ("1", 101, 1, 100),
        ("r2", 500, 0, 500),
    ]
    assert (order.total, imbalance(order), order.lines[0].unit_amount) == (600, 0, Decimal(101) / 3)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"money": {"code": "EUR", "total": "27.305"}}, "total"),
        ({"money": {"code": "???", "total": "1"}}, "net"),
        ({"money": {"code": "EUR", "total": True}}, "total"),
        ({"rows": "none"}, "lines"),
        ({"rows": [{"article": "X", "qty": "many", "sum": 1}]}, "quantity"),
        ({"rows": [{"article": "X", "qty": 1}]}, "net"),
        ({"po": {"x": 1}}, "po_no"),
        ({"buyer": {"name": ["x"]}}, "buyer.name"),
    ],
)
def test_a_field_that_does_not_do_is_named(change: dict[str, Any], field: str) -> None:
    found = failure(lambda: generic(ANSWER | change)[0].order("1"))
    assert isinstance(found, Fix)
    assert found.field == field


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://erp.example/orders"},
        {"url": "https://{id}.example/orders"},
        {"fields": {"currency": "order.c", "total": "order.t"}},
        {"fields": ANY["fields"] | {"colour": "order.c"}},
        {"fields": ANY["fields"] | {"note": "order.("}},
        {"line_fields": {"weight": "line.w"}},
        {
            "update_url": "https://erp.example/o/{id}",
            "fields": {"currency": "order.c", "total": "order.t", "lines": "order.l"},
        },
        {"header": "X Y"},
    ],
)
def test_a_field_map_is_checked_when_it_is_entered(change: dict[str, Any]) -> None:
    assert isinstance(failure(lambda: generic(ANSWER, **change)), Fix)


def test_other_ways_in() -> None:
    store, wire = generic(ANSWER, auth="basic")
    store.order("1")
    assert wire.asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"u:p").decode()
    store, wire = generic(ANSWER, auth="none")
    store.order("1")
    assert "authorization" not in wire.asked[0].headers


def test_any_store_may_be_written_to_when_it_says_where() -> None:
    assert isinstance(failure(generic(ANSWER)[0].order_writer), Fix)
    tagged = ANSWER | {"tags": [{"key": "p21_order_no", "value": 1001}]}
    store, wire = generic(ANSWER, {}, tagged, update_url="https://erp.example/o/{id}", update_method="PATCH")
    writer = store.order_writer()
    assert writer.look_up("REF", DOCUMENT) == ()
    assert writer.send("REF", DOCUMENT) == Confirmed("17")
    assert json.loads(wire.asked[1].content) == {"id": "17", "meta": {"p21_order_no": "1001"}, "reference": "REF"}
    assert writer.look_up("REF", DOCUMENT) == (Found("17"),)


def test_a_probe_of_any_store_lets_404_pass() -> None:
    assert generic(httpx2.Response(404))[0].probe().works
    assert not generic(httpx2.Response(401))[0].probe().works
