"""Opens a ledger that does not begin with Stripe's first row: what the balance was on its first day (accounting C3 I3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tieout.domain.ledger.account import CLEARING, OPENING
from tieout.domain.ledger.entry import Entry, Leg, pair
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import NoRate
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.keep_opening import keep_opening
from tieout.operations.keep_unread import rows_unread
from tieout.processes.import_balance import Imported, import_balance
from tieout.processes.prove_balance import TRIES_MAX, stands_of
from tieout.queries.proof import PAYMENTS
from tieout.store import balance, ledgers

SOURCE = "opening"


def open_ledger(ports: Ports, connection: str) -> Imported:
    """Post the opening balance by currency, once: Stripe's balance now, less every row since the first day.

    Answers what it had to import for that. Nothing is opened while a row cannot be read. Raises Failed; Failed(Retry) while money
    moves between two looks at the balance.
    """
    with ports.books.reading() as db:
        ledger, book = ledgers.get(db, connection), ledgers.book(db, connection)
    if ledger is None or ledger.opened:
        return Imported()
    if not book.policy.starts:
        keep_opening(ports.books, connection, (), ports.clock())
        return Imported()
    began = datetime.fromisoformat(book.policy.starts).replace(tzinfo=book.zone)
    stripe = ports.connections.stripe(connection)
    done = import_balance(ports, connection, since=int(began.timestamp()))
    for _ in range(TRIES_MAX):
        stands = stands_of(stripe)
        import_balance(ports, connection)
        if stands_of(stripe) == stands:
            if rows_unread(ports.books, connection, 1):
                return done  # what such a row comes to would stand in the opening for good
            keep_opening(ports.books, connection, list(_entries(ports, connection, book, stands)), ports.clock())
            return done
    sentence = f"Money moves in {connection} while its opening balance is read. It is read again."
    raise Failed(Retry("stripe.moving", sentence, connection))


def _entries(ports: Ports, connection: str, book: Book, stands: Mapping[str, int]) -> Iterator[Entry]:
    """What each currency stood at before the first day: what it stands at now, less every row since."""
    with ports.books.reading() as db:
        sums = balance.by_category(db, connection, PAYMENTS)
    starts = book.policy.starts
    for currency, now in sorted(stands.items()):
        amount = now - sum(net for net, _ in sums.get(currency, {}).values())
        if amount:
            value = _value(amount, currency, book)
            yield _entry(
                currency, book.policy.ledger_currency, starts, pair("opening", CLEARING, OPENING, amount, value)
            )


def _value(amount: int, currency: str, book: Book) -> int:
    try:
        return book.rates.value(amount, currency, book.policy.starts)
    except NoRate as missing:
        sentence = (
            f"The opening balance of {Money(currency, amount)} cannot be valued: {missing}. Enter the rate of the first day: "
            "tieout ledger rates"
        )
        raise Failed(Fix("rate.opening", sentence, field=currency, value=book.policy.starts)) from None


def _entry(currency: str, ledger_currency: str, day: str, leg: Leg) -> Entry:
    return Entry(f"{SOURCE}:{currency}", SOURCE, day, day, currency, ledger_currency, (leg,), memo="Opening balance")
