"""Stripe Capital: an advance paid out, a part paid back (C2 #43)."""

from __future__ import annotations

from tieout.domain.ledger.account import LOAN
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "financing",
    "Financing",
    (
        "financing_payout",
        "financing_payout_reversal",
        "financing_paydown",
        "financing_paydown_reversal",
        "anticipation_repayment",
    ),
    against(LOAN),
    (43,),
    types=("anticipation_repayment",),
)
