"""What was bought, as far as Stripe knows: by Checkout, by an invoice, or from the payment's metadata."""

from __future__ import annotations

from tieout.connectors.stripe._calls import Calls
from tieout.connectors.stripe.orders._beside import session_of, with_what_stands_beside
from tieout.connectors.stripe.orders._checkout import checkout_order
from tieout.connectors.stripe.orders._invoice import invoice_order
from tieout.connectors.stripe.orders._metadata import metadata_order
from tieout.domain.sale import Order, Payment

__all__ = ["read_order", "with_what_stands_beside"]


def read_order(calls: Calls, payment: Payment) -> Order | None:
    """The order that was paid, with all its lines; None when nothing tells them. Raises Failed."""
    if session := session_of(calls, payment):
        return checkout_order(calls, session)
    if payment.invoice_id:
        return invoice_order(calls, payment.invoice_id)
    return metadata_order(payment)
