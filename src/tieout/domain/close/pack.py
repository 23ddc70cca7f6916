"""What a close pack is made of: sections of rows, each cell still a value, so that every medium writes it its own way (C9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tieout.domain.close.figures import Figures
from tieout.kernel.canonical import fingerprint
from tieout.kernel.money import Money

TEXT, MONEY, NUMBER, STATE, CODE, WORDS = "text", "money", "number", "state", "code", "words"
RIGHT = (MONEY, NUMBER)
Cell = str | int | Decimal | Money | None
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``of`` names the column that tells a spreadsheet the currency of its amounts."""

    title: str
    kind: str = TEXT
    of: str = "currency"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the pack: sentences above, a table (``empty`` says what it means that there is none), a line below."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    empty: str
    lines: tuple[str, ...] = ()
    foot: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            assert len(row) == len(self.columns), f"{self.name}: {len(row)} cells for {len(self.columns)} columns"


def period_fingerprint(figures: Figures) -> str:
    """The hash of what belongs to the period alone; nothing that happens after its last day changes it."""
    return fingerprint({
        "connection": figures.connection,
        "period": [figures.period.name, figures.period.begins, figures.period.ends],
        "proofs": [
            [one.currency, one.opening, one.activity, one.payouts, one.closing, one.clearing, one.unposted, one.rows]
            for one in figures.proofs
            if one.rows or one.opening or one.closing or one.clearing
        ],
        "balances": [
            [one.account, one.currency, one.ledger_currency, one.opening, one.debits, one.credits, one.closing,
             one.opening_value, one.closing_value]
            for one in figures.rolls
        ],
        "foreign": [[one.account, one.currency, one.worth, one.times] for one in figures.foreign],
        "payouts": [[one.payout.id, one.payout.amount, one.payout.currency] for one in figures.payouts],
    })  # fmt: skip
