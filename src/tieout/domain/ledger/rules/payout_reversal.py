"""A payout failed or was cancelled: the money is back in Stripe (C2 #24)."""

from __future__ import annotations

from tieout.domain.ledger.account import TRANSIT
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "payout_reversal",
    "Payout returned",
    ("payout_reversal",),
    against(TRANSIT),
    (24,),
    types=("payout_cancel", "payout_failure"),
)
