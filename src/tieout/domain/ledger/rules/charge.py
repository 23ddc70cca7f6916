"""A customer paid: a sale on account, or a deposit when there is no invoice yet (C2 #3, #4, #6, #8)."""

from __future__ import annotations

from tieout.domain.ledger.rules._rule import Rule, customer_money

RULE = Rule("charge", "Payment of a customer", ("charge",), customer_money, (3, 4, 6, 8), types=("charge", "payment"))
