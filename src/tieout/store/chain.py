"""The keyed chain: every change of a row that matters is sealed, in its own transaction, with a key that is not in the database.

A row of the chain holds keyed digests of the rows that a transaction has changed, never what they say: what is erased later
breaks nothing. Of the journal it holds the last entry's hash, which covers all entries before it. Who writes to the file with
another program, adds, changes or takes away, does not have the key. What was cut off at the end is found by a head kept
elsewhere (security S50; case D2).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa

from tieout.kernel.canonical import canonical
from tieout.kernel.clock import Clock
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.slices import slices
from tieout.store import dialect
from tieout.store.dialect import TOUCHED
from tieout.store.ledger_tables import entries
from tieout.store.tables import book_tables, chain

BEGIN, ROWS, ROTATE = "begin", "rows", "rotate"
FIRST_MARK = "0" * 64
DIGEST_CHARACTERS = 32  # of 64: 128 bits
BEGIN_ROWS = 500
JOURNAL = entries.name

OUTSIDE: Mapping[str, str] = {
    "chain": "it is the chain itself",
    "chain_keys": "they open with the vault's key alone",
    "entries": "the chain holds the journal's last hash, which covers every entry and line before it",
    "entry_lines": "an entry's hash covers its lines",
    "sums": "they are computed again from the lines",
    "unjournaled": "a list of what waits",
    "journal_entries": "which entries a journal carries is told by P21's own document",
    "events": "where an event stands in its queue; what it said is in the inbox, what came of it in runs",
    "steps": "each step is what a run had reached, written many times a second",
    "earlier_steps": "as steps",
    "balance_changes": "what Stripe said; every row has its entry",
    "payouts": "what Stripe said, and the verdict of the last look, which is computed",
    "payout_lines": "what Stripe said",
    "installation": "how often it was started, and when a worker was last at work",
    "caught_up": "how far a search for what was missed has come",
}
CHANGING: Mapping[str, tuple[str, ...]] = {  # columns that say how far work is, not what was decided or done
    "runs": ("attempts", "tries", "epoch", "legs_since_rest", "wake_at"),
    "intents": ("attempt", "settles_from", "looks", "looked_at", "epoch"),
    "connections": ("outages", "paused_until", "paused_because"),
    "ledgers": ("imported_until", "reading", "proof", "proved_at"),
}


class Keys(Protocol):
    """The keys of the chain, each by a name that gives nothing of it away."""

    def current(self) -> tuple[str, bytes]:
        """The key that new rows are sealed with."""
        ...

    def named(self, name: str) -> bytes | None:
        """A key of now or before, or None when it is not here."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: its last row, when that was sealed (epoch seconds), its mark, and the last entry's number."""

    seq: int
    at: float
    mark: str
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Covered:
    """A table under the chain: what its rows are found by, and what of them is sealed."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


@cache
def covered() -> Mapping[str, Covered]:
    """Every table of the books that is under the chain, by name. One that nobody excused is."""
    return {table.name: _covered(table) for table in book_tables.sorted_tables if table.name not in OUTSIDE}


def _covered(table: sa.Table) -> Covered:
    left_out = CHANGING.get(table.name, ())
    columns = tuple(column.name for column in table.columns if column.name not in left_out)
    return Covered(table.name, tuple(column.name for column in table.primary_key.columns), columns)


class Chain:
    """Seals what a transaction has changed. One for each open database."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock

    def watch(self, db: sa.Connection) -> None:
        """Let this connection note what it changes. Another program's changes are not noted: that is how they show."""
        if not db.info.get("watched"):
            dialect.note_changes(db, _watched())
            db.info["watched"] = True

    def seal(self, db: sa.Connection) -> None:
        """Seal what was changed since the transaction began; Failed(Fix) when the chain was sealed with another key."""
        touched = db.execute(sa.select(TOUCHED).distinct().order_by(TOUCHED.c.part, TOUCHED.c.row_key)).all()
        if touched:
            db.execute(sa.delete(TOUCHED))
            self._add(db, [(part, json.loads(key)) for part, key in touched])

    def is_begun(self, db: sa.Connection, schema: int) -> bool:
        """Whether the chain has begun with this schema, and goes on with a key that is here."""
        last = last_row(db)
        return last is not None and self._keys.named(follows(last)) is not None and _begun_with(db) == schema

    def begin(self, db: sa.Connection, schema: int) -> None:
        """Take all that is there under the chain, where it has not begun or is of another schema or key."""
        if self.is_begun(db, schema):
            return  # another process was first
        last = last_row(db)
        known = self._keys.named(follows(last)) is not None
        told = canonical({"schema": schema, "tables": {one.name: list(one.columns) for one in covered().values()}})
        self._put(db, last, BEGIN, told, follows(last) if known else self._keys.current()[0])
        self._add(db, [(JOURNAL, [0])])
        for one in covered().values():
            columns = ", ".join(f'"{column}"' for column in one.key)
            rows = db.exec_driver_sql(f"SELECT {columns} FROM {one.name}").all()  # noqa: S608 (names of our own)
            for some in slices(rows, BEGIN_ROWS):
                self._add(db, [(one.name, list(row)) for row in some])
        db.execute(sa.delete(TOUCHED))

    def rotate(self, db: sa.Connection, next_name: str) -> None:
        """The last row under a key: it says which key comes after it."""
        last = last_row(db)
        self._put(db, last, ROTATE, canonical({"next": next_name}), follows(last))

    def _add(self, db: sa.Connection, rows: Sequence[tuple[str, list[Any]]]) -> None:
        last = last_row(db)
        name = follows(last)
        key = self._key(name)
        told = [[part, *row_key, digest(key, part, row_key, said)] for part, row_key, said in _said(db, rows)]
        if told:
            self._put(db, last, ROWS, canonical(told), name)

    def _key(self, name: str) -> bytes:
        key = self._keys.named(name)
        if key is None:
            sentence = (
                "The books are sealed with another key than that in vault.key. Put the original vault.key back. "
                "If it is lost, start the program again: it seals what is there now with the new key, and "
                "tieout ledger verify says from where on."
            )
            raise Failed(Fix("chain.key", sentence, field="vault.key"))
        return key

    def _put(self, db: sa.Connection, last: sa.Row[Any] | None, kind: str, told: str, name: str) -> None:
        at = self._clock()
        seq, before = (last.seq + 1, last.mark) if last else (1, FIRST_MARK)
        marked = mark(self._key(name), before, seq, at, kind, name, told)
        db.execute(sa.insert(chain).values(seq=seq, at=at, kind=kind, key=name, covers=told, mark=marked))


