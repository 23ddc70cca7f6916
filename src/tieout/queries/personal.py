"""Where the books and the inbox tell who somebody is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.personal import Json, parsed
from tieout.kernel.slices import slices
from tieout.store import states
from tieout.store.database import Database
from tieout.store.tables import earlier_steps, events, inbox, intents, links, runs, steps

READ_EVENTS = 200
ENDED = (states.APPLIED, states.IGNORED)


@dataclass(frozen=True, slots=True)
class Held:
    """How many ended events still tell who somebody is, and when the oldest of them ended (epoch seconds)."""

    events: int
    oldest: float | None


def held(books: Database) -> Held:
    """What a period, where one is set, will erase."""
    found = sa.select(sa.func.count(), sa.func.min(events.c.ended_at)).where(_ended)
    with books.reading() as db:
        count, oldest = db.execute(found).one()
    return Held(int(count), oldest)


_ended = sa.and_(events.c.personal.is_(True), events.c.state.in_(ENDED), events.c.ended_at.is_not(None))


def past_their_period(books: Database, connection: str, before: float, limit: int) -> list[int]:
    """The oldest events of a connection that ended before a moment (epoch seconds) and still tell it."""
    found = sa.select(events.c.seq).where(_ended, events.c.connection == connection, events.c.ended_at < before)
    with books.reading() as db:
        return list(db.execute(found.order_by(events.c.ended_at).limit(limit)).scalars())


def events_naming(box: Database, books: Database, who: str) -> list[int]:
    """The events that name somebody (a Stripe id, an e-mail address), and those whose runs read or wrote of him."""
    found = set[int]()
    with box.reading() as db:
        found |= set(db.execute(sa.select(inbox.c.seq).where(_names(inbox.c.body, who))).scalars())
    with books.reading() as db:
        for table, text in ((steps, steps.c.outcome), (earlier_steps, earlier_steps.c.outcome)):
            read = sa.select(runs.c.seq).where(runs.c.id.in_(sa.select(table.c.run).where(_names(text, who))))
            found |= set(db.execute(read).scalars())
        wrote = sa.select(intents.c.run).where(_names(intents.c.document, who))
        found |= set(db.execute(sa.select(runs.c.seq).where(runs.c.id.in_(wrote))).scalars())
        found |= set(db.execute(sa.select(runs.c.seq).where(runs.c.subject == who)).scalars())
        return [one for some in slices(sorted(found), READ_EVENTS) for one in _taken_up(db, some)]


def under_way(books: Database, seqs: Iterable[int]) -> list[str]:
    """Those of the events, or their runs, that have not ended: by run where there is one."""
    found: list[str] = []
    with books.reading() as db:
        for some in slices(list(seqs), READ_EVENTS):
            rows = sa.select(events.c.event_id, runs.c.id).outerjoin(runs, runs.c.seq == events.c.seq)
            rows = rows.where(events.c.seq.in_(some), sa.or_(events.c.state.not_in(ENDED), runs.c.state.not_in(ENDED)))
            found += [row.id or row.event_id for row in db.execute(rows.order_by(events.c.seq))]
    return list(dict.fromkeys(found))


def documents_of(box: Database, books: Database, seq: int) -> Iterator[Json]:
    """What was received, read and written for an event."""
    with box.reading() as db:
        for body in db.execute(sa.select(inbox.c.body).where(inbox.c.seq == seq)).scalars():
            yield parsed(body)
    mine = sa.select(runs.c.id).where(runs.c.seq == seq)
    with books.reading() as db:
        for column, run in (
            (steps.c.outcome, steps.c.run),
            (earlier_steps.c.outcome, earlier_steps.c.run),
            (intents.c.document, intents.c.run),
            (intents.c.shown, intents.c.run),
        ):
            for text in db.execute(sa.select(column).where(run.in_(mine))).scalars():
                yield parsed(text)


def customers_of(books: Database, seqs: Iterable[int]) -> list[tuple[str, str]]:
    """The P21 customers that stand for whom these events name: connection and number."""
    found: dict[tuple[str, str], None] = {}
    with books.reading() as db:
        for some in slices(list(seqs), READ_EVENTS):
            mine = sa.select(runs.c.id).where(runs.c.seq.in_(some))
            rows = sa.select(links.c.connection, links.c.key).where(links.c.entity == "customer", links.c.run.in_(mine))
            found |= {(row.connection, row.key): None for row in db.execute(rows.order_by(links.c.at))}
    return list(found)


def _names(column: sa.ColumnElement[str], who: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).contains(who.lower(), autoescape=True)


def _taken_up(db: sa.Connection, seqs: Sequence[int]) -> list[int]:
    return list(db.execute(sa.select(events.c.seq).where(events.c.seq.in_(seqs)).order_by(events.c.seq)).scalars())
