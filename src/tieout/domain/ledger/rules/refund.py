"""A refund left the balance: the cash side of a credit memo (C2 #10, #11, #12)."""

from __future__ import annotations

from tieout.domain.ledger.account import RECEIVABLE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Leg
from tieout.domain.ledger.rules._rule import Rule, Terms, customer_money


def _legs(change: BalanceChange, terms: Terms) -> tuple[Leg, ...]:
    return customer_money(change, terms, RECEIVABLE, terms.policy.refund_cash)


RULE = Rule("refund", "Refund", ("refund",), _legs, (10, 11, 12), types=("refund", "payment_refund"))
