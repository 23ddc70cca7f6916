"""The web-store connectors against pretend stores over HTTP (M17)."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.faults import Fault
from simulators.server import Serving
from simulators.webstore import GenericOrderSource, WooCommerceStore
from simulators.world import VirtualClock, World
from tieout.connectors.webstore import OrderSource, open_store
from tieout.domain.sale import imbalance
from tieout.domain.writing import Confirmed, Document, Indeterminate, NotSent, Rejected
from tieout.kernel.failures import Failed, Retry

LINES = (
    {"sku": "BOLT-1", "description": "Bolt", "quantity": 3, "unit_amount": 1000, "tax": 240},
    {"sku": "NUT-9", "description": "Nut", "quantity": 10, "unit_amount": 55, "discount": 50},
)
BILLING = {"first_name": "Ann", "last_name": "Lee", "company": "Acme", "email": "a@acme.test"}
FIELDS = {
    "id": "order.order.ref",
    "currency": "order.order.currency",
    "lines": "order.order.items",
    "total": "order.order.totals.grand",
    "tax": "order.order.totals.tax",
    "shipping": "order.order.freight.charge",
    "buyer.email": "order.order.buyer.mail",
    "ship_to.city": "order.order.deliverTo.town",
    "metadata": "get(order, 'meta') ?? {}",
}
LINE_FIELDS = {
    "sku": "line.partNo",
    "description": "line.label",
    "quantity": "line.qty",
    "unit_amount": "line.each",
    "discount": "line.discount",
    "tax": "line.tax",
    "net": "line.amount",
}


def woo(url: str, **secrets: str) -> OrderSource:
    keys = {"consumer_key": "ck_simulated", "consumer_secret": "cs_simulated"} | secrets
    return open_store({"kind": "woocommerce", "url": url, "calls_per_second": 100_000}, keys)


def generic(url: str, **more: Any) -> OrderSource:
    settings: dict[str, Any] = {
        "kind": "generic",
        "url": f"{url}/api/orders/{{id}}",
        "update_url": f"{url}/api/orders/{{id}}",
        "update_method": "PATCH",
        "auth": "header",
        "calls_per_second": 100_000,
        "fields": FIELDS,
        "line_fields": LINE_FIELDS,
    }
    return open_store(settings | more, {"token": "Bearer shop-token"})


def world() -> World:
    return World(3, VirtualClock())


@pytest.mark.parametrize(("currency", "total"), [("USD", 4490), ("JPY", 4490), ("KWD", 4490)])
def test_a_woocommerce_order_adds_up_in_any_currency(currency: str, total: int) -> None:
    shop = WooCommerceStore(world(), currency=currency)
    fees = [{"name": "Hazmat", "amount": 200, "tax": 0}]
    order_id = shop.add_order(
        LINES, billing=BILLING, freight=500, freight_tax=50, fees=fees, meta={"_po_number": "PO-1"}
    )
    with Serving(shop) as serving:
        store = woo(serving.url)
        order = store.order(str(order_id))
        assert order is not None
        assert (order.total, imbalance(order), order.currency) == (total, 0, currency.lower())
        assert [line.net for line in order.lines] == [3000, 500, 200]
        assert (order.po_no, order.buyer.name, order.buyer.email) == ("PO-1", "Acme", "a@acme.test")
        assert store.order("999999") is None
        assert store.probe().works


def test_the_order_number_is_written_into_woocommerce_once() -> None:
    shop = WooCommerceStore(world())
    wanted: Document = {"order_id": str(shop.add_order(LINES)), "meta": {"p21_order_no": "1001"}}
    with Serving(shop) as serving:
        writer = woo(serving.url).order_writer()
        assert writer.look_up("REF", wanted) == ()
        assert isinstance(writer.send("REF", wanted), Confirmed)
        assert isinstance(writer.send("REF", wanted), Confirmed)
        (found,) = writer.look_up("REF", wanted)
        assert not found.differences


@pytest.mark.parametrize(
    ("fault", "read_code", "sent", "written"),
    [
        ("down", "webstore.down", Indeterminate, False),
        ("unauthorized", "webstore.unauthorized", NotSent, False),
        ("cut", "webstore.unreachable", Indeterminate, False),
        ("cut_after_commit", "webstore.unreachable", Indeterminate, True),
    ],
)
def test_faults_of_a_store(fault: str, read_code: str, sent: type, written: bool) -> None:
    shop = WooCommerceStore(world())
    wanted: Document = {"order_id": str(shop.add_order(LINES)), "meta": {"p21_order_no": "1001"}}
    with Serving(shop) as serving:
        store = woo(serving.url)
        shop.plan(Fault(fault, times=1))
        with pytest.raises(Failed) as caught:
            store.order("1001")
        assert isinstance(caught.value.failure, Retry)
        assert (caught.value.failure.code, caught.value.failure.outage) == (read_code, True)
        shop.plan(Fault(fault, times=1))
        assert isinstance(store.order_writer().send("REF", wanted), sent)
        assert bool(store.order_writer().look_up("REF", wanted)) is written


def test_a_key_that_may_only_read_is_told_so_when_it_writes() -> None:
    shop = WooCommerceStore(world(), read_only=True)
    wanted: Document = {"order_id": str(shop.add_order(LINES)), "meta": {"p21_order_no": "1001"}}
    with Serving(shop) as serving:
        sent = woo(serving.url).order_writer().send("REF", wanted)
        assert isinstance(sent, Rejected)
        assert "write access" in sent.failure.sentence
        assert not woo(serving.url, consumer_key="ck_other").probe().works


def test_any_store_is_read_and_written_by_configuration() -> None:
    shop = GenericOrderSource(world())
    shop.add_order(
        "A-1", LINES, buyer={"mail": "a@acme.test"}, deliver_to={"town": "Reno"}, freight=500, freight_tax=40
    )
    wanted: Document = {"order_id": "A-1", "meta": {"p21_order_no": "1001"}}
    with Serving(shop) as serving:
        store = generic(serving.url)
        order = store.order("A-1")
        assert order is not None
        assert (order.id, order.total, order.shipping, order.tax, imbalance(order)) == ("A-1", 4280, 500, 280, 0)
        assert [(line.sku, str(line.quantity), line.net) for line in order.lines] == [
            ("BOLT-1", "3", 3000),
            ("NUT-9", "10", 500),
        ]
        assert (order.buyer.email, order.ship_to.city) == ("a@acme.test", "Reno")
        assert store.order("A-2") is None
        assert store.probe().works
        writer = store.order_writer()
        assert writer.look_up("REF", wanted) == ()
        assert isinstance(writer.send("REF", wanted), Confirmed)
        assert len(writer.look_up("REF", wanted)) == 1
