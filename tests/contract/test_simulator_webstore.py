"""The pretend web stores, met over HTTP as a connector meets them."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from simulators.faults import Fault
from simulators.server import Serving
from simulators.webstore import GenericOrderSource, WooCommerceStore, build
from simulators.wire import Request
from simulators.world import VirtualClock, World

KEY, SECRET = "ck_contract", "cs_contract"
BASIC = {"authorization": "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()}
LINES = [
    {"sku": "BOLT-1", "description": "Bolt", "quantity": 3, "unit_amount": 500, "tax": 90, "product_id": 11},
    {"sku": "NUT-2", "description": "Nut", "quantity": 3, "unit_amount": 25, "discount": 5},
]
BILLING = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com", "address_1": "1 Mill St"}


@pytest.fixture
def store() -> WooCommerceStore:
    return WooCommerceStore(World(3, VirtualClock()), KEY, SECRET)


@pytest.fixture
def port(store: WooCommerceStore) -> Iterator[int]:
    with Serving(store) as serving:
        yield serving.port


def call(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] = BASIC
) -> tuple[int, Any, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text[:1] in b"{[" else text, answer.headers
    finally:
        connection.close()


def test_an_order_adds_up_in_texts(store: WooCommerceStore, port: int) -> None:
    made = store.add_order(
        LINES, billing=BILLING, freight=700, freight_tax=42, fees=[{"name": "Pallet", "amount": 1000}],
        coupon="WELCOME", stripe_intent="pi_1", stripe_charge="ch_1",
    )  # fmt: skip
    status, order, _ = call(port, "GET", f"/wp-json/wc/v3/orders/{made}")
    assert status == 200 and order["id"] == made and order["currency"] == "USD"
    assert order["total"] == "34.02" and order["total_tax"] == "1.32" and order["discount_total"] == "0.05"
    assert [line["total"] for line in order["line_items"]] == ["15.00", "0.70"]
    assert order["line_items"][1]["price"] == pytest.approx(0.233333)
    assert order["shipping_lines"][0]["total"] == "7.00" and order["fee_lines"][0]["total"] == "10.00"
    assert order["coupon_lines"][0]["code"] == "WELCOME" and order["tax_lines"][0]["tax_total"] == "0.90"
    assert order["transaction_id"] == "ch_1" and order["shipping"]["address_1"] == "1 Mill St"
    assert {"key": "_stripe_intent_id", "value": "pi_1"}.items() <= order["meta_data"][0].items()


@pytest.mark.parametrize(("currency", "total"), [("JPY", "1660"), ("KWD", "1.660"), ("USD", "16.60")])
def test_money_has_the_decimals_of_its_currency(store: WooCommerceStore, port: int, currency: str, total: str) -> None:
    made = store.add_order(LINES, currency=currency)
    assert call(port, "GET", f"/wp-json/wc/v3/orders/{made}")[1]["total"] == total


def test_orders_page_and_are_searched(store: WooCommerceStore, port: int) -> None:
    made = [store.add_order(LINES, billing={**BILLING, "email": f"a{n}@example.com"}) for n in range(25)]
    seen: list[int] = []
    for page in (1, 2, 3):
        status, orders, headers = call(port, "GET", f"/wp-json/wc/v3/orders?per_page=10&page={page}")
        assert status == 200 and headers["X-WP-Total"] == "25" and headers["X-WP-TotalPages"] == "3"
        assert ("next" in headers.get("Link", "")) is (page < 3)
        seen += [order["id"] for order in orders]
    assert seen == made[::-1]
    found = call(port, "GET", "/wp-json/wc/v3/orders?search=" + quote("a7@example.com"))[1]
    assert [order["id"] for order in found] == [made[7]]
    assert call(port, "GET", "/wp-json/wc/v3/orders?per_page=101")[1]["code"] == "rest_invalid_param"


def test_the_key_pair_is_checked_in_the_header_and_in_the_query(store: WooCommerceStore, port: int) -> None:
    store.add_product("BOLT-1", "Bolt", 500)
    good = f"/wp-json/wc/v3/products/11?consumer_key={KEY}&consumer_secret={SECRET}"
    assert call(port, "GET", good, headers={})[1]["price"] == "5.00"
    for path, code in (
        ("/wp-json/wc/v3/orders", "woocommerce_rest_cannot_view"),
        ("/wp-json/wc/v3/orders?consumer_key=ck_x&consumer_secret=y", "woocommerce_rest_authentication_error"),
        (f"/wp-json/wc/v3/orders?consumer_key={KEY}&consumer_secret=y", "woocommerce_rest_authentication_error"),
    ):
        status, body, _ = call(port, "GET", path, headers={})
        assert (status, body["code"], body["data"]) == (401, code, {"status": 401})


def test_what_is_not_there_and_what_is_wrong(port: int) -> None:
    status, body, _ = call(port, "GET", "/wp-json/wc/v3/orders/7")
    assert (status, body["code"]) == (404, "woocommerce_rest_shop_order_invalid_id")
    assert call(port, "GET", "/wp-json/wc/v3/nothing")[1]["code"] == "rest_no_route"
    assert call(port, "GET", "/wp-json/wc/v3/system_status")[1]["settings"]["currency"] == "USD"


def test_meta_data_is_written_by_key_changed_and_deleted(store: WooCommerceStore, port: int) -> None:
    path = f"/wp-json/wc/v3/orders/{store.add_order(LINES)}"
    for value, kept in (("1000", ["1000"]), ("1001", ["1001"]), (None, [])):
        call(port, "PUT", path, {"meta_data": [{"key": "p21_order_no", "value": value}]})
        metas = call(port, "GET", path)[1]["meta_data"]
        assert [meta["value"] for meta in metas if meta["key"] == "p21_order_no"] == kept
    assert call(port, "POST", path, {"status": "completed"})[1]["status"] == "completed"
    assert call(port, "PUT", path, {"status": "lost"})[0] == 400
    assert call(port, "PUT", path, {"meta_data": [{"value": 1}]})[0] == 400
    assert [write["applied"] for write in store.books()["writes"]] == [True, True, True, True, False, False]


def test_faults_look_as_they_do_and_apply_or_not(store: WooCommerceStore, port: int) -> None:
    path = f"/wp-json/wc/v3/orders/{store.add_order(LINES)}"
    store.plan(Fault("down", "GET", times=1), Fault("unauthorized", "GET", times=1))
    status, _, headers = call(port, "GET", path)
    assert status == 503 and headers["Retry-After"] == "5"
    assert call(port, "GET", path)[0] == 401
    for kind, status_after in (("cut", "processing"), ("cut_after_commit", "completed")):
        store.plan(Fault(kind, "PUT", times=1))
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            call(port, "PUT", path, {"status": "completed"})
        assert call(port, "GET", path)[1]["status"] == status_after
    store.plan(Fault("slow", times=1, seconds=0.01))
    assert call(port, "GET", path)[0] == 200
    assert store.books()["faults_struck"] == {
        "down": 1, "unauthorized": 1, "cut": 1, "cut_after_commit": 1, "slow": 1,
    }  # fmt: skip


def test_a_generic_shop_answers_in_its_own_shape() -> None:
    shop = GenericOrderSource(World(3, VirtualClock()), token="tok")
    shop.add_order("A-1", LINES, buyer={"mail": "ada@example.com"}, freight=700, payment_reference="pi_1")
    shop.add_body("A-2", ["anything", 1])
    bearer = {"authorization": "Bearer tok"}
    with Serving(shop) as serving:
        order = call(serving.port, "GET", "/api/orders/A-1", headers=bearer)[1]["order"]
        assert order["totals"] == {"goods": "15.75", "discount": "0.05", "tax": "0.90", "grand": "23.60"}
        assert order["items"][0]["partNo"] == "BOLT-1" and order["payment"]["reference"] == "pi_1"
        assert call(serving.port, "GET", "/api/orders/A-2", headers=bearer)[1] == ["anything", 1]
        assert call(serving.port, "PATCH", "/api/orders/A-1", {"erp": {"no": "7"}}, bearer)[1]["erp"] == {"no": "7"}
        assert call(serving.port, "GET", "/api/orders/A-3", headers=bearer)[0] == 404
        assert call(serving.port, "GET", "/api/orders/A-1", headers={})[0] == 401
        assert call(serving.port, "GET", "/_sim/god", headers={})[1]["orders"].keys() == {"A-1", "A-2"}


def test_orders_and_faults_come_over_http_too(store: WooCommerceStore, port: int) -> None:
    status, body, headers = call(port, "POST", "/_sim/add_order", {"lines": LINES, "freight": 100}, {})
    assert status == 200 and body["result"] == 1001 and headers["X-Sim-Synthetic"] == "1"
    assert call(port, "POST", "/_sim/faults", {"plan": [{"kind": "down", "times": 1}]}, {})[0] == 200
    assert call(port, "GET", "/wp-json/wc/v3/orders/1001")[0] == 503
    assert call(port, "POST", "/_sim/add_order", {"lines": []}, {})[0] == 400
    assert call(port, "POST", "/_sim/faults", {"plan": [{"kind": "melt"}]}, {})[0] == 400


def test_stores_start_from_words() -> None:
    assert isinstance(build(World(1), {"store": "generic", "token": "t"}), GenericOrderSource)
    woo = build(World(1), {"consumer_key": KEY, "consumer_secret": SECRET})
    assert woo.respond(Request("GET", "/wp-json/wc/v3/orders", {}, BASIC)).status == 200
    for wrong in ({"store": "magento"}, {"colour": "red"}):
        with pytest.raises(ValueError, match=r"magento|colour"):
            build(World(1), wrong)
