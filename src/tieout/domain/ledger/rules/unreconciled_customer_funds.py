"""Customers' money that nobody claimed: a liability, no income (C2 #46)."""

from __future__ import annotations

from tieout.domain.ledger.account import UNCLAIMED
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "unreconciled_customer_funds",
    "Unclaimed customer funds",
    ("unreconciled_customer_funds",),
    against(UNCLAIMED),
    (46,),
    types=("payment_unreconciled",),
)
