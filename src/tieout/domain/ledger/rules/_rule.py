"""What a rule is, and the two shapes most of them have: money against one account, or against what a customer owes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tieout.domain.ledger.account import CLEARING, FX, RECEIVABLE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import JOURNAL, RECEIPT, Leg, pair
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.valuing import Rates

GROSS, EXCHANGE = "gross", "fx"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule may know besides the row: the ledger's policy, its rates, and the day of the row (YYYY-MM-DD).

    ``origin_day`` is the day the source's own charge was made: what customers owe is valued at that day's rate (C5).
    """

    policy: Policy
    rates: Rates
    day: str
    origin_day: str

    def value(self, change: BalanceChange, amount: int) -> int:
        """Minor units of the ledger's currency; raises NoRate."""
        return self.rates.value(amount, change.currency, self.day)


Legs = Callable[[BalanceChange, Terms], tuple[Leg, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the reporting categories it books (and the types, where a category alone does not say), and how.

    ``cases`` are the numbers of accounting C2 that it answers. ``suspense`` says that it books what nobody has named.
    """

    name: str
    title: str
    categories: tuple[str, ...]
    legs: Legs
    cases: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    suspense: bool = False


def against(account: str) -> Legs:
    """What comes into Stripe's balance is credited to ``account``, what leaves it is debited there."""

    def legs(change: BalanceChange, terms: Terms) -> tuple[Leg, ...]:
        return (pair(GROSS, CLEARING, account, change.amount, terms.value(change, change.amount)),)

    return legs


def customer_money(change: BalanceChange, terms: Terms, account: str = "", carrier: str = RECEIPT) -> tuple[Leg, ...]:
    """Money of a customer against what the customer owes, valued as P21 values it; the difference is FX (C5)."""
    account = account or (RECEIVABLE if change.origin.invoice else terms.policy.sales_without_invoice)
    settled, owed = terms.value(change, change.amount), _owed(change, terms)
    amount = owed if change.currency == terms.policy.ledger_currency else change.amount
    gross = pair(GROSS, CLEARING, account, amount, owed, carrier)
    if owed == settled:
        return (gross,)
    return (gross, pair(EXCHANGE, FX, CLEARING, amount - change.amount, owed - settled, JOURNAL))


def _owed(change: BalanceChange, terms: Terms) -> int:
    """What P21 books for the customer, in the ledger's currency: the presentment amount at the rate of its own day."""
    origin = change.origin
    if not origin.currency or origin.currency == change.currency:
        return terms.value(change, change.amount)
    seen = abs(origin.amount) if change.amount >= 0 else -abs(origin.amount)
    return terms.rates.value(seen, origin.currency, terms.origin_day)
