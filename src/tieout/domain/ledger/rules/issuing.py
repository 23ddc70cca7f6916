"""Spending with a card that Stripe issued (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import CARD_SPEND
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "issuing",
    "Issuing",
    ("issuing_transaction", "issuing_dispute", "issuing_disbursement"),
    against(CARD_SPEND),
    types=("issuing_transaction", "issuing_dispute", "issuing_disbursement"),
)
