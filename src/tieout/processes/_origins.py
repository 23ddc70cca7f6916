"""Fills in what a row's source does not tell since Stripe's version 2025-03-31: the invoice a payment was for (B1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tieout.connectors.stripe.client import Stripe
from tieout.domain.ledger.balance_change import BalanceChange

OF_CUSTOMERS = ("charge", "partial_capture_reversal", "charge_failure")


def with_invoices(stripe: Stripe, changes: Sequence[BalanceChange]) -> tuple[BalanceChange, ...]:
    """The same rows; those of customers' payments name their Stripe invoice when there is one."""
    return tuple(_with_invoice(stripe, one) for one in changes)


def _with_invoice(stripe: Stripe, change: BalanceChange) -> BalanceChange:
    origin = change.origin
    if change.category not in OF_CUSTOMERS or origin.invoice or not origin.payment:
        return change
    return replace(change, origin=replace(origin, invoice=stripe.invoice_of(origin.payment)))
