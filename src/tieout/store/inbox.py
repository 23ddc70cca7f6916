"""The inbox: what Stripe sent, kept before it is acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from tieout.store import dialect
from tieout.store.tables import inbox


@dataclass(frozen=True, slots=True)
class Kept:
    """One event as kept; ``seq`` is its order of arrival (0 before it is kept), ``readable`` false for a dead letter."""

    connection: str
    livemode: bool
    event_id: str
    type: str
    lane: str
    object_id: str
    thin: bool
    readable: bool
    body: str
    received_at: float
    seq: int = 0


def add(db: sa.Connection, arrivals: Iterable[Kept]) -> None:
    """Keep events; one that is there already (same connection, mode and id) is left as it was."""
    rows = [{key: value for key, value in asdict(one).items() if key != "seq"} for one in arrivals]
    dialect.add_new(db, inbox, rows)


def waiting(db: sa.Connection, limit: int) -> list[Kept]:
    """The oldest events that no one has taken up."""
    rows = db.execute(sa.select(inbox).where(inbox.c.dispatched.is_(False)).order_by(inbox.c.seq).limit(limit))
    return [_kept(row) for row in rows]


def taken(db: sa.Connection, seqs: Sequence[int]) -> None:
    """Mark events as taken up."""
    db.execute(sa.update(inbox).where(inbox.c.seq.in_(seqs)).values(dispatched=True))


def of_event(db: sa.Connection, connection: str, livemode: bool, event_id: str) -> Kept | None:
    """The event as it was kept, or None when an inbox without it was put in the place of the one that had it."""
    same = sa.and_(inbox.c.connection == connection, inbox.c.livemode == livemode, inbox.c.event_id == event_id)
    row = db.execute(sa.select(inbox).where(same)).one_or_none()
    return _kept(row) if row else None


def last_number(db: sa.Connection) -> int:
    """The greatest number that was ever given to an event."""
    kept = sa.select(sa.func.coalesce(sa.func.max(inbox.c.seq), 0))
    return max(int(db.execute(kept).scalar_one()), dialect.last_given(db, inbox))


def last_taken(db: sa.Connection) -> int:
    """The greatest number of an event that was taken up, 0 when there is none."""
    taken = sa.select(sa.func.coalesce(sa.func.max(inbox.c.seq), 0)).where(inbox.c.dispatched.is_(True))
    return int(db.execute(taken).scalar_one())


def take_again(db: sa.Connection, after: int) -> None:
    """Have the events after that number taken up again."""
    db.execute(sa.update(inbox).where(inbox.c.seq > after).values(dispatched=False))


def move_on(db: sa.Connection, number: int) -> None:
    """Give no event a number up to this one any more."""
    dialect.give_after(db, inbox, max(number, last_number(db)))


def number_anew(db: sa.Connection, seqs: Iterable[int]) -> None:
    """Give these events new numbers, after all that were ever given."""
    for seq in seqs:
        number = last_number(db) + 1
        db.execute(sa.update(inbox).where(inbox.c.seq == seq).values(seq=number, dispatched=False))
        move_on(db, number)


def find(db: sa.Connection, seq: int) -> Kept | None:
    """The event with that number, or None."""
    row = db.execute(sa.select(inbox).where(inbox.c.seq == seq)).one_or_none()
    return _kept(row) if row else None


def first_received(db: sa.Connection, connection: str) -> float | None:
    """When the first event of a connection was kept (epoch seconds), or None."""
    found = sa.select(inbox.c.received_at).where(inbox.c.connection == connection).order_by(inbox.c.seq).limit(1)
    return db.execute(found).scalar()


def count(db: sa.Connection) -> int:
    """How many events were ever kept."""
    return db.execute(sa.select(sa.func.count()).select_from(inbox)).scalar_one()


def _kept(row: sa.Row[tuple[object, ...]]) -> Kept:
    return Kept(**{key: value for key, value in row._mapping.items() if key != "dispatched"})
