"""Journals on their way to P21: which entries each carries, and how far it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.kernel.canonical import canonical
from tieout.kernel.slices import slices
from tieout.store import journal
from tieout.store.journal import KeptEntry
from tieout.store.ledger_tables import entries, journal_entries, journals, unjournaled

NAMES_MAX = 500
DUE, WRITTEN = "due", "written"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal. ``name`` is unique in its ledger; ``document`` is what P21 gets; ``key`` is P21's number once written."""

    id: int
    connection: str
    p21: str
    name: str
    booked: str
    currency: str
    document: Mapping[str, Any]
    key: str
    state: str
    at: float


def groups(db: sa.Connection, connection: str) -> list[tuple[str, str, int]]:
    """The days and currencies that have entries no journal carries yet, and how many, oldest first."""
    found = (
        sa.select(entries.c.booked, entries.c.currency, sa.func.count())
        .join(unjournaled, unjournaled.c.entry == entries.c.seq)
        .where(entries.c.connection == connection)
        .group_by(entries.c.booked, entries.c.currency)
        .order_by(entries.c.booked, entries.c.currency)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(found)]


def waiting(db: sa.Connection, connection: str, booked: str, currency: str, limit: int) -> list[KeptEntry]:
    """Entries of a day and currency that no journal carries yet, oldest first."""
    found = (
        sa.select(entries.c.seq)
        .join(unjournaled, unjournaled.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entries.c.booked == booked, entries.c.currency == currency)
        .order_by(entries.c.seq)
        .limit(limit)
    )
    return journal.numbered(db, list(db.execute(found).scalars()))


def form(db: sa.Connection, row: dict[str, Any], carried: Sequence[int]) -> int:
    """Keep a journal and the entries it carries; answers its number."""
    number = db.execute(sa.insert(journals).values({**row, "document": canonical(row["document"])}))
    journal_id = int(number.inserted_primary_key[0])  # type: ignore[index]
    db.execute(sa.insert(journal_entries), [{"entry": seq, "journal": journal_id} for seq in carried])
    drop(db, carried)
    return journal_id


def drop(db: sa.Connection, carried: Sequence[int]) -> None:
    """These entries need no journal, or have one."""
    for some in slices(carried, NAMES_MAX):
        db.execute(sa.delete(unjournaled).where(unjournaled.c.entry.in_(some)))


def named(db: sa.Connection, connection: str, prefix: str) -> int:
    """How many journals of a ledger have a name that begins so."""
    found = sa.select(sa.func.count()).select_from(journals)
    where = (journals.c.connection == connection, journals.c.name.startswith(prefix, autoescape=True))
    return db.execute(found.where(*where)).scalar_one()


def get(db: sa.Connection, journal_id: int) -> JournalRow | None:
    """The journal with that number, or None."""
    row = db.execute(sa.select(journals).where(journals.c.id == journal_id)).one_or_none()
    return _row(row) if row else None


def in_state(db: sa.Connection, state: str, connection: str = "") -> list[JournalRow]:
    """Journals in a state, oldest first."""
    found = sa.select(journals).where(journals.c.state == state)
    found = found.where(journals.c.connection == connection) if connection else found
    return [_row(row) for row in db.execute(found.order_by(journals.c.id))]


def written(db: sa.Connection, journal_id: int, key: str, document: Mapping[str, Any]) -> None:
    """P21 has it under that number, as ``document`` says."""
    change = sa.update(journals).where(journals.c.id == journal_id)
    db.execute(change.values(state=WRITTEN, key=key, document=canonical(dict(document))))


def journals_of(db: sa.Connection, seqs: Sequence[int]) -> dict[int, JournalRow]:
    """The journal that carries each of these entries."""
    found = sa.select(journal_entries.c.entry, journals).join(journals, journals.c.id == journal_entries.c.journal)
    rows = db.execute(found.where(journal_entries.c.entry.in_(seqs))).all()
    return {row.entry: _row(row) for row in rows}


def entries_of(db: sa.Connection, journal_id: int) -> list[int]:
    """The numbers of the entries that a journal carries."""
    found = sa.select(journal_entries.c.entry).where(journal_entries.c.journal == journal_id)
    return list(db.execute(found.order_by(journal_entries.c.entry)).scalars())


def _row(row: sa.Row[Any]) -> JournalRow:
    return JournalRow(
        row.id, row.connection, row.p21, row.name, row.booked, row.currency, json.loads(row.document), row.key,
        row.state, row.at,
    )  # fmt: skip
