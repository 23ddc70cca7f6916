"""Exceptions and breaks: what does not match or could not be posted, open until a person or the next look closes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.kernel.slices import slices
from tieout.store.ledger_tables import exceptions

BREAK = "break."
RATE, PERIOD = "rate.", "period."
READ_ABOUTS = 500
ACCEPTED = "accepted"
NEXT_OPEN = "the next open period"


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One of them. ``about`` is the Stripe id it speaks of, ``ours`` and ``theirs`` the two ids that do not agree.

    ``amount`` is in minor units of ``currency``: what is open. ``closed_at`` is None while it is open; ``resolution`` is the
    source of the entry that closed it, or how else it ended.
    """

    connection: str
    code: str
    about: str
    amount: int
    currency: str
    sentence: str
    payout: str = ""
    ours: str = ""
    theirs: str = ""
    opened_at: float = 0.0
    closed_at: float | None = None
    resolution: str = ""
    reason: str = ""
    actor: str = ""
    id: int = 0

    @property
    def is_break(self) -> bool:
        """Whether two sides disagree, rather than something waiting to be posted."""
        return self.code.startswith(BREAK)


def open_(db: sa.Connection, found: Sequence[ExceptionRow], at: float) -> list[ExceptionRow]:
    """Open exceptions; one that is open already keeps its age and takes the new figures. Answers those that are new.

    One that a person has accepted stays closed while it is the very same.
    """
    settled = accepted(db, found)
    found = [one for one in found if (one.code, one.about) not in settled]
    known = _known(db, found)
    fresh = []
    for one in {(each.connection, each.code, each.about): each for each in found}.values():
        row = {name: getattr(one, name) for name in _FIELDS}
        kept = known.get((one.connection, one.code, one.about))
        if kept is None:
            db.execute(sa.insert(exceptions).values(**row, opened_at=at))
            fresh.append(one)
        elif any(row[name] != kept[name] for name in _FIELDS):
            db.execute(sa.update(exceptions).where(exceptions.c.id == kept["id"]).values(**row))
    return fresh


def accepted(db: sa.Connection, found: Sequence[ExceptionRow]) -> set[tuple[str, str]]:
    """Which of these a person has accepted as they are, by code and subject."""
    abouts = sorted({one.about for one in found})
    done: set[tuple[str, str]] = set()
    for some in slices(abouts, READ_ABOUTS):
        asked = sa.select(exceptions).where(exceptions.c.about.in_(some), exceptions.c.resolution == ACCEPTED)
        rows = db.execute(asked).all()
        kept = {(row.connection, row.code, row.about, row.amount, row.currency, row.ours, row.theirs) for row in rows}
        done |= {
            (one.code, one.about)
            for one in found
            if (one.connection, one.code, one.about, one.amount, one.currency, one.ours, one.theirs) in kept
        }
    return done


def accepted_since(db: sa.Connection, connection: str, payout: str, at: float) -> int:
    """How many breaks of a payout a person accepted since a moment (epoch seconds)."""
    table = exceptions.c
    found = sa.select(sa.func.count()).where(
        table.connection == connection, table.payout == payout, table.resolution == ACCEPTED, table.closed_at >= at
    )
    return int(db.execute(found).scalar_one())


def ended_so(db: sa.Connection, one: ExceptionRow, resolution: str) -> list[ExceptionRow]:
    """What was open about this very thing, and a person ended so."""
    table = exceptions.c
    same = (table.connection == one.connection, table.about == one.about, table.payout == one.payout)
    figures = (table.amount == one.amount, table.currency == one.currency, table.resolution == resolution)
    return [_row(row) for row in db.execute(sa.select(exceptions).where(*same, *figures))]


_FIELDS = ("connection", "code", "about", "payout", "ours", "theirs", "amount", "currency", "sentence")


def _known(db: sa.Connection, found: Sequence[ExceptionRow]) -> dict[tuple[str, str, str], Any]:
    abouts = sorted({one.about for one in found})
    known: dict[tuple[str, str, str], Any] = {}
    for some in slices(abouts, READ_ABOUTS):
        asked = sa.select(exceptions).where(exceptions.c.about.in_(some), exceptions.c.closed_at.is_(None))
        rows = db.execute(asked)
        known |= {(row.connection, row.code, row.about): row._mapping for row in rows}
    return known


