"""The pretend Stripe account's API, as the official client meets it over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from simulators.faults import Fault
from simulators.server import Serving
from simulators.stripe import CURRENT, OLD, StripeAccount, build
from simulators.wire import Request
from simulators.world import VirtualClock, World

KEY = "rk_test_contract"


@dataclass
class Site:
    """An account on a port, its clock, and clients for it."""

    account: StripeAccount
    clock: VirtualClock
    url: str

    def client(self, key: str = KEY, version: str = CURRENT, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            key, base_addresses={"api": self.url}, stripe_version=version, max_network_retries=retries
        )


@pytest.fixture
def site() -> Iterator[Site]:
    clock = VirtualClock()
    account = StripeAccount(World(7, clock), key=KEY)
    with Serving(account) as serving:
        yield Site(account, clock, serving.url)


def plain(thing: Any) -> Any:
    return thing.to_dict() if isinstance(thing, stripe.StripeObject) else thing


def order(account: StripeAccount, **more: Any) -> Any:
    customer = account.add_customer("Ada Ltd", "ada@example.com", metadata={"p21_customer_id": "100045"})
    lines = [
        {"sku": "BOLT-1", "description": "Bolt", "quantity": 3, "unit_amount": 500, "tax": 90},
        {"sku": "NUT-2", "description": "Nut", "quantity": 10, "unit_amount": 25, "discount": 50},
    ]
    return account.pay(customer, "usd", lines=lines, **{"via": "checkout", "shipping_cost": 700, **more})


def test_a_checkout_adds_up_and_its_lines_lead_to_products(site: Site) -> None:
    paid = order(site.account, metadata={"erporderid": "W-1"}, payment_metadata={})
    session = site.client().v1.checkout.sessions.retrieve(
        paid.session, {"expand": ["line_items.data.price.product", "payment_intent.latest_charge", "customer"]}
    )
    assert session.amount_total == paid.amount == 1500 + 90 + 250 - 50 + 700
    assert session.total_details is not None and session.total_details.amount_tax == 90
    assert plain(session.metadata) == {"erporderid": "W-1"} and session.payment_status == "paid"
    lines = session.line_items
    assert lines is not None and sum(line.amount_total for line in lines.data) + 700 == session.amount_total
    product = lines.data[0].price.product  # type: ignore[union-attr]
    assert isinstance(product, stripe.Product) and product.metadata["sku"] == "BOLT-1"
    intent = session.payment_intent
    assert isinstance(intent, stripe.PaymentIntent) and isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.id == paid.charge and not plain(intent.latest_charge.metadata)
    assert [s.id for s in site.client().v1.checkout.sessions.list({"payment_intent": paid.payment_intent}).data] == [
        paid.session
    ]


def test_the_balance_transaction_comes_later_and_takes_its_fee(site: Site) -> None:
    paid = site.account.pay(None, "usd", 10_000)
    charges = site.client().v1.charges
    assert charges.retrieve(paid.charge).balance_transaction is None
    site.clock.advance(3)
    row = charges.retrieve(paid.charge, {"expand": ["balance_transaction"]}).balance_transaction
    assert isinstance(row, stripe.BalanceTransaction)
    assert (row.amount, row.fee, row.net, row.status) == (10_000, 320, 9_680, "pending")
    assert site.client().v1.balance.retrieve().pending[0].amount == 9_680
    site.clock.advance(3 * 86_400)
    assert site.client().v1.balance.retrieve().available[0].amount == 9_680


def test_a_foreign_currency_is_booked_in_the_account_s_own(site: Site) -> None:
    site.account.pay(None, "jpy", 10_000)
    site.clock.advance(5)
    (row,) = site.client().v1.balance_transactions.list().data
    assert (row.currency, row.exchange_rate, row.amount) == ("usd", 0.6713, 6713)


@pytest.mark.parametrize(
    ("currency", "amount"), [("kwd", 1001), ("isk", 150), ("usd", 49), ("usd", 123456789), ("usd", -1), ("USD", 500)]
)
def test_amounts_stripe_would_refuse_are_refused(site: Site, currency: str, amount: int) -> None:
    with pytest.raises(ValueError, match=f"{amount}|{currency}"):
        site.account.pay(None, currency, amount)


def test_the_same_invoice_in_the_old_and_the_current_shape(site: Site) -> None:
    paid = order(site.account, via="invoice")
    current, old = site.client(), site.client(version=OLD)
    new = current.v1.invoices.retrieve(paid.invoice, {"expand": ["payments"]})._to_dict_recursive()
    assert not {"charge", "payment_intent", "paid", "tax"} & set(new)
    assert new["payments"]["data"][0]["payment"]["payment_intent"] == paid.payment_intent
    line = new["lines"]["data"][0]
    assert "price" not in line and line["taxes"][0]["amount"] == 90
    product = current.v1.products.retrieve(line["pricing"]["price_details"]["product"])
    past = old.v1.invoices.retrieve(paid.invoice)._to_dict_recursive()
    assert (past["charge"], past["payment_intent"], past["paid"]) == (paid.charge, paid.payment_intent, True)
    assert past["lines"]["data"][0]["price"]["product"] == product.id and "pricing" not in past["lines"]["data"][0]
    assert past["lines"]["data"][0]["tax_amounts"][0]["amount"] == 90 and "parent" not in past
    assert "invoice" not in current.v1.charges.retrieve(paid.charge)
    assert old.v1.charges.retrieve(paid.charge)["invoice"] == paid.invoice
    payments = current.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": paid.payment_intent}}
    )
    assert [each.invoice for each in payments.data] == [paid.invoice]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        old.v1.invoice_payments.list()
    assert refused.value.http_status == 404


def test_lists_page_both_ways_without_gap_or_overlap(site: Site) -> None:
    made = [site.account.pay(None, "usd", 1_000 + n).charge for n in range(100)]
    charges = site.client().v1.charges
    first = charges.list({"limit": 100})
    assert [each.id for each in first.data] == made[::-1] and not first.has_more
    assert [each.id for each in charges.list({"limit": 7}).auto_paging_iter()] == made[::-1]
    back = charges.list({"limit": 9, "ending_before": made[0]})
    assert [each.id for each in back.auto_paging_iter()] == made[1:]
    assert charges.list({"limit": 100, "created": {"gt": int(site.clock.now())}}).data == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        charges.list({"limit": 101})
    assert refused.value.param == "limit"


def test_lines_of_a_session_and_of_an_invoice_page(site: Site) -> None:
    lines = [{"description": f"Part {n}", "unit_amount": 100 + n} for n in range(23)]
    customer = site.account.add_customer("B", "b@example.com")
    paid = site.account.pay(customer, "usd", lines=lines, via="invoice")
    invoice = site.client().v1.invoices.retrieve(paid.invoice)
    assert len(invoice.lines.data) == 10 and invoice.lines.has_more
    every = site.client().v1.invoices.line_items.list(paid.invoice, {"limit": 5}).auto_paging_iter()
    assert [each.description for each in every] == [f"Part {n}" for n in range(23)]
    bought = site.account.pay(None, "usd", lines=lines, via="checkout")
    some = site.client().v1.checkout.sessions.line_items.list(bought.session, {"limit": 10}).auto_paging_iter()
    assert sum(each.amount_total for each in some) == bought.amount


def test_a_deleted_customer_leaves_a_tombstone(site: Site) -> None:
    customer = site.account.add_customer("Gone", "gone@example.com")
    client = site.client()
    assert [each.id for each in client.v1.customers.list({"email": "gone@example.com"}).data] == [customer]
    site.account.delete_customer(customer)
    assert client.v1.customers.retrieve(customer)["deleted"] is True
    assert client.v1.customers.list({"email": "gone@example.com"}).data == []
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.customers.update(customer, {"metadata": {"a": "b"}})
    assert refused.value.code == "resource_missing"


def test_metadata_is_merged_told_of_and_limited(site: Site) -> None:
    paid = site.account.pay(None, "usd", 2_000, metadata={"keep": "1", "drop": "2"})
    client = site.client()
    client.v1.charges.update(paid.charge, {"metadata": {"drop": "", "p21_order": "1000"}})
    assert plain(client.v1.charges.retrieve(paid.charge).metadata) == {"keep": "1", "p21_order": "1000"}
    (event,) = client.v1.events.list({"types": ["charge.updated"]}).data
    assert plain(event.data.previous_attributes["metadata"]) == {"drop": "2", "p21_order": None}  # type: ignore[index]
    for bad in ({"k" * 41: "v"}, {"k": "v" * 501}, {str(n): "v" for n in range(51)}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.charges.update(paid.charge, {"metadata": bad})
    writes = site.account.books()["writes"]
    assert len(writes) == 4 and [write["applied"] for write in writes] == [1, 0, 0, 0]


def test_an_idempotency_key_gives_the_same_answer_for_a_day(site: Site) -> None:
    paid = site.account.pay(None, "usd", 2_000)
    update = site.client().v1.payment_intents.update
    options: Any = {"idempotency_key": "order-1"}
    update(paid.payment_intent, {"metadata": {"n": "1"}}, options)
    site.account.edit(paid.payment_intent, metadata={"n": "by hand"})
    assert plain(update(paid.payment_intent, {"metadata": {"n": "1"}}, options).metadata) == {"n": "1"}
    assert plain(site.client().v1.payment_intents.retrieve(paid.payment_intent).metadata) == {"n": "by hand"}
    with pytest.raises(stripe.IdempotencyError):
        update(paid.payment_intent, {"metadata": {"n": "2"}}, options)
    site.clock.advance(86_401)
    assert plain(update(paid.payment_intent, {"metadata": {"n": "2"}}, options).metadata) == {"n": "2"}
    counted = {write["params"]["metadata"]["n"]: write for write in site.account.books()["writes"]}
    assert (counted["1"]["received"], counted["1"]["applied"]) == (2, 1)


def test_a_key_in_use_is_refused_until_the_first_call_has_ended(site: Site) -> None:
    paid = site.account.pay(None, "usd", 2_000)
    site.account.plan(Fault("slow", "charges.update", times=1, seconds=5))
    call = Request("POST", f"/v1/charges/{paid.charge}", {}, {"authorization": f"Bearer {KEY}", "idempotency-key": "k"})
    assert site.account.respond(call).delay_seconds == 5
    assert site.account.respond(call).status == 409
    site.clock.advance(5)
    assert site.account.respond(call).headers["Idempotent-Replayed"] == "true"


FAULTS = [
    ("rate_limit", stripe.RateLimitError, False),
    ("lock_timeout", stripe.RateLimitError, False),
    ("server_error", stripe.APIError, False),
    ("error_after_commit", stripe.APIError, True),
    ("cut", stripe.APIConnectionError, False),
    ("cut_after_commit", stripe.APIConnectionError, True),
    ("expired_key", stripe.AuthenticationError, False),
    ("missing_permission", stripe.PermissionError, False),
]


@pytest.mark.parametrize(("kind", "failure", "applied"), FAULTS)
def test_each_fault_looks_as_it_does_and_applies_or_not(
    site: Site, kind: str, failure: type[stripe.StripeError], applied: bool
) -> None:
    paid = site.account.pay(None, "usd", 2_000)
    site.account.plan(Fault(kind, "charges.update", times=1))
    options: Any = {"idempotency_key": "once"}
    with pytest.raises(failure) as struck:
        site.client().v1.charges.update(paid.charge, {"metadata": {"a": "b"}}, options)
    body: Any = struck.value.json_body
    assert (body["error"].get("code") if body else None) == {
        "lock_timeout": "lock_timeout", "rate_limit": "rate_limit", "expired_key": "api_key_expired",
    }.get(kind)  # fmt: skip
    assert (plain(site.client().v1.charges.retrieve(paid.charge).metadata) == {"a": "b"}) is applied
    if kind in ("server_error", "error_after_commit"):  # a 500 is kept under its key
        with pytest.raises(stripe.APIError):
            site.client().v1.charges.update(paid.charge, {"metadata": {"a": "b"}}, options)
    else:
        site.client().v1.charges.update(paid.charge, {"metadata": {"a": "b"}}, options)
        assert sum(write["applied"] for write in site.account.books()["writes"]) == 1


def test_the_client_retries_by_itself_what_it_is_told_to(site: Site) -> None:
    paid = site.account.pay(None, "usd", 2_000)
    site.account.plan(Fault("lock_timeout", "charges.", times=1), Fault("cut_after_commit", "charges.update", times=1))
    answer = site.client(retries=2).v1.charges.update(paid.charge, {"metadata": {"a": "b"}})
    assert plain(answer.metadata) == {"a": "b"} and site.account.books()["writes"][0]["applied"] == 1


def test_a_restricted_key_is_told_what_it_lacks(site: Site) -> None:
    paid = order(site.account)
    site.account.add_key("rk_test_small", ["rak_checkout_session_read", "payment_intent_read", "charge_write"])
    small = site.client("rk_test_small")
    small.v1.checkout.sessions.retrieve(paid.session)
    small.v1.charges.update(paid.charge, {"metadata": {"a": "b"}})
    small.v1.charges.retrieve(paid.charge)
    for call, lacking in (
        (lambda: small.v1.customers.retrieve(paid.customer), "rak_customer_read"),
        (lambda: small.v1.payment_intents.update(paid.payment_intent, {"metadata": {}}), "rak_payment_intent_write"),
        (lambda: small.v1.checkout.sessions.retrieve(paid.session, {"expand": ["customer"]}), "rak_customer_read"),
        (small.v1.accounts.retrieve_current, "rak_connected_account_read"),
    ):
        with pytest.raises(stripe.PermissionError, match=lacking):
            call()
    for key in ("", "rk_test_other"):
        with pytest.raises(stripe.AuthenticationError):
            site.client(key or " ").v1.charges.list()


def test_rate_limits_count_by_the_clock(site: Site) -> None:
    limited = StripeAccount(World(1, site.clock), key=KEY, rate_limits=True)
    call = Request("GET", "/v1/charges", {}, {"authorization": f"Bearer {KEY}"})
    assert [limited.respond(call).status for _ in range(26)] == [200] * 25 + [429]
    site.clock.advance(1)
    assert limited.respond(call).status == 200


def test_what_is_not_there_is_said_as_stripe_says_it(site: Site) -> None:
    client = site.client()
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.charges.retrieve("ch_nothing")
    assert (missing.value.http_status, missing.value.code, missing.value.param) == (404, "resource_missing", "id")
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.raw_request("get", "/v1/nothing_at_all")
    assert unknown.value.http_status == 404
    for bad in ({"colour": "red"}, {"expand": ["data.amount"]}, {"starting_after": "ch_nothing"}):
        site.account.pay(None, "usd", 2_000)
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.charges.list(bad)  # type: ignore[arg-type]
        assert refused.value.http_status == 400
    with pytest.raises(stripe.InvalidRequestError, match="version"):
        site.client(version="yesterday").v1.charges.list()
    assert client.v1.accounts.retrieve_current().id.startswith("acct_")


def test_authorised_captured_delayed_refunded_and_free(site: Site) -> None:
    account, client = site.account, site.client()
    held = account.pay(None, "usd", 9_000, captured=False)
    assert client.v1.payment_intents.retrieve(held.payment_intent).status == "requires_capture"
    account.capture(held.charge, 6_000)
    delayed = account.pay(None, "usd", 5_000, via="checkout", unpaid=True)
    assert client.v1.checkout.sessions.retrieve(delayed.session).payment_status == "unpaid"
    account.settle(delayed.charge)
    assert client.v1.checkout.sessions.retrieve(delayed.session).payment_status == "paid"
    free = account.pay(None, "usd", 0, via="checkout")
    assert not free.charge
    site.clock.advance(10)
    refund = client.v1.refunds.retrieve(account.refund(delayed.charge, 1_000), {"expand": ["balance_transaction"]})
    assert refund.balance_transaction.amount == -1_000  # type: ignore[union-attr]
    rows = client.v1.balance_transactions.list({"source": held.charge}).data
    assert [row.reporting_category for row in rows] == ["charge"]
    every = {row.reporting_category: row.amount for row in client.v1.balance_transactions.list().data}
    assert every["partial_capture_reversal"] == -3_000 and all(
        row.net == row.amount - row.fee for row in client.v1.balance_transactions.list().data
    )


def test_scenarios_faults_and_the_checker_s_view_over_http(site: Site) -> None:
    client = stripe.StripeClient(KEY, base_addresses={"api": site.url})
    json_call = Request("POST", "/_sim/pay", {}, {}, b'{"currency": "eur", "amount": 1500, "via": "charge"}')
    answer = site.account.respond(json_call)
    assert answer.status == 200 and answer.headers["X-Sim-Synthetic"] == "1"
    paid = Request("GET", "/_sim/god")
    god = site.account.respond(paid)
    assert b'"charge.succeeded"' in god.body and god.headers["X-Sim-Synthetic"] == "1"
    wrong = site.account.respond(Request("POST", "/_sim/pay", {}, {}, b'{"currency": "eur"}'))
    assert wrong.status == 400 and b"amount" in wrong.body
    plan = b'{"plan": [{"kind": "server_error", "operation": "charges.list", "times": 1}]}'
    site.account.respond(Request("POST", "/_sim/faults", {}, {}, plan))
    with pytest.raises(stripe.APIError):
        client.v1.charges.list()
    assert len(client.v1.charges.list().data) == 1


def test_it_starts_from_words() -> None:
    account = build(World(1), {"key": KEY, "api_version": OLD, "permissions": "rak_charge_read", "deliver": "no"})
    call = Request("GET", "/v1/charges", {}, {"authorization": f"Bearer {KEY}"})
    assert account.respond(call).headers["Stripe-Version"] == OLD
    with pytest.raises(ValueError, match="colour"):
        build(World(1), {"colour": "red"})


def test_the_same_seed_makes_the_same_account() -> None:
    def life() -> Any:
        account = StripeAccount(World(5, VirtualClock()))
        order(account, via="invoice")
        return account.books()

    assert life() == life()
