"""How one Stripe account is kept in the books: the choices an accountant signs off (accounting C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tieout.domain.ledger.account import DEPOSITS, DISPUTE_LOSSES, RECEIVABLE, RETURNS
from tieout.domain.ledger.entry import JOURNAL, REFUND_PAYMENT
from tieout.domain.ledger.period import is_day
from tieout.kernel.money import CURRENCIES

CHOICES: Mapping[str, tuple[str, ...]] = {
    "dated_by": ("created", "available_on"),
    "closed_period": ("reject", "next_open", "approver"),
    "journals": ("daily", "detail"),
    "sales_without_invoice": (RECEIVABLE, DEPOSITS),
    "refund_cash": (REFUND_PAYMENT, JOURNAL),
    "lost_disputes": (DISPUTE_LOSSES, RETURNS, RECEIVABLE),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """``dated_by`` which moment of a row dates it; ``closed_period`` what happens when that period is closed in P21.

    ``journals``: one P21 journal a day for each currency, or one for each entry. ``sales_without_invoice``: the account a
    payment credits before there is an invoice. ``refund_cash``: which P21 record carries the cash side of a refund.
    ``lost_disputes``: what a lost dispute is charged to; ``accounts_receivable`` means that the customer owes it again.
    ``starts`` (YYYY-MM-DD) is the first day that is posted; what was before is the opening balance. ``balance_branches``
    adds lines so that every journal balances branch by branch.
    """

    ledger_currency: str = "usd"
    time_zone: str = "America/New_York"
    p21: str = ""
    dated_by: str = "created"
    closed_period: str = "next_open"
    journals: str = "daily"
    sales_without_invoice: str = RECEIVABLE
    refund_cash: str = JOURNAL
    lost_disputes: str = DISPUTE_LOSSES
    starts: str = ""
    balance_branches: bool = False

    def __post_init__(self) -> None:
        if wrong := [one.name for one in fields(self) if type(getattr(self, one.name)) is not type(one.default)]:
            kind = "true or false" if wrong[0] == "balance_branches" else "a text"
            raise ValueError(f"{wrong[0]} {getattr(self, wrong[0])!r}: give {kind}")
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} {getattr(self, name)!r}: give one of {', '.join(allowed)}")
        if self.ledger_currency not in CURRENCIES:
            raise ValueError(f"ledger_currency {self.ledger_currency!r}: give a currency code such as usd")
        if self.time_zone not in _time_zones():
            raise ValueError(f"time_zone {self.time_zone!r}: give a name such as America/New_York")
        if self.starts and not is_day(self.starts):
            raise ValueError(f"starts {self.starts!r}: give the first day that is posted as YYYY-MM-DD")

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Policy:
        """A policy from its fields; ValueError names the one that is wrong."""
        known = {one.name for one in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise ValueError(f"{unknown[0]!r} is no choice of a ledger; known: {', '.join(sorted(known))}")
        return cls(**given)

    def document(self) -> dict[str, Any]:
        """The fields, as they are kept."""
        return asdict(self)

    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.time_zone)


@cache
def _time_zones() -> frozenset[str]:
    """Every name there is; listing them takes longer than all else that reading a policy does."""
    return frozenset(available_timezones())
