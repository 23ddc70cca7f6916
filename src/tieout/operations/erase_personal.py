"""Erases what tells who somebody is; amounts, dates, numbers and ids stay, and every proof holds (security S58; case D14).

An event's body goes first, and its mark with its documents last: a process that dies in between finds the event again.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tieout.domain.personal import MARK, Personal, parsed, without
from tieout.kernel.canonical import canonical
from tieout.store import damage, dialect
from tieout.store.database import Database
from tieout.store.intents import MAILBOX, forms_of
from tieout.store.ledger_tables import balance_changes, exceptions
from tieout.store.tables import acts, alerts, earlier_steps, earlier_tries, events, inbox, intents, links, runs, steps

DOCUMENTS = ((steps, "outcome"), (earlier_steps, "outcome"), (intents, "document"), (intents, "shown"))
SENTENCES = (
    (runs, "sentence"),
    (runs, "detail"),
    (earlier_tries, "sentence"),
    (earlier_tries, "detail"),
    (intents, "said"),
)
ELSEWHERE = (
    *SENTENCES, (alerts, "sentence"), (exceptions, "sentence"), (exceptions, "reason"), (acts, "about"), (acts, "before"),
    (acts, "after"), (acts, "reason"), (balance_changes, "document"), (intents, "subject"),
)  # fmt: skip


def erase_event(box: Database, books: Database, seq: int, known: Personal) -> None:
    """Erase it from what was received, read and written for one event. Safe to repeat."""
    with box.transaction() as db:
        dialect.overwrite_from_now(db)
        body = db.execute(sa.select(inbox.c.body).where(inbox.c.seq == seq)).scalar()
        if body is not None:
            db.execute(sa.update(inbox).where(inbox.c.seq == seq).values(body=_erased(body, known)))
    with books.transaction() as db:
        dialect.overwrite_from_now(db)
        mine = list(db.execute(sa.select(runs.c.id).where(runs.c.seq == seq)).scalars())
        for table, column in (*DOCUMENTS, *SENTENCES):
            _change(db, table, column, (table.c.id if table is runs else table.c.run).in_(mine), known)
        event_id = db.execute(sa.select(events.c.event_id).where(events.c.seq == seq)).scalar_one()
        about = [alerts.c.about == one for one in (event_id, *mine)] + [
            alerts.c.about.startswith(f"{one} ") for one in mine
        ]
        _change(db, alerts, "sentence", sa.or_(*about), known)
        db.execute(sa.update(events).where(events.c.seq == seq).values(personal=False))


def erase_elsewhere(books: Database, known: Personal) -> None:
    """Erase it wherever else the books say it, and the links of e-mail addresses. Safe to repeat."""
    with books.transaction() as db:
        dialect.overwrite_from_now(db)
        for text in known.texts:
            db.execute(sa.delete(links).where(links.c.subject.in_(forms_of(f"{MAILBOX}{text.lower()}"))))
            for table, column in ELSEWHERE:
                said = sa.func.lower(table.c[column]).contains(text.lower(), autoescape=True)
                _change(db, table, column, said, known)


def write_anew(databases: Sequence[Database]) -> bool:
    """Leave nothing of what was erased in the free parts of the files; False when one is in use for too long."""
    for database in databases:
        try:
            with database.reading() as db:
                dialect.write_anew(db)
        except DBAPIError as error:
            if (fix := damage.trouble(error)) is None or fix.code != damage.LOCKED:
                raise
            return False
    return True


def _change(db: sa.Connection, table: sa.Table, column: str, where: sa.ColumnElement[bool], known: Personal) -> None:
    key = list(table.primary_key.columns)
    for row in db.execute(sa.select(*key, table.c[column].label("text")).where(where)).all():
        erased = _erased(row.text, known)
        if erased != row.text:
            same = sa.and_(*(one == value for one, value in zip(key, row, strict=False)))
            db.execute(sa.update(table).where(same).values({column: erased}))


def _erased(text: str, known: Personal) -> str:
    document = parsed(text)
    if isinstance(document, str):
        erased = without(document, known)
        return erased if isinstance(erased, str) else MARK
    return canonical(without(document, known))
