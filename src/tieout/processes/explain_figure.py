"""Explains a figure from the books; for an invoice or credit note Stripe is asked which payments and refunds are its (B1)."""

from __future__ import annotations

from tieout.connectors.stripe.client import Stripe
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.queries.explain import Story, explain
from tieout.queries.ledger import kept_ledgers

INVOICE, CREDIT_NOTE = "in_", "cn_"


def explain_figure(ports: Ports, name: str, shown: int) -> Story:
    """All that is known under a name. Since 2025-03-31 no row names its invoice. Failed when Stripe is needed and away."""
    found = explain(ports.books, name, shown)
    if not name.startswith((INVOICE, CREDIT_NOTE)) or found.chains:
        return found
    also: list[str] = []
    for ledger in kept_ledgers(ports.books):
        try:
            also += _named_by(ports.connections.stripe(ledger.connection), name)
        except Failed as error:
            if found.is_empty and not isinstance(error.failure, Fix):
                raise
    return explain(ports.books, name, shown, also) if also else found


def _named_by(stripe: Stripe, name: str) -> list[str]:
    if name.startswith(CREDIT_NOTE):
        return list(stripe.credit_note(name).refund_ids)
    return [one.payment_id for one in stripe.invoice(name).payments if one.payment_id]
