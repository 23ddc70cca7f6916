"""Something was paid from the Stripe balance, or that came back (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import SOFTWARE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "balance_payment",
    "Paid from the balance",
    ("stripe_balance_payment_debit", "stripe_balance_payment_debit_reversal"),
    against(SOFTWARE),
    (21,),
    types=("stripe_balance_payment_debit", "stripe_balance_payment_debit_reversal"),
)
