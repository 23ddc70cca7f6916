"""What a buyer paid for is read the same from every API shape and store, to the minor unit (B7; M17)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.stripe import CURRENT, OLD, StripeAccount
from simulators.webstore import WooCommerceStore
from simulators.world import VirtualClock, World
from tests.simulation.transport import SimulatorTransport
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.settings import parse_settings
from tieout.connectors.webstore import open_store
from tieout.domain.sale import Order, disagreement, imbalance

CURRENCIES = ("usd", "eur", "jpy", "kwd", "clp", "bhd")
lines = st.lists(
    st.fixed_dictionaries(
        {
            "sku": st.sampled_from(["WIDGET-001", "PUMP-050", "VALVE-12"]),
            "description": st.sampled_from(["Widget", "Pump ½ hp", "Ventil Größe 12"]),
            "quantity": st.integers(1, 9),
            "unit_amount": st.integers(100, 90_000).map(lambda number: number * 10),
        }
    ),
    min_size=1,
    max_size=4,
)


def bought(version: str, via: str, currency: str, basket: list[dict[str, Any]], freight: int) -> tuple[Order, str]:
    clock = VirtualClock()
    account = StripeAccount(World(1, clock), api_version=version, rate_limits=False)
    customer = account.add_customer(name="Ada", email="ada@example.com")
    shipping = freight if via == "checkout" else 0
    paid = account.pay(customer, via=via, currency=currency, lines=basket, shipping_cost=shipping)
    settings_ = parse_settings({"api_base": "http://127.0.0.1:1", "calls_per_second": 1_000_000})
    stripe = Stripe(
        settings_,
        {"restricted_key": account.key},
        transport=SimulatorTransport(account, clock),
        clock=clock.now,
    )
    payment = stripe.payment(paid.payment_intent or paid.charge)
    order = stripe.order(payment)
    assert order is not None
    return order, disagreement(order, payment.amount, payment.currency)


def essence(order: Order) -> tuple[object, ...]:
    read = [(line.sku, line.quantity, line.unit_amount, line.subtotal, line.net) for line in order.lines]
    return order.currency, order.total, order.shipping, order.tax, order.discount, read


@settings(max_examples=25)
@given(lines, st.sampled_from(CURRENCIES), st.sampled_from(["checkout", "invoice"]), st.integers(0, 500))
def test_both_shapes_of_the_api_tell_the_same_order_and_it_is_what_was_paid(
    basket: list[dict[str, Any]], currency: str, via: str, freight: int
) -> None:
    new, words = bought(CURRENT, via, currency, basket, freight * 10)
    old, old_words = bought(OLD, via, currency, basket, freight * 10)
    assert (words, old_words) == ("", "")
    assert essence(new) == essence(old)
    assert imbalance(new) == 0
    assert sum(line.subtotal for line in new.lines) == sum(line["quantity"] * line["unit_amount"] for line in basket)


@settings(max_examples=60)
@given(lines, st.sampled_from(CURRENCIES), st.integers(0, 5000), st.integers(0, 300))
def test_an_order_of_the_store_is_read_to_the_minor_unit(
    basket: list[dict[str, Any]], currency: str, freight: int, tax: int
) -> None:
    clock = VirtualClock()
    shop = WooCommerceStore(World(1, clock), "ck_1", "cs_1", currency=currency.upper())
    taxed = [{**line, "tax": tax} for line in basket]
    order_id = shop.add_order(taxed, freight=freight, freight_tax=tax)
    transport: httpx2.BaseTransport = SimulatorTransport(shop, clock)
    store = open_store(
        {"kind": "woocommerce", "url": "http://127.0.0.1:1", "calls_per_second": 1_000_000},
        {"consumer_key": "ck_1", "consumer_secret": "cs_1"},
        transport=transport,
        clock=clock.now,
    )
    order = store.order(str(order_id))
    assert order is not None
    goods = sum(line["quantity"] * line["unit_amount"] for line in basket)
    assert (order.total, order.shipping, order.tax) == (
        goods + freight + tax * (len(basket) + 1),
        freight,
        tax * (len(basket) + 1),
    )
    assert imbalance(order) == 0
    assert [line.quantity for line in order.lines] == [Decimal(line["quantity"]) for line in basket]
