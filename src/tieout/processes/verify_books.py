"""Verifies the journal itself: its chain, its sums, what is under the keyed chain, and that every entry of a row has its row (accounting C3 I7)."""

from __future__ import annotations

import logging

from tieout.domain.reconciliation.match import UNEXPECTED, Break
from tieout.kernel.log import log
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.keep_strays import keep_strays
from tieout.operations.raise_alert import raise_alert
from tieout.queries.ledger import books_verified
from tieout.queries.seals import books_sealed
from tieout.queries.strays import entries_without_row

TAMPERED = "books.tampered"


def verify_books(ports: Ports, connection: str) -> list[str]:
    """What is wrong with the journal, in words; each is told and kept. Nothing is, unless somebody wrote behind our back."""
    found = [_stray(kept.seq, kept.entry.source, kept.entry.cleared, kept.entry.currency)
             for kept in entries_without_row(ports.books, connection)]  # fmt: skip
    keep_strays(ports.books, connection, found, ports.clock())
    words = [one.sentence for one in found]
    _, why = books_verified(ports.books)
    wrong = [why] if why else []
    wrong += books_sealed(ports.books, ports.keys).wrong if ports.keys else []
    if wrong:
        log("journal tampered with", logging.ERROR, sentence=wrong[0])
        raise_alert(ports.books, TAMPERED, wrong[0], connection, ports.clock())
    return words + wrong


def _stray(number: int, source: str, cleared: int, currency: str) -> Break:
    words = (
        f"Entry {number} says that it is Stripe's row {source} ({Money(currency, cleared)}), but no such row is kept. "
        "Look it up in Stripe; an entry of a row that never was is reversed."
    )
    return Break(UNEXPECTED, "stray", source, cleared, currency, words, ours=f"entry {number}", theirs=source)
