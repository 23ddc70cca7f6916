"""One file for each kind of balance change; together they book every row, the unknown ones too (accounting C2, Stripe B8)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from tieout.domain.ledger.account import CLEARING, ISSUING, PREFUNDING, RESERVES, SUSPENSE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Leg
from tieout.domain.ledger.rules._fees import fee_legs
from tieout.domain.ledger.rules._rule import GROSS, Rule, Terms, against, customer_money
from tieout.kernel.plugs import plugs

__all__ = [
    "GROSS",
    "UNKNOWN",
    "Rule",
    "Terms",
    "against",
    "booked_legs",
    "catalogue",
    "customer_money",
    "held_in",
    "rule_for",
]

_HELD = {
    "payments": CLEARING,
    "issuing": ISSUING,
    "refund_and_dispute_prefunding": PREFUNDING,
    "risk_reserved": RESERVES,
}
UNKNOWN = Rule("unknown", "A kind that Tieout has no rule for", (), against(SUSPENSE), (48,), suspense=True)


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule that has a file here, by name."""
    return tuple(sorted(plugs(sys.modules[__name__], "RULE", Rule), key=lambda rule: rule.name))


@cache
def _by_category() -> tuple[Mapping[str, Rule], Mapping[str, Rule]]:
    by_category = {category: rule for rule in catalogue() for category in rule.categories}
    return by_category, {kind: rule for rule in catalogue() for kind in rule.types}


def rule_for(change: BalanceChange) -> Rule:
    """The rule of its reporting category; of its type where Stripe names no category of its own; else the unknown's."""
    by_category, by_type = _by_category()
    if change.category in ("", change.type):
        return by_category.get(change.category) or by_type.get(change.type) or UNKNOWN
    return by_category.get(change.category, UNKNOWN)


def booked_legs(change: BalanceChange, terms: Terms) -> tuple[Leg, ...]:
    """The legs of the entry for one row: what it is about, then its fee part by part; raises NoRate."""
    legs = rule_for(change).legs(change, terms) + fee_legs(change, terms)
    held = held_in(change.balance_type)
    return legs if held == CLEARING else tuple(_moved(leg, held) for leg in legs)


def held_in(balance_type: str) -> str:
    """The account of a Stripe balance: clearing is the payments balance alone, and none is mixed with another (B8)."""
    return _HELD.get(balance_type, SUSPENSE)


def _moved(leg: Leg, held: str) -> Leg:
    lines = tuple(replace(line, account=held) if line.account == CLEARING else line for line in leg.lines)
    return replace(leg, lines=lines)
