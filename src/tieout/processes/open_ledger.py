"""Opens a ledger that does not begin with Stripe's first row: what the balance was on its first day (accounting C3 I3)."""

from __future__ import annotations

from datetime import datetime

from tieout.domain.ledger.account import CLEARING, OPENING
from tieout.domain.ledger.entry import Entry, Leg, pair
from tieout.nodes._ports import Ports
from tieout.operations.post_entries import post_entries
from tieout.processes.import_balance import import_balance
from tieout.queries.proof import PAYMENTS
from tieout.store import balance, journal, ledgers

ACTOR = "tieout"
SOURCE = "opening"


def open_ledger(ports: Ports, connection: str) -> None:
    """Post the opening balance by currency, once: Stripe's balance now, less every row since the first day. Raises Failed."""
    with ports.books.reading() as db:
        ledger, book = ledgers.get(db, connection), ledgers.book(db, connection)
        opened = ledger is None or not ledger.policy.starts or bool(ledger.imported_until)
    if opened:
        return
    starts = book.policy.starts
    began = int(datetime.fromisoformat(starts).replace(tzinfo=book.zone).timestamp())
    stripe = ports.connections.stripe(connection)
    import_balance(ports, connection, since=began)
    stands = {currency: available + pending for currency, (available, pending) in stripe.balance().items()}
    import_balance(ports, connection)
    with ports.books.reading() as db:
        sums = balance.by_category(db, connection, PAYMENTS)
        known = journal.sources(db, connection, [f"{SOURCE}:{currency}" for currency in stands])
    entries = []
    for currency, now in sorted(stands.items()):
        amount = now - sum(net for net, _ in sums.get(currency, {}).values())
        if amount and f"{SOURCE}:{currency}" not in known:
            value = book.rates.value(amount, currency, starts)
            leg = pair("opening", CLEARING, OPENING, amount, value)
            entries.append(_entry(currency, book.policy.ledger_currency, starts, leg))
    post_entries(ports.books, connection, entries, ACTOR, ports.clock())


def _entry(currency: str, ledger_currency: str, day: str, leg: Leg) -> Entry:
    return Entry(f"{SOURCE}:{currency}", SOURCE, day, day, currency, ledger_currency, (leg,), memo="Opening balance")
