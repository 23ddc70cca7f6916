"""Opens an exception for a document that cannot be valued, because a rate is missing."""

from __future__ import annotations

from tieout.domain.ledger.valuing import NoRate
from tieout.store import alerts, exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow

CODE = "rate.document"


def ask_for_rate(books: Database, connection: str, source: str, missing: NoRate, at: float, what: str = "") -> None:
    """Ask once for each document; ``what`` says what it is when it is none of P21's."""
    what = what or f"{source.partition(':')[2]} is in P21 and"
    words = f"{what} cannot be valued here: {missing}. Enter the rate; it is posted by itself."
    one = ExceptionRow(connection, CODE, source, 0, missing.currency, words)
    with books.transaction() as db:
        for fresh in exceptions.open_(db, [one], at):
            alerts.add(db, CODE, fresh.sentence, source, at)
