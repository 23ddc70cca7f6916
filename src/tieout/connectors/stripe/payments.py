"""Reads a payment afresh: the payment intent, its charge, its customer and its invoice, in old and current shapes."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.connectors.stripe import _parties
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.domain.sale import Party, Payment
from tieout.kernel.failures import Failed, Fix

EMPTY = StripeObject({})


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one payment is made of; ``intent`` is empty for a charge made without one."""

    intent: StripeObject
    charge: StripeObject
    customer: Party
    invoice_id: str


def read_payment(calls: Calls, subject: str) -> Payment:
    """The payment named by a payment intent (``pi_…``) or a charge (``ch_…``, ``py_…``). Raises Failed.

    One that was never charged has an empty ``charge_id``, is not ``paid`` and has the amount 0.
    """
    if subject.startswith("cs_"):
        return _of_free_session(calls, subject)
    if subject.startswith("pi_"):
        return _of_intent(calls, subject)
    if subject.startswith(("ch_", "py_")):
        return _of_charge(calls, subject)
    raise Failed(
        Fix(
            "stripe.id",
            f"{subject[:80]!r} names no payment: it must be a payment intent (pi_…) or a charge (ch_… or py_…). "
            "Correct it, then replay.",
            field="id",
            value=subject[:80],
        )
    )


def _of_free_session(calls: Calls, session_id: str) -> Payment:
    """What stands for a payment where a Checkout session asked for none: the amount is 0. Failed(Fix) for any other session."""
    session = calls.get(object_path("checkout/sessions", session_id))
    if session.text("payment_status") != "no_payment_required":
        sentence = f"Checkout session {session_id} is no free order: name its payment intent instead, then replay."
        raise Failed(Fix("stripe.id", sentence, field="id", value=session_id[:80]))
    ship_to = session.part("collected_information.shipping_details", "shipping_details", "shipping")
    billing = _parties.contact(session.part("customer_details"))
    return Payment(
        id=session.id,
        charge_id="",
        payment_intent_id="",
        holder="checkout_session",
        amount=0,
        amount_refunded=0,
        currency=session.text("currency"),
        created=session.whole("created"),
        status="no_payment_required",
        paid=True,
        captured=True,
        livemode=session.flag("livemode"),
        method="",
        description="",
        statement="",
        receipt_email=billing.email,
        balance_transaction_id="",
        invoice_id="",
        metadata=session.texts("metadata"),
        customer=_customer(calls, session),
        billing=billing,
        ship_to_name=ship_to.text("name"),
        ship_to=_parties.address(ship_to.part("address")),
        session_id=session.id,
    )


def _of_charge(calls: Calls, charge_id: str) -> Payment:
    charge = calls.get(object_path("charges", charge_id), {"expand": ["customer", "balance_transaction"]})
    if intent_id := charge.id_of("payment_intent"):
        return _of_intent(calls, intent_id)
    return _payment(_Parts(EMPTY, charge, _customer(calls, charge), _invoice(calls, EMPTY, charge)))


def _of_intent(calls: Calls, intent_id: str) -> Payment:
    intent = calls.get(
        object_path("payment_intents", intent_id), {"expand": ["latest_charge.balance_transaction", "customer"]}
    )
    charge = _charge(calls, intent)
    who = intent if intent.id_of("customer", "customer_account") else charge
    return _payment(_Parts(intent, charge, _customer(calls, who), _invoice(calls, intent, charge)))


def _charge(calls: Calls, intent: StripeObject) -> StripeObject:
    """``latest_charge``, or before 2022-11-15 the newest of ``charges`` (B1)."""
    if charge := intent.part("latest_charge"):
        return charge
    if charge_id := intent.id_of("latest_charge"):
        return calls.get(object_path("charges", charge_id))
    return next(iter(intent.parts("charges")), EMPTY)


def _customer(calls: Calls, holder: StripeObject) -> Party:
    if expanded := holder.part("customer"):
        return _parties.customer(expanded)
    customer_id = holder.id_of("customer")
    return read_customer(calls, customer_id) or Party(id=customer_id, deleted=True) if customer_id else Party()


def read_customer(calls: Calls, customer_id: str) -> Party | None:
    """The customer, or None when Stripe has none by that id; a deleted one is there, with ``deleted`` set."""
    found = calls.find(object_path("customers", customer_id))
    return _parties.customer(found) if found else None


def _invoice(calls: Calls, intent: StripeObject, charge: StripeObject) -> str:
    """The invoice that was paid: a field until 2025-03-31, since then an InvoicePayment that names the intent (B1)."""
    for holder in (intent, charge):
        if holder.has("invoice"):
            return holder.id_of("invoice")
    if not intent:
        return ""
    named = {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    paid = calls.first("invoice_payments", named)
    return paid.id_of("invoice") if paid else ""


def _payment(parts: _Parts) -> Payment:
    intent, charge = parts.intent, parts.charge
    holder = intent or charge
    shipping = charge.part("shipping") or intent.part("shipping")
    return Payment(
        id=holder.id,
        charge_id=charge.id,
        payment_intent_id=intent.id,
        holder="payment_intent" if intent else "charge",
        amount=captured_amount(charge),
        amount_refunded=charge.whole("amount_refunded"),
        currency=holder.text("currency"),
        created=_taken_at(holder, charge),
        status=holder.text("status"),
        paid=is_paid(charge),
        captured=charge.flag("captured"),
        livemode=holder.flag("livemode"),
        method=charge.text("payment_method_details.type"),
        description=holder.text("description") or charge.text("description"),
        statement=charge.text("calculated_statement_descriptor", "statement_descriptor"),
        receipt_email=charge.text("receipt_email") or intent.text("receipt_email"),
        balance_transaction_id=charge.id_of("balance_transaction"),
        invoice_id=parts.invoice_id,
        metadata={**charge.texts("metadata"), **intent.texts("metadata")},
        customer=parts.customer,
        billing=_parties.contact(charge.part("billing_details")),
        ship_to_name=shipping.text("name"),
        ship_to=_parties.address(shipping.part("address")),
    )


def _taken_at(holder: StripeObject, charge: StripeObject) -> int:
    """When its money moved: the row of the balance says it, else the charge; an intent is only a plan (case A7)."""
    return charge.whole("balance_transaction.created") or charge.whole("created") or holder.whole("created")


def is_paid(charge: StripeObject) -> bool:
    """Whether the money of a charge is certain: a delayed method is paid only once it has succeeded (B11)."""
    return charge.flag("paid") and charge.text("status") == "succeeded"


def captured_amount(charge: StripeObject) -> int:
    """What was captured, in minor units: it may be less or more than what was authorised (B11)."""
    if not charge.flag("captured"):
        return 0
    return charge.amount("amount_captured" if charge.has("amount_captured") else "amount")
