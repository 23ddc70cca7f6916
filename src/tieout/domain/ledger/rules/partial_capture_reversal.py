"""Less was captured than authorised: the sale was smaller, nothing was refunded (C2 #9; Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.rules._rule import Rule, customer_money

RULE = Rule(
    "partial_capture_reversal",
    "Part of an authorisation not captured",
    ("partial_capture_reversal",),
    customer_money,
    (9,),
)
