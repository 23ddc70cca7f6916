"""What events state: only money that is certain is a payment, everything else says why it is not (Stripe B2, B11)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.events import catalogue, event_types, state_of, statement_of
from tieout.domain.facts import KINDS, ORDER_WAS_FREE, PAYMENT_SUCCEEDED, Fact, Ignored, Notice, Statement, object_of
from tieout.kernel.failures import Defect, Failed, Failure

CHARGE = {
    "id": "ch_1",
    "object": "charge",
    "amount": 1250,
    "amount_captured": 1250,
    "captured": True,
    "paid": True,
    "status": "succeeded",
    "payment_intent": "pi_1",
}
INTENT = {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount": 1250, "amount_received": 1250}
SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "payment_status": "paid",
    "mode": "payment",
    "payment_intent": "pi_1",
}
PAID = Fact(PAYMENT_SUCCEEDED, "pi_1")


class NoObjects:
    def event_object(self, event_type: str, object_id: str) -> StripeObject | None:
        raise AssertionError("a snapshot carries its object")


class OneObject:
    def __init__(self, found: dict[str, Any] | None) -> None:
        self.found, self.asked = found, list[tuple[str, str]]()

    def event_object(self, event_type: str, object_id: str) -> StripeObject | None:
        self.asked.append((event_type, object_id))
        return StripeObject(self.found) if self.found else None


def states(event_type: str, subject: dict[str, Any]) -> Statement:
    return state_of(event_type, json.dumps({"id": "evt_1", "data": {"object": subject}}), NoObjects)


def test_a_session_that_asked_for_nothing_states_a_free_order() -> None:
    free = SESSION | {"payment_status": "no_payment_required", "payment_intent": None}
    assert states("checkout.session.completed", free) == Fact(ORDER_WAS_FREE, "cs_1")


@pytest.mark.parametrize(
    ("event_type", "subject"),
    [
        ("charge.succeeded", CHARGE),
        ("charge.captured", CHARGE),
        ("charge.succeeded", CHARGE | {"payment_intent": {"id": "pi_1"}}),
        ("payment_intent.succeeded", INTENT),
        ("checkout.session.completed", SESSION),
        ("checkout.session.async_payment_succeeded", SESSION),
    ],
)
def test_every_way_to_say_it_states_the_same_payment(event_type: str, subject: dict[str, Any]) -> None:
    assert states(event_type, subject) == PAID


def test_a_charge_without_an_intent_is_the_payment_itself() -> None:
    assert states("charge.succeeded", CHARGE | {"payment_intent": None}) == Fact(PAYMENT_SUCCEEDED, "ch_1")


def test_old_charges_without_amount_captured_count_what_they_charged() -> None:
    old = {key: value for key, value in CHARGE.items() if key != "amount_captured"}
    assert states("charge.succeeded", old) == PAID


@pytest.mark.parametrize(
    ("event_type", "subject", "word"),
    [
        ("charge.succeeded", CHARGE | {"captured": False, "amount_captured": 0}, "not captured yet"),
        ("charge.succeeded", CHARGE | {"status": "pending", "paid": False}, "under way"),
        ("charge.succeeded", CHARGE | {"status": "never_heard_of"}, "never_heard_of"),
        ("charge.captured", CHARGE | {"amount_captured": 0}, "nothing was captured"),
        ("charge.updated", CHARGE, "only details"),
        ("charge.pending", CHARGE, "certain"),
        ("charge.failed", CHARGE, "no money"),
        ("charge.expired", CHARGE, "expired"),
        ("payment_intent.succeeded", INTENT | {"status": "requires_capture"}, "not captured yet"),
        ("payment_intent.succeeded", INTENT | {"amount_received": 0}, "nothing was received"),
        ("payment_intent.processing", INTENT, "under way"),
        ("payment_intent.payment_failed", INTENT, "no money"),
        ("checkout.session.completed", SESSION | {"payment_status": "unpaid"}, "not paid yet"),
        (
            "checkout.session.completed",
            SESSION | {"payment_status": "no_payment_required", "mode": "subscription"},
            "nothing was to pay",
        ),
        ("checkout.session.completed", SESSION | {"mode": "subscription", "payment_intent": None}, "invoice"),
        ("checkout.session.async_payment_failed", SESSION, "failed"),
        ("checkout.session.expired", SESSION, "did not complete"),
        ("invoice.paid", {"id": "in_1", "amount_paid": 0}, "nothing was to pay"),
        ("invoice_payment.paid", {"id": "inpay_1", "status": "open", "invoice": "in_1"}, "is open, not paid"),
        ("invoice_payment.paid", {"id": "inpay_1", "status": "paid"}, "names no invoice"),
        ("refund.created", {"id": "re_1", "status": "requires_action"}, "the buyer must act"),
        ("refund.updated", {"id": "re_1", "status": "never_heard_of"}, "never_heard_of"),
        ("charge.refunded", CHARGE, "a hint only"),
        ("charge.dispute.funds_withdrawn", {"id": "dp_1", "status": "needs_response"}, "balance rows"),
        ("charge.dispute.updated", {"id": "dp_1", "status": "never_heard_of"}, "never_heard_of"),
        ("credit_note.created", {"id": "cn_1", "status": "odd"}, "odd"),
        ("topup.succeeded", {"id": "tu_1", "status": "succeeded"}, "its balance row"),
        ("customer.created", {"id": "cus_1"}, "first payment"),
        ("customer.updated", {"id": "cus_1"}, "afresh"),
        ("customer.updated", {"id": "cus_1", "balance": 0}, "afresh"),
        ("charge.succeeded", {}, "no object"),
        ("radar.invented.tomorrow", {"id": "x_1"}, "no rule for radar.invented.tomorrow yet; the event is kept"),
    ],
)
def test_everything_else_says_why_it_states_nothing(event_type: str, subject: dict[str, Any], word: str) -> None:
    found = states(event_type, subject)
    assert isinstance(found, Ignored)
    assert word in found.reason


MADE, PAID_OUT, GONE = Fact("refund_made", "re_1"), Fact("refund_paid", "re_1"), Fact("refund_failed", "re_1")
RETURNED = {"id": "re_1", "status": "succeeded", "balance_transaction": "txn_1"}
DUE = {"evidence_details": {"due_by": 1_790_000_000}}


@pytest.mark.parametrize(
    ("event_type", "subject", "fact"),
    [
        ("refund.created", RETURNED, MADE),
        ("refund.created", {"id": "re_1", "status": "pending", "balance_transaction": None}, MADE),
        ("refund.created", {"id": "re_1", "status": "failed"}, GONE),
        ("refund.updated", {"id": "re_1", "status": "pending"}, MADE),
        ("refund.updated", {"id": "re_1", "status": "succeeded", "balance_transaction": None}, MADE),
        ("refund.updated", RETURNED, PAID_OUT),
        ("charge.refund.updated", RETURNED | {"balance_transaction": {"id": "txn_1"}}, PAID_OUT),
        ("refund.failed", {"id": "re_1", "status": "failed"}, GONE),
        ("refund.updated", {"id": "re_1", "status": "canceled"}, GONE),
        ("charge.dispute.created", {"id": "dp_1", "status": "needs_response"}, Fact("dispute_opened", "dp_1")),
        ("charge.dispute.created", {"id": "dp_1", "status": "lost"}, Fact("dispute_closed", "dp_1:lost")),
        ("charge.dispute.closed", {"id": "dp_1", "status": "won"}, Fact("dispute_closed", "dp_1:won")),
        ("charge.dispute.funds_reinstated", {"id": "dp_1", "status": "won"}, Fact("dispute_closed", "dp_1:won")),
        (
            "charge.dispute.closed",
            {"id": "dp_1", "status": "warning_closed"},
            Fact("dispute_closed", "dp_1:warning_closed"),
        ),
        ("charge.dispute.updated", {"id": "dp_1", "status": "prevented"}, Fact("dispute_closed", "dp_1:prevented")),
        (
            "charge.dispute.updated",
            {"id": "dp_1", "status": "appeal_under_review"} | DUE,
            Fact("dispute_changed", "dp_1:appeal_under_review:1790000000"),
        ),
        ("invoice.finalized", {"id": "in_1"}, Fact("invoice_finalised", "in_1")),
        ("invoice.finalization_failed", {"id": "in_1"}, Fact("invoice_not_finalised", "in_1")),
        ("invoice.voided", {"id": "in_1"}, Fact("invoice_voided", "in_1")),
        ("invoice.marked_uncollectible", {"id": "in_1"}, Fact("invoice_uncollectible", "in_1")),
        ("invoice.overpaid", {"id": "in_1"}, Fact("invoice_overpaid", "in_1")),
        ("invoice.paid", {"id": "in_1", "total": 100, "amount_paid": 100}, Fact("invoice_paid", "in_1")),
        ("invoice.paid", {"id": "in_1", "total": 100, "paid_out_of_band": True}, Fact("invoice_paid", "in_1")),
        (
            "invoice_payment.paid",
            {"id": "inpay_1", "status": "paid", "invoice": "in_1"},
            Fact("invoice_paid", "in_1:inpay_1"),
        ),
        ("credit_note.created", {"id": "cn_1", "status": "issued"}, Fact("credit_note_issued", "cn_1")),
        ("credit_note.updated", {"id": "cn_1", "status": "issued"}, Fact("credit_note_issued", "cn_1")),
        ("credit_note.voided", {"id": "cn_1", "status": "void"}, Fact("credit_note_voided", "cn_1")),
        ("payout.paid", {"id": "po_1", "status": "paid"}, Fact("payout_changed", "po_1:paid")),
        ("payout.updated", {"id": "po_1", "status": "paid"}, Fact("payout_changed", "po_1:paid")),
        (
            "payout.updated",
            {"id": "po_1", "status": "paid", "reversed_by": "po_2"},
            Fact("payout_changed", "po_1:paid:reversed"),
        ),
        (
            "payout.reconciliation_completed",
            {"id": "po_1", "status": "paid"},
            Fact("payout_changed", "po_1:reconciled"),
        ),
    ],
)
def test_what_happens_after_the_payment_is_stated_once_for_each_change(
    event_type: str, subject: dict[str, Any], fact: Fact
) -> None:
    assert states(event_type, subject) == fact
    assert fact.kind in KINDS
    assert object_of(fact.subject) == subject["id" if "payment" not in event_type else "invoice"]


def test_a_thin_event_is_stated_from_the_object_as_it_is_now() -> None:
    body = json.dumps({"id": "evt_1", "related_object": {"id": "ch_1", "type": "charge"}})
    there, gone = OneObject(CHARGE), OneObject(None)
    assert state_of("v1.charge.succeeded", body, lambda: there, thin=True) == PAID
    assert there.asked == [("charge.succeeded", "ch_1")]
    assert state_of("charge.succeeded", body, lambda: gone, thin=True) == Ignored("ch_1 is no longer there to be read")
    assert isinstance(state_of("v1.unknown.thing", body, NoObjects, thin=True), Ignored)


def test_a_body_that_is_not_an_event_is_a_defect() -> None:
    for body in ("", "[]", "{"):
        with pytest.raises(Failed) as caught:
            state_of("charge.succeeded", body, NoObjects)
        assert isinstance(caught.value.failure, Defect)


def test_every_plug_is_complete_and_named_like_its_file() -> None:
    assert len(event_types()) >= 15
    for name, plug in catalogue().items():
        assert plug.type == name
        assert plug.title
        assert plug.subject
        assert plug.folder


@pytest.mark.parametrize("event_type", event_types())
@pytest.mark.parametrize("odd", [None, "", "odd", 0, -1, True, [], {}, [1], {"id": None}, 10**25])
def test_no_field_of_any_kind_makes_an_event_crash(event_type: str, odd: object) -> None:
    for subject in (CHARGE, INTENT, SESSION, RETURNED, DUE | {"id": "dp_1", "status": "under_review"}):
        for field in subject:
            found = stated_or_failure(event_type, subject | {field: odd})
            assert isinstance(found, Fact | Ignored | Notice | Defect), (field, odd)


def stated_or_failure(event_type: str, subject: dict[str, Any]) -> Statement | Failure:
    try:
        return statement_of(event_type, StripeObject(subject))
    except Failed as error:
        return error.failure
