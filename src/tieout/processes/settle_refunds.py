"""Settles what is owed to customers since a refund failed: a later refund pays it, or nothing was ever credited (M2; C2 #13)."""

from __future__ import annotations

from tieout.domain.ledger.refunds import KIND, repaid_entry, repaid_source
from tieout.domain.ledger.valuing import NoRate
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_rate import ask_for_rate
from tieout.operations.book_or_ask import Booking
from tieout.operations.post_entries import post_entries
from tieout.queries.refunds import RefundSeen, owed_since_failure
from tieout.store import ledgers

ACTOR = "tieout"


def settle_refunds(ports: Ports, connection: str) -> int:
    """Post what later refunds have repaid, oldest first and never more than is owed; answers how many."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
    if not book.policy.p21:
        return 0
    posted, booking = 0, Booking(ports.books, connection, book, KIND, ports.clock())
    for owed in owed_since_failure(ports.books, connection, book.policy.p21):
        left = owed.amount
        for seen in sorted(owed.refunds, key=lambda one: (one.row.created, one.row.id)):
            amount = min(left, _uncredited(seen))
            if amount <= 0:
                continue
            left -= amount
            try:
                entry = repaid_entry(seen.row, amount, book)
            except NoRate as missing:
                source, what = repaid_source(seen.row.source), f"The repeated refund {seen.row.source}"
                ask_for_rate(ports.books, connection, source, missing, ports.clock(), what)
                continue
            stands = booking.book_or_ask(entry)
            if stands is not None:
                post_entries(ports.books, connection, [stands], ACTOR, ports.clock())
                posted += 1
    booking.close_rest()
    return posted


def _uncredited(seen: RefundSeen) -> int:
    """What no memo covers, in the balance's currency: in proportion where the customer saw another."""
    row = seen.row
    shown = abs(row.origin.amount) or abs(row.amount)
    return abs(row.amount) * max(0, shown - seen.credited) // shown if shown else 0
