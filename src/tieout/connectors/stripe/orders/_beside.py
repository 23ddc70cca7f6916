"""What stands beside a payment: its Checkout session or its invoice, and the metadata that shops put there (case A14)."""

from __future__ import annotations

from dataclasses import replace

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.orders._invoice import told_of
from tieout.domain.sale import Payment


def with_what_stands_beside(calls: Calls, payment: Payment) -> Payment:
    """The payment with the metadata of its session or invoice; its own counts before theirs. Raises Failed."""
    session = session_of(calls, payment)
    if session is not None:
        beside = session.texts("metadata")
    elif payment.invoice_id:
        invoice = calls.find(object_path("invoices", payment.invoice_id))
        beside = told_of(invoice) if invoice else {}
    else:
        return payment
    own = {key: value for key, value in payment.metadata.items() if value.strip()}
    session_id = session.id if session is not None else ""
    return replace(payment, metadata={**payment.metadata, **beside, **own}, beside=beside, session_id=session_id)


def session_of(calls: Calls, payment: Payment) -> StripeObject | None:
    """The Checkout session that made a payment; None where there is none. Raises Failed."""
    if payment.holder == "checkout_session":
        return calls.get(object_path("checkout/sessions", payment.id))
    if not payment.payment_intent_id:
        return None
    return calls.first("checkout/sessions", {"payment_intent": payment.payment_intent_id})
