"""What events state: only money that is certain is a payment, everything else says why it is not (Stripe B2, B11)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.events import catalogue, event_types, state_of, statement_of
from tieout.domain.facts import PAYMENT_SUCCEEDED, Fact, Ignored, Statement
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
        ("checkout.session.completed", SESSION | {"payment_status": "no_payment_required"}, "nothing was to pay"),
        ("checkout.session.completed", SESSION | {"mode": "subscription", "payment_intent": None}, "invoice"),
        ("checkout.session.async_payment_failed", SESSION, "failed"),
        ("checkout.session.expired", SESSION, "did not complete"),
        ("invoice.paid", {"id": "in_1", "amount_paid": 100}, "its charge"),
        ("invoice.paid", {"id": "in_1", "amount_paid": 100, "paid_out_of_band": True}, "outside Stripe"),
        ("invoice.paid", {"id": "in_1", "amount_paid": 0}, "nothing was to pay"),
        ("customer.created", {"id": "cus_1"}, "first payment"),
        ("customer.updated", {"id": "cus_1"}, "afresh"),
        ("charge.succeeded", {}, "no object"),
        ("radar.invented.tomorrow", {"id": "x_1"}, "no rule for radar.invented.tomorrow yet; the event is kept"),
    ],
)
def test_everything_else_says_why_it_states_nothing(event_type: str, subject: dict[str, Any], word: str) -> None:
    found = states(event_type, subject)
    assert isinstance(found, Ignored)
    assert word in found.reason


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
    for subject in (CHARGE, INTENT, SESSION):
        for field in subject:
            found = stated_or_failure(event_type, subject | {field: odd})
            assert isinstance(found, Fact | Ignored | Defect), (field, odd)


def stated_or_failure(event_type: str, subject: dict[str, Any]) -> Statement | Failure:
    try:
        return statement_of(event_type, StripeObject(subject))
    except Failed as error:
        return error.failure
