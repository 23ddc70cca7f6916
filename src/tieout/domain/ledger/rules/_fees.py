"""The fee of a row, part by part: which account each kind of fee is charged to (Stripe B8; accounting C2 #5, #14, #19)."""

from __future__ import annotations

from tieout.domain.ledger.account import (
    CLEARING,
    DISPUTE_FEES,
    INPUT_TAX,
    INSTANT,
    NETWORK,
    PROCESSING,
    SUSPENSE,
)
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Leg, pair
from tieout.domain.ledger.rules._rule import Terms

_BY_CATEGORY = {
    "dispute": DISPUTE_FEES,
    "dispute_reversal": DISPUTE_FEES,
    "payout": INSTANT,
    "payout_reversal": INSTANT,
}
_BY_KIND = {
    "tax": INPUT_TAX,
    "application_fee": PROCESSING,  # what a platform keeps of a connected account's payment is a cost there
    "payment_method_passthrough_fee": NETWORK,
}


def fee_legs(change: BalanceChange, terms: Terms) -> tuple[Leg, ...]:
    """One leg for each part of the fee; a part that was given back is negative."""
    return tuple(
        pair(f"fee{place}:{part.kind}", fee_account(change.category, part.kind), CLEARING, part.amount,
             terms.value(change, part.amount))
        for place, part in enumerate(change.fees, 1)
    )  # fmt: skip


def fee_account(category: str, kind: str) -> str:
    """The account a kind of fee on a row of that category is charged to; suspense for a kind nobody has named."""
    if kind == "stripe_fee":
        return _BY_CATEGORY.get(category, PROCESSING)
    return _BY_KIND.get(kind, SUSPENSE)
