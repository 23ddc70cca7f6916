"""A bank payment bounced after it was booked: the customer owes it again (C2 #7)."""

from __future__ import annotations

from tieout.domain.ledger.rules._rule import Rule, customer_money

RULE = Rule(
    "charge_failure",
    "Payment returned by the bank",
    ("charge_failure",),
    customer_money,
    (7,),
    types=("payment_failure_refund", "payment_reversal"),
)
