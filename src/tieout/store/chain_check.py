"""Reads the keyed chain from its first row and compares every row under it with what was last sealed (security S50; case D2).

Others may write meanwhile. What seems wrong is looked at again at the end, in one database transaction, with what the chain has
got since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tieout.kernel.canonical import canonical
from tieout.store import chain as sealing
from tieout.store import dialect
from tieout.store.chain import BEGIN, JOURNAL, ROTATE, Head, Keys, covered, digest, said_of
from tieout.store.ledger_tables import entries
from tieout.store.tables import chain

READ_ROWS = 500
LATEST = dialect.temporary("latest", key=("part", "row_key"), others=("digest", "key"))
WRONG_MAX = 20  # more of them say nothing new
FORGED = "row {seq} of the chain is not what was sealed, or one before it is gone"


@dataclass(slots=True)
class Sealed:
    """What the chain proves and what it does not. ``wrong`` and ``unproven`` are sentences without a full stop."""

    rows: int = 0
    begun: list[tuple[int, float]] = field(default_factory=list)
    compared: int = 0
    head: Head | None = None
    wrong: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)


def check_chain(db: sa.Connection, keys: Keys, heads: Sequence[Head] = ()) -> Sealed:
    """Check the chain, what it covers, and that it still has every one of ``heads``, which were kept elsewhere."""
    found = Sealed()
    LATEST.create(db)
    try:
        _check(db, keys, heads, found)
    finally:
        LATEST.drop(db)
    return found


def _check(db: sa.Connection, keys: Keys, heads: Sequence[Head], found: Sealed) -> None:
    reading = _Reading(db, keys, found)
    reading.read()
    if not found.wrong:
        suspects = [*_differing(db, keys, found), *_put_in(db)]
        dialect.begin_reading(db)
        try:
            reading.read()
            found.wrong += _confirmed(db, keys, suspects)
            found.wrong += _journal_end(db)
            found.head = sealing.head(db)
        finally:
            db.exec_driver_sql("COMMIT")
    found.wrong += [why for one in heads if (why := _missing(db, one))]
    del found.wrong[WRONG_MAX:]


@dataclass(slots=True)
class _Reading:
    """Reads on from where it stands; ``latest`` has what was last sealed of each row."""

    db: sa.Connection
    keys: Keys
    found: Sealed
    seq: int = 0
    mark: str = sealing.FIRST_MARK
    last: Any = None

    def read(self) -> None:
        while not self.found.wrong:
            page = self.db.execute(
                sa.select(chain).where(chain.c.seq > self.seq).order_by(chain.c.seq).limit(READ_ROWS)
            )
            rows = page.all()
            if not rows:
                return
            for row in rows:
                self._row(row)

    def _row(self, row: Any) -> None:
        if row.seq != self.seq + 1:
            self.found.wrong.append(f"row {self.seq + 1} of the chain is gone")
        elif key := self._key(row):
            said = (row.seq, row.at, row.kind, row.key, row.covers)
            if sealing.mark(key, self.mark, *said) != row.mark:
                self.found.wrong.append(FORGED.format(seq=row.seq))
        if not self.found.wrong:
            self._take(row)
        self.seq, self.mark, self.last = row.seq, row.mark, row

    def _key(self, row: Any) -> bytes | None:
        """The key of a row; None when it is not here, which is told once for each such stretch."""
        key = self.keys.named(row.key)
        if row.key != sealing.follows(self.last) and row.kind != BEGIN:
            self.found.wrong.append(FORGED.format(seq=row.seq))
        if key is None and (self.last is None or self.last.key != row.key):
            self.found.unproven.append(f"from row {row.seq} on, the chain is sealed with a key that is not here")
        if row.kind == BEGIN and self.last is not None and row.key != sealing.follows(self.last):
            self.found.unproven.append(f"at row {row.seq} the chain was begun anew with another key")
        return key

    def _take(self, row: Any) -> None:
        self.found.rows += 1
        if row.kind == BEGIN:
            self.found.begun.append((row.seq, row.at))
            self.db.execute(sa.delete(LATEST))
        elif row.kind != ROTATE:
            told = [(part, canonical(key), sealed) for part, *key, sealed in json.loads(row.covers)]
            names = ("part", "row_key", "digest", "key")
            dialect.put(self.db, LATEST, [dict(zip(names, (*one, row.key), strict=True)) for one in told])
            for part, key, sealed in told:
                if part == JOURNAL and not _is_as_sealed(self.db, self.keys, part, key, sealed, row.key):
                    self.found.wrong.append(f"entry {json.loads(key)[0]} is not what was sealed, or is gone")
                    return


def _is_as_sealed(db: sa.Connection, keys: Keys, part: str, key: str, sealed: str, name: str) -> bool:
    secret = keys.named(name)
    row_key = json.loads(key)
    return secret is None or digest(secret, part, row_key, said_of(db, part, row_key)) == sealed


def _differing(db: sa.Connection, keys: Keys, found: Sealed) -> Iterator[tuple[str, str]]:
    """Rows that are not what was last sealed of them, or are gone."""
    for part in covered():
        rows = db.execute(sa.select(LATEST).where(LATEST.c.part == part)).all()
        found.compared += sum(bool(row.digest) for row in rows)
        for row in rows:
            if not _is_as_sealed(db, keys, part, row.row_key, row.digest, row.key):
                yield part, row.row_key


def _put_in(db: sa.Connection) -> Iterator[tuple[str, str]]:
    """Rows of which nothing was ever sealed."""
    for part, one in covered().items():
        columns = ", ".join(f'"{name}"' for name in one.key)
        for row in db.exec_driver_sql(f"SELECT {columns} FROM {part}").all():  # noqa: S608 (names of our own)
            latest = _sealed(db, part, key := canonical(list(row)))
            if latest is None or not latest.digest:
                yield part, key


def _confirmed(db: sa.Connection, keys: Keys, suspects: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Those that still are not what was sealed, now that nobody writes."""
    for part, key in suspects:
        row_key, latest = json.loads(key), _sealed(db, part, key)
        said, name = said_of(db, part, row_key), " ".join(map(str, row_key))
        if latest is None or not latest.digest:
            if said is not None:
                yield f"{part} {name} was put in by another program"
        elif not _is_as_sealed(db, keys, part, key, latest.digest, latest.key):
            what = "was changed by another program" if said is not None else "was taken away by another program"
            yield f"{part} {name} {what}"


def _journal_end(db: sa.Connection) -> Iterator[str]:
    """The last entry is the last that was sealed."""
    keys = db.execute(sa.select(LATEST.c.row_key).where(LATEST.c.part == JOURNAL)).scalars()
    sealed = max((int(json.loads(key)[0]) for key in keys), default=0)
    last = db.execute(sa.select(sa.func.max(entries.c.seq))).scalar() or 0
    if last > sealed:
        yield f"entry {sealed + 1} was put in by another program"


def _sealed(db: sa.Connection, part: str, key: str) -> Any:
    return db.execute(sa.select(LATEST).where(LATEST.c.part == part, LATEST.c.row_key == key)).one_or_none()


def _missing(db: sa.Connection, kept: Head) -> str:
    row = db.execute(sa.select(chain.c.mark).where(chain.c.seq == kept.seq)).one_or_none()
    if row is None:
        return f"row {kept.seq} of the chain, which a head kept elsewhere names, is gone: its end was cut off"
    return "" if row.mark == kept.mark else f"row {kept.seq} of the chain is not that which a head kept elsewhere names"
