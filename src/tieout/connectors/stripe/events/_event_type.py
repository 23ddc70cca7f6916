"""What one kind of event states, and the sentences that several kinds share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.payments import captured_amount, is_paid
from tieout.domain.facts import ORDER_WAS_FREE, PAYMENT_SUCCEEDED, Fact, Ignored, Statement


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of event: its Stripe name, a title, what it is about, and what it states of the object it carries.

    ``folder`` is the path below ``/v1/`` under which that object is read again.
    """

    type: str
    title: str
    subject: str
    folder: str
    states: Callable[[StripeObject], Statement]


def ignores(reason: str) -> Callable[[StripeObject], Statement]:
    """A kind of event that states nothing we act on, whatever its object says."""
    return lambda _object: Ignored(reason)


def charge_paid(charge: StripeObject) -> Statement:
    """A charge states its payment once its money is captured and certain (B11)."""
    if charge.text("status") == "pending":
        return Ignored("the payment is under way, its money is not certain yet; charge.succeeded will say so")
    if not charge.flag("captured"):
        return Ignored("authorised, not captured yet; charge.captured will state the payment")
    if not is_paid(charge):
        return Ignored(f"the charge is {charge.text('status') or 'of no known status'}, not paid")
    if captured_amount(charge) <= 0:
        return Ignored("nothing was captured")
    return Fact(PAYMENT_SUCCEEDED, charge.id_of("payment_intent") or charge.id)


def intent_paid(intent: StripeObject) -> Statement:
    """A payment intent states its payment when it has succeeded with money received."""
    status = intent.text("status")
    if status == "requires_capture":
        return Ignored("authorised, not captured yet; charge.captured will state the payment")
    if status != "succeeded":
        return Ignored(f"the payment intent is {status or 'of no known status'}, not succeeded")
    if intent.whole("amount_received", intent.whole("amount")) <= 0:
        return Ignored("nothing was received")
    return Fact(PAYMENT_SUCCEEDED, intent.id)


def session_paid(session: StripeObject) -> Statement:
    """A Checkout session states its payment when it is paid; one that is complete may still be unpaid (B2)."""
    paid, mode = session.text("payment_status"), session.text("mode")
    if paid == "no_payment_required":
        if mode == "payment":
            return Fact(ORDER_WAS_FREE, session.id)
        return Ignored("nothing was to pay, so there is no payment")
    if paid != "paid":
        return Ignored("complete, but not paid yet; checkout.session.async_payment_succeeded will state the payment")
    intent = session.id_of("payment_intent")
    if not intent:
        return Ignored(
            f"a {mode or 'payment'} session without a payment of its own: the charge of its invoice states it"
        )
    return Fact(PAYMENT_SUCCEEDED, intent)
