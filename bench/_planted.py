"""What is wrong on purpose: twelve kinds of defects in Stripe's rows, in our books, in P21 and at the bank (C3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.domain.ledger.balance_change import BalanceChange

Seen = tuple[str, str]  # what a break is about, and its code


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: its kind, what must be said of it, and what else follows from it and may be said too."""

    kind: str
    wanted: Seen
    also: frozenset[Seen] = frozenset()


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a world is wrong. ``edits`` are statements that somebody runs on our books behind our back."""

    defects: tuple[Defect, ...] = ()
    late: frozenset[str] = frozenset()
    twins: tuple[BalanceChange, ...] = ()
    altered: Mapping[str, BalanceChange] = field(default_factory=dict)
    short: Mapping[str, int] = field(default_factory=dict)
    strays: tuple[BalanceChange, ...] = ()
    voided: frozenset[str] = frozenset()
    edited: Mapping[str, Decimal] = field(default_factory=dict)
    bank_short: Mapping[str, int] = field(default_factory=dict)
    closed: tuple[BalanceChange, ...] = ()
    unknown: frozenset[str] = frozenset()
    edits: tuple[tuple[str, str], ...] = ()


NOTHING = Planted()
