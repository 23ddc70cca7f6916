"""The minimum that stays with Stripe at a payout (C2 #28; Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import RESERVES
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "minimum_balance",
    "Minimum balance held",
    ("payout_minimum_balance_hold", "payout_minimum_balance_release"),
    against(RESERVES),
    (28,),
    types=("payout_minimum_balance_hold", "payout_minimum_balance_release"),
)
