"""Stripe advances a payout: both of its rows are inside the balance, the second undoes the first (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import RESERVES
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "advance", "Advance", ("advance", "advance_funding"), against(RESERVES), (43,), types=("advance", "advance_funding")
)
