"""A payout and what it contains, in our words (Stripe B9)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

PENDING, IN_TRANSIT, PAID, FAILED, CANCELED = "pending", "in_transit", "paid", "failed", "canceled"
RETURNED = (FAILED, CANCELED)
PAYOUT_CATEGORIES = ("payout", "payout_reversal")  # of the rows by which payouts move the balance
LEFT, CAME_BACK = "payout", ("payout_cancel", "payout_failure")  # the types of those rows


@dataclass(frozen=True, slots=True)
class Payout:
    """One payout. ``amount`` is in minor units of ``currency``, negative when Stripe debits the bank.

    ``automatic`` payouts can be proven line by line once ``complete``; manual and instant ones only by the balance.
    ``own_row`` is its row in the balance, ``return_row`` that of its failure. ``original`` and ``reversed_by`` link a reversal.
    ``created`` is in epoch seconds, ``arrival_day`` a bank day (YYYY-MM-DD).
    """

    id: str
    amount: int
    currency: str
    status: str
    automatic: bool
    created: int
    arrival_day: str
    complete: bool = False
    method: str = "standard"
    own_row: str = ""
    return_row: str = ""
    trace: str = ""
    descriptor: str = ""
    destination: str = ""
    failure_code: str = ""
    original: str = ""
    reversed_by: str = ""

    def document(self) -> dict[str, Any]:
        """The fields, as they are kept."""
        return asdict(self)

    @property
    def returned(self) -> bool:
        """Whether the money came back to Stripe: it failed or was cancelled."""
        return self.status in RETURNED