def mark(key: bytes, before: str, seq: int, at: float, kind: str, name: str, told: str) -> str:
    """The mark of a row of the chain: over all it says and the mark before it."""
    moment = float(at)  # seconds
    said = canonical([before, seq, moment, kind, name, told])
    return hmac.digest(key, said.encode("utf-8", "surrogatepass"), "sha256").hex()


def digest(key: bytes, part: str, row_key: Sequence[Any], said: Sequence[Any] | None) -> str:
    """The keyed digest of a row as it is; of one that is gone, an empty text. Of an entry, its hash is said."""
    if said is None:
        return ""
    whole = canonical([part, list(row_key), [_plain(one) for one in said]])
    return hmac.digest(key, whole.encode("utf-8", "surrogatepass"), "sha256").hex()[:DIGEST_CHARACTERS]


def _plain(value: Any) -> Any:
    """A value as it is sealed, the same from every database."""
    if isinstance(value, bool):
        return int(value)
    return value.hex() if isinstance(value, bytes) else value


def last_row(db: sa.Connection) -> sa.Row[Any] | None:
    """The last row of the chain, or None."""
    return db.execute(sa.select(chain).order_by(chain.c.seq.desc()).limit(1)).one_or_none()


def follows(last: sa.Row[Any] | None) -> str:
    """The name of the key that the row after this one is sealed with."""
    if last is None:
        return ""
    return str(json.loads(last.covers)["next"]) if last.kind == ROTATE else str(last.key)


def head(db: sa.Connection) -> Head | None:
    """Where the chain stands, or None when none was begun."""
    last = last_row(db)
    count = db.execute(sa.select(sa.func.max(entries.c.seq))).scalar() or 0
    return Head(last.seq, last.at, last.mark, count) if last else None


def _begun_with(db: sa.Connection) -> int:
    """The schema with which the chain last began."""
    found = sa.select(chain.c.covers).where(chain.c.kind == BEGIN).order_by(chain.c.seq.desc()).limit(1)
    said = db.execute(found).scalar()
    return int(json.loads(said)["schema"]) if said else 0


def said_of(db: sa.Connection, part: str, row_key: Sequence[Any]) -> Sequence[Any] | None:
    """What is sealed of a row, as it is now; None when there is none."""
    if part == JOURNAL:
        row = db.execute(sa.select(entries.c.hash).where(entries.c.seq == row_key[0])).one_or_none()
        return tuple(row) if row else None
    row = db.execute(_select(part), {f"key_{place}": value for place, value in enumerate(row_key)}).one_or_none()
    return tuple(row) if row else None


def _said(
    db: sa.Connection, rows: Iterable[tuple[str, list[Any]]]
) -> Iterator[tuple[str, list[Any], Sequence[Any] | None]]:
    """Each row with what it says now; of the journal, only the last entry."""
    for part, row_key in rows:
        if part != JOURNAL:
            yield part, row_key, said_of(db, part, row_key)
    if any(part == JOURNAL for part, _ in rows):
        last = db.execute(
            sa.select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)
        ).one_or_none()
        if last:
            yield JOURNAL, [last.seq], (last.hash,)


@cache
def _select(part: str) -> sa.Select[Any]:
    table, one = book_tables.tables[part], covered()[part]
    same = (table.c[name] == sa.bindparam(f"key_{place}") for place, name in enumerate(one.key))
    return sa.select(*(table.c[name] for name in one.columns)).where(*same)


@cache
def _watched() -> tuple[dialect.Watched, ...]:
    every = (dialect.Watched(one.name, one.key, one.columns) for one in covered().values())
    return (dialect.Watched(JOURNAL, ("seq",), ()), *every)
