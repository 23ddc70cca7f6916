"""Mends an inbox or books that are older than the other files, and waits that a clock which was put back made endless."""

from __future__ import annotations

from tieout.store import connections, inbox, installation, lanes
from tieout.store.database import Database

WAIT_SECONDS_MAX = 60.0


def mend_inbox(box: Database, known: int) -> None:
    """The inbox is older than the books: it gives no number that the books know already."""
    with box.transaction() as db:
        inbox.move_on(db, known)


def mend_books(box: Database, books: Database, known: int) -> None:
    """The books are older than the inbox, or were restored: what they do not know is taken up again, and what was on its way is
    handed over anew. Nothing is sent before the writes that they do not know of have settled.

    The books first: were they last, a process that dies between would let the worker begin before that.
    """
    with books.transaction() as db:
        installation.unsettle(db)
        lanes.want_all_again(db)
    with box.transaction() as db:
        inbox.take_again(db, known)


def shorten_waits(books: Database, at: float) -> None:
    """The clock was put back: nothing waits longer than a minute for a moment that was kept by the clock before."""
    with books.transaction() as db:
        lanes.wake_all(db, at + WAIT_SECONDS_MAX)
        lanes.want_all_again(db)
        connections.shorten_pauses(db, at + WAIT_SECONDS_MAX)


def saw_worker(books: Database, at: float) -> None:
    """A worker is at work at this moment (epoch seconds): a clock that is behind it was put back."""
    with books.transaction() as db:
        installation.see(db, at)


def writes_have_settled(books: Database) -> None:
    """What the lost books may have sent has had its time to arrive: from now on a look tells the truth."""
    with books.transaction() as db:
        installation.has_settled(db)