def close(
    db: sa.Connection, connection: str, ids: Iterable[int], at: float, resolution: str, reason: str, actor: str
) -> None:
    """Close exceptions by number, saying how."""
    change = sa.update(exceptions).where(
        exceptions.c.connection == connection, exceptions.c.id.in_(list(ids)), exceptions.c.closed_at.is_(None)
    )
    db.execute(change.values(closed_at=at, resolution=resolution, reason=reason, actor=actor))


def close_gone(
    db: sa.Connection, connection: str, abouts: Sequence[str], prefix: str, still: Iterable[tuple[str, str]], at: float
) -> int:
    """Close what was open about these subjects under codes of ``prefix`` and is not among ``still`` (code, about)."""
    kept, closed = set(still), 0
    for some in slices(abouts, READ_ABOUTS):
        rows = db.execute(
            sa.select(exceptions.c.id, exceptions.c.code, exceptions.c.about).where(
                exceptions.c.connection == connection,
                exceptions.c.closed_at.is_(None),
                exceptions.c.about.in_(some),
                exceptions.c.code.startswith(prefix, autoescape=True),
            )
        ).all()
        gone = [row.id for row in rows if (row.code, row.about) not in kept]
        close(db, connection, gone, at, "agrees now", "looked at again", "tieout")
        closed += len(gone)
    return closed


def close_waiting(db: sa.Connection, connection: str, sources: Sequence[str], at: float) -> None:
    """Close what said that the entries of these sources wait for a rate or a period: they are posted."""
    for prefix in (RATE, PERIOD):
        close_gone(db, connection, sources, prefix, (), at)


def close_unasked(
    db: sa.Connection, connection: str, prefix: str, theirs: str, asked: Collection[str], at: float
) -> None:
    """Close what is open under codes of ``prefix`` with that ``theirs`` and is about none of the ``asked``."""
    rows = db.execute(
        sa.select(exceptions.c.id, exceptions.c.about).where(
            exceptions.c.connection == connection,
            exceptions.c.closed_at.is_(None),
            exceptions.c.theirs == theirs,
            exceptions.c.code.startswith(prefix, autoescape=True),
        )
    ).all()
    gone = [row.id for row in rows if row.about not in asked]
    close(db, connection, gone, at, "not wanted any more", "looked at again", "tieout")


def opened(db: sa.Connection, connection: str = "", *, payout: str = "", code: str = "") -> list[ExceptionRow]:
    """What is open, oldest first."""
    found = sa.select(exceptions).where(exceptions.c.closed_at.is_(None))
    found = found.where(exceptions.c.connection == connection) if connection else found
    found = found.where(exceptions.c.payout == payout) if payout else found
    found = found.where(exceptions.c.code.startswith(code, autoescape=True)) if code else found
    return [_row(row) for row in db.execute(found.order_by(exceptions.c.opened_at, exceptions.c.id))]


def about(db: sa.Connection, subjects: Sequence[str]) -> list[ExceptionRow]:
    """Everything that was ever open about these subjects, oldest first."""
    found = sa.select(exceptions).where(exceptions.c.about.in_(subjects)).order_by(exceptions.c.id)
    return [_row(row) for row in db.execute(found)]


def get(db: sa.Connection, number: int) -> ExceptionRow | None:
    """The exception with that number, or None."""
    row = db.execute(sa.select(exceptions).where(exceptions.c.id == number)).one_or_none()
    return _row(row) if row else None


def closed_between(db: sa.Connection, connection: str, begins: float, ends: float) -> list[ExceptionRow]:
    """What people closed in a time (epoch seconds)."""
    found = sa.select(exceptions).where(
        exceptions.c.connection == connection,
        exceptions.c.closed_at.between(begins, ends),
        exceptions.c.actor != "tieout",
    )
    return [_row(row) for row in db.execute(found.order_by(exceptions.c.id))]


def _row(row: sa.Row[Any]) -> ExceptionRow:
    return ExceptionRow(**row._mapping)
