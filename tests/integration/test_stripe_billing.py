"""Refunds, disputes, invoices and credit notes read the same from answers of both API shapes (Stripe facts B1, B10, B12)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx2
import pytest

from simulators.stripe import CURRENT, OLD, StripeAccount
from simulators.world import VirtualClock, World
from tests.simulation.transport import SimulatorTransport
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.settings import parse_settings
from tieout.domain.sale import imbalance
from tieout.kernel.failures import Failed, Fix

LINES = [
    {"sku": "WIDGET-001", "description": "Widget", "quantity": 4, "unit_amount": 1250, "tax": 413},
    {"sku": "GADGET-100", "description": "Gadget", "quantity": 1, "unit_amount": 4500, "tax": 371},
]
TOTAL = 5000 + 413 + 4500 + 371


class Answering(httpx2.BaseTransport):
    """An account whose answers are of one API version, whatever is asked for."""

    def __init__(self, account: StripeAccount, clock: VirtualClock, version: str) -> None:
        self.inner, self.version = SimulatorTransport(account, clock), version

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = request.url.path
        if not (self.version < "2025" and asked.startswith("/v1/invoice_payments")):
            request.headers["Stripe-Version"] = self.version
        return self.inner.handle_request(request)


@dataclass
class Seen:
    """An account and both ways to read it."""

    account: StripeAccount
    clock: VirtualClock

    def stripe(self, version: str) -> Stripe:
        found = parse_settings({"api_base": "http://127.0.0.1:1", "calls_per_second": 1_000_000})
        secrets = {"restricted_key": self.account.key}
        return Stripe(found, secrets, transport=Answering(self.account, self.clock, version), clock=self.clock.now)

    def both(self) -> tuple[Stripe, Stripe]:
        return self.stripe(CURRENT), self.stripe(OLD)

    def wait(self) -> None:
        self.clock.advance(60)
        self.account.pump(lambda body, headers: 200)


@pytest.fixture
def seen() -> Seen:
    clock = VirtualClock()
    return Seen(StripeAccount(World(3, clock), rate_limits=False), clock)


def billed(seen: Seen) -> str:
    customer = seen.account.add_customer(name="Ada", email="ada@example.com")
    return seen.account.open_invoice(customer, lines=LINES)


def test_a_refund_is_read_with_its_payment_and_what_stands_beside_it(seen: Seen) -> None:
    account = seen.account
    paid = account.pay(account.add_customer(name="Ada"), via="checkout", lines=LINES)
    seen.wait()
    first = account.refund(paid.charge, 1_000, "duplicate", {"refund_lines": "[]"})
    waiting = account.refund(paid.charge, 500, status="pending")
    for stripe in seen.both():
        found, pending = stripe.refund(first), stripe.refund(waiting)
        assert (found.payment_id, found.charge_id, found.amount) == (paid.payment_intent, paid.charge, 1_000)
        assert (found.paid_out, found.failed, found.standing) == (True, False, 1_500)
        assert (found.reason, dict(found.metadata)) == ("duplicate", {"refund_lines": "[]"})
        assert (pending.paid_out, pending.balance_transaction_id, pending.status) == (False, "", "pending")
    account.move_refund(waiting, "failed", "declined")
    for stripe in seen.both():
        assert replace(stripe.refund(waiting), created=0).failed
        assert stripe.refund(waiting).failure_reason == "declined"
        assert stripe.refund(first).standing == 1_000, "what failed stands no more"


def test_what_was_never_captured_is_told_apart_from_a_refund(seen: Seen) -> None:
    account = seen.account
    paid = account.pay(account.add_customer(name="Ada"), amount=5_000, captured=False)
    account.capture(paid.charge, 4_000)
    seen.wait()
    real = account.refund(paid.charge, 1_000, "requested_by_customer")
    (uncaptured,) = [
        one["id"] for one in account.books()["objects"].values() if one["object"] == "refund" and one["id"] != real
    ]
    for stripe in seen.both():
        assert stripe.refund(uncaptured).is_uncaptured_part
        assert not stripe.refund(real).is_uncaptured_part
        assert stripe.refund(real).standing == 1_000


def test_a_dispute_has_its_money_in_its_rows_and_its_outcome_in_its_status(seen: Seen) -> None:
    account = seen.account
    paid = account.pay(account.add_customer(name="Ada"), amount=5_000)
    seen.wait()
    dispute = account.dispute(paid.charge, reason="fraudulent")
    for stripe in seen.both():
        found = stripe.dispute(dispute)
        assert (found.payment_id, found.amount, found.status) == (paid.payment_intent, 5_000, "needs_response")
        assert (found.withdrawn, found.given_back, found.fees) == (5_000, 0, 1_500)
        assert found.evidence_due > seen.clock.now()
        assert not found.is_inquiry
    account.move_dispute(dispute, "lost", amount=2_000)
    for stripe in seen.both():
        assert (stripe.dispute(dispute).withdrawn, stripe.dispute(dispute).given_back) == (5_000, 2_000)


def test_an_invoice_is_read_with_every_payment_that_is_certain(seen: Seen) -> None:
    invoice = billed(seen)
    for stripe in seen.both():
        found = stripe.invoice(invoice)
        assert (found.status, found.total, found.payments, found.out_of_band) == ("open", TOTAL, (), False)
        assert imbalance(found.order) == 0
        assert found.customer.name == "Ada"
        assert found.due_at > found.finalised_at > 0
    paid = seen.account.pay_invoice(invoice, 4_000)
    rest = seen.account.pay_invoice(invoice)
    found = seen.stripe(CURRENT).invoice(invoice)
    assert [(one.payment_id, one.amount) for one in found.payments] == [
        (paid.payment_intent, 4_000),
        (rest.payment_intent, TOTAL - 4_000),
    ]
    assert (found.status, found.amount_remaining, found.out_of_band) == ("paid", 0, False)


def test_an_invoice_with_one_payment_is_read_the_same_in_the_shape_before_invoice_payments(seen: Seen) -> None:
    invoice = billed(seen)
    paid = seen.account.pay_invoice(invoice)
    new, old = (stripe.invoice(invoice) for stripe in seen.both())
    assert [(one.payment_id, one.amount, one.paid_at) for one in old.payments] == [
        (paid.payment_intent, TOTAL, new.payments[0].paid_at)
    ]
    assert replace(old, payments=new.payments) == new


def test_what_was_paid_too_much_is_not_applied(seen: Seen) -> None:
    invoice = billed(seen)
    first = seen.account.pay_invoice(invoice, 4_000)
    seen.account.pay_invoice(invoice, TOTAL - 4_000 + 700)
    found = seen.stripe(CURRENT).invoice(invoice)
    assert found.amount_overpaid == 700
    assert [one.amount for one in found.payments] == [4_000, TOTAL - 4_000]
    assert found.payments[0].payment_id == first.payment_intent


def test_what_was_paid_outside_stripe_is_never_money_in_it(seen: Seen) -> None:
    invoice = billed(seen)
    seen.account.pay_out_of_band(invoice)
    for stripe in seen.both():
        found = stripe.invoice(invoice)
        assert (found.status, found.out_of_band) == ("paid", True)
        assert [one for one in found.payments if one.payment_id] == []


def test_a_credit_note_is_read_by_line_and_by_where_it_goes(seen: Seen) -> None:
    before, after = billed(seen), billed(seen)
    gadget = seen.account.books()["objects"][before]["lines"]["data"][1]["id"]
    lowered = seen.account.credit_note(before, lines=[{"line": gadget, "amount": 1_000, "tax": 82}])
    seen.account.pay_invoice(after)
    mixed = seen.account.credit_note(after, 3_000, refund_amount=2_000, credit_amount=600, out_of_band_amount=400)
    for stripe in seen.both():
        found = stripe.credit_note(lowered)
        (line,) = found.lines
        assert (line.place, line.gross, line.tax) == (1, 1_082, 82)
        assert (found.total, found.pre_payment, found.post_payment, found.refunded) == (1_082, 1_082, 0, 0)
        found = stripe.credit_note(mixed)
        assert (found.total, found.pre_payment, found.post_payment) == (3_000, 0, 3_000)
        assert (found.refunded, found.to_balance, found.out_of_band) == (2_000, 600, 400)
        assert len(found.refund_ids) == 1
        assert stripe.refund(found.refund_ids[0]).credit_note_id == mixed
        assert stripe.invoice(after).status == "paid", "a credit note changes nothing of what was paid"


def test_what_is_not_there_is_told(seen: Seen) -> None:
    stripe = seen.stripe(CURRENT)
    for read, missing in ((stripe.refund, "re_1"), (stripe.dispute, "dp_1"), (stripe.credit_note, "cn_1")):
        with pytest.raises(Failed) as caught:
            read(missing)
        assert isinstance(caught.value.failure, Fix)
        assert missing in caught.value.failure.sentence
