"""The journal: entries that are only ever added, chained by hash, once per source, with sums kept beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from tieout.domain.ledger.balances import DaySum
from tieout.domain.ledger.entry import Entry, Leg, Line
from tieout.domain.ledger.journal import carried
from tieout.kernel.canonical import canonical
from tieout.kernel.slices import slices
from tieout.store import dialect
from tieout.store.ledger_tables import entries, entry_lines, sums, unjournaled

Kind = TypeVar("Kind", Leg, Entry)
FIRST_HASH = "0" * 64
READ_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it stands in the journal: its number, who made it and when, and the hash that chains it."""

    seq: int
    entry: Entry
    actor: str
    at: float
    hash: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A source that was posted before as something else."""

    kept: KeptEntry
    wanted: Entry


@dataclass(frozen=True, slots=True)
class Misfit:
    """Where the journal is not what was posted: the number of the first such entry (0 when only a sum is wrong), and why."""

    seq: int
    why: str


def add(db: sa.Connection, connection: str, wanted: Sequence[Entry], actor: str, at: float) -> list[Conflict]:
    """Post entries, each once per source; answers those that differ from what was posted for their source."""
    known = {kept.entry.source: kept for kept in by_source(db, connection, [entry.source for entry in wanted])}
    fresh = {entry.source: entry for entry in wanted if entry.source not in known}
    if fresh:
        _add(db, connection, list(fresh.values()), actor, at)
    said_before = {**fresh, **{source: kept.entry for source, kept in known.items()}}
    return [
        Conflict(known[entry.source], entry)
        for entry in wanted
        if entry.source in known and not same_posting(said_before[entry.source], entry)
    ]


def same_posting(one: Entry, other: Entry) -> bool:
    """Whether two entries move the same money on the same accounts; when they stand in the books may differ (C4)."""
    return (one.currency, one.ledger_currency, one.legs) == (other.currency, other.ledger_currency, other.legs)


def _add(db: sa.Connection, connection: str, fresh: Sequence[Entry], actor: str, at: float) -> None:
    last = db.execute(sa.select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)).one_or_none()
    seq, chained = (last.seq, last.hash) if last else (0, FIRST_HASH)
    rows, lines, waiting = [], [], []
    for entry in fresh:
        seq += 1
        chained = chain(chained, connection, entry, actor, at)
        rows.append(_row(seq, connection, entry, actor, at, chained))
        lines += _lines(seq, entry)
        if carried(entry):
            waiting.append({"entry": seq})
    db.execute(sa.insert(entries), rows)
    db.execute(sa.insert(entry_lines), lines)
    dialect.add_up(db, sums, _sums(connection, fresh))
    if waiting:
        db.execute(sa.insert(unjournaled), waiting)


def chain(previous: str, connection: str, entry: Entry, actor: str, at: float) -> str:
    """The hash of an entry, over everything it says, who posted it when, and the hash before it."""
    moment = float(at)  # seconds
    said = [
        connection, entry.source, entry.kind, entry.subject, entry.day, entry.booked, entry.currency,
        entry.ledger_currency, entry.memo, [list(label) for label in entry.labels], actor, moment,
        [[leg.name, leg.carrier, [[line.account, line.amount, line.value] for line in leg.lines]] for leg in entry.legs],
    ]  # fmt: skip
    return hashlib.sha256((previous + json.dumps(said, ensure_ascii=False, separators=(",", ":"))).encode()).hexdigest()


def by_source(db: sa.Connection, connection: str, sources: Sequence[str]) -> list[KeptEntry]:
    """The entries posted for these sources, whole."""
    whole = []
    for some in slices(sources, READ_ENTRIES):
        found = sa.select(entries).where(entries.c.connection == connection, entries.c.source.in_(some))
        whole += _whole(db, db.execute(found.order_by(entries.c.seq)).all())
    return whole


def sources(db: sa.Connection, connection: str, wanted: Sequence[str]) -> set[str]:
    """Which of these sources are posted."""
    posted: set[str] = set()
    for some in slices(wanted, READ_ENTRIES):
        found = sa.select(entries.c.source).where(entries.c.connection == connection, entries.c.source.in_(some))
        posted.update(db.execute(found).scalars())
    return posted


def about(db: sa.Connection, subject: str) -> list[KeptEntry]:
    """The entries about one Stripe object, or made for it, whole and oldest first."""
    found = sa.select(entries).where(sa.or_(entries.c.subject == subject, entries.c.source == subject))
    return _whole(db, db.execute(found.order_by(entries.c.seq)).all())


def numbered(db: sa.Connection, seqs: Sequence[int]) -> list[KeptEntry]:
    """The entries with these numbers, whole and in order."""
    found = sa.select(entries).where(entries.c.seq.in_(seqs)).order_by(entries.c.seq)
    return _whole(db, db.execute(found).all())


def walk(db: sa.Connection, connection: str = "", after: int = 0) -> Iterator[KeptEntry]:
    """Every entry in order, a few hundred in memory at a time; of one connection, or of all."""
    while True:
        found = sa.select(entries).where(entries.c.seq > after).order_by(entries.c.seq).limit(READ_ENTRIES)
        if connection:
            found = found.where(entries.c.connection == connection)
        page = db.execute(found).all()
        if not page:
            return
        yield from _whole(db, page)
        after = page[-1].seq


def verify_chain(db: sa.Connection) -> Misfit | None:
    """Recompute every hash, and every sum from the lines; the first that does not fit, or None. Memory stays flat."""
    chained, after = FIRST_HASH, 0
    while True:
        found = sa.select(entries).where(entries.c.seq > after).order_by(entries.c.seq).limit(READ_ENTRIES)
        page = db.execute(found).all()
        if not page:
            return _wrong_sum(db)
        for row, kept in zip(page, _whole(db, page), strict=True):
            chained = chain(chained, row.connection, kept.entry, kept.actor, kept.at)
            if row.seq != after + 1:
                return Misfit(after + 1, f"entry {after + 1} is gone")
            if chained != row.hash:
                return Misfit(
                    row.seq, f"entry {row.seq} ({row.source}) is not what was posted, or one before it is gone"
                )
            after = row.seq


def _wrong_sum(db: sa.Connection) -> Misfit | None:
    amount, value = entry_lines.c.amount, entry_lines.c.value
    place = (
        entries.c.connection,
        entry_lines.c.account,
        entries.c.currency,
        entries.c.ledger_currency,
        entries.c.booked,
    )
    moved = [
        sa.func.sum(sa.case((side, column), else_=0))
        for column in (amount, value)
        for side in (column >= 0, column < 0)
    ]
    # From the lines, so that those of an entry that is gone are counted too.
    from_lines = entry_lines.outerjoin(entries, entries.c.seq == entry_lines.c.entry)
    added = sa.select(*place, *moved, sa.func.count()).select_from(from_lines).group_by(*place)
    names = (*(column.name for column in place), "debits", "credits", "debit_value", "credit_value", "lines")
    kept = sa.select(*(sums.c[name] for name in names))
    for one, other in ((added, kept), (kept, added)):
        wrong = db.execute(sa.except_(one, other).limit(1)).first()
        if wrong:
            return Misfit(0, f"the sum of {wrong[1]} in {wrong[2]} on {wrong[4]} is not that of its lines")
    return None


def connection_of(db: sa.Connection, seq: int) -> str:
    """The connection whose ledger an entry stands in."""
    return str(db.execute(sa.select(entries.c.connection).where(entries.c.seq == seq)).scalar_one())


def day_sums(db: sa.Connection, connection: str, *, account: str = "", ends: str = "") -> Iterator[DaySum]:
    """What each day moved, debits and credits apart, until ``ends`` (YYYY-MM-DD, included)."""
    found = sa.select(sums).where(sums.c.connection == connection)
    found = found.where(sums.c.account == account) if account else found
    found = found.where(sums.c.booked <= ends) if ends else found
    for row in db.execute(found):
        shared = (row.account, row.currency, row.ledger_currency, row.booked)
        yield DaySum(*shared, row.debits, row.debit_value, row.lines)
        yield DaySum(*shared, row.credits, row.credit_value, 0)


def balance(db: sa.Connection, connection: str, account: str) -> dict[str, tuple[int, int]]:
    """What an account stands at now: by currency, minor units and their value in the ledger's currency."""
    total = [sa.func.sum(sums.c.debits + sums.c.credits), sa.func.sum(sums.c.debit_value + sums.c.credit_value)]
    found = sa.select(sums.c.currency, *total).where(sums.c.connection == connection, sums.c.account == account)
    return {row[0]: (int(row[1]), int(row[2])) for row in db.execute(found.group_by(sums.c.currency))}


def postings(
    db: sa.Connection,
    connection: str,
    account: str,
    currency: str = "",
    *,
    begins: str = "",
    ends: str = "",
    limit: int,
) -> list[tuple[KeptEntry, int, int]]:
    """The newest entries that move an account, each with the amount and value it moves there."""
    moved = sa.func.sum(entry_lines.c.amount), sa.func.sum(entry_lines.c.value)
    found = (
        sa.select(entries.c.seq, *moved)
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entry_lines.c.account == account)
    )
    found = found.where(entries.c.currency == currency) if currency else found
    found = found.where(entries.c.booked >= begins) if begins else found
    found = found.where(entries.c.booked <= ends) if ends else found
    rows = db.execute(found.group_by(entries.c.seq).order_by(entries.c.seq.desc()).limit(limit)).all()
    whole = {kept.seq: kept for kept in numbered(db, [row[0] for row in rows])}
    return [(whole[row[0]], int(row[1]), int(row[2])) for row in rows]


def corrections(db: sa.Connection, connection: str, begins: str, ends: str) -> list[KeptEntry]:
    """The entries that stand in a period other than their own, because that one was closed (C4)."""
    found = sa.select(entries).where(
        entries.c.connection == connection, entries.c.booked != entries.c.day, entries.c.booked.between(begins, ends)
    )
    return _whole(db, db.execute(found.order_by(entries.c.seq)).all())


def _row(seq: int, connection: str, entry: Entry, actor: str, at: float, chained: str) -> dict[str, object]:
    labels = [list(label) for label in entry.labels]
    return {
        "seq": seq, "connection": connection, "source": entry.source, "kind": entry.kind, "subject": entry.subject,
        "day": entry.day, "booked": entry.booked, "currency": entry.currency, "ledger_currency": entry.ledger_currency,
        "document": canonical({"memo": entry.memo, "labels": labels}), "actor": actor, "at": at, "hash": chained,
    }  # fmt: skip


def _lines(seq: int, entry: Entry) -> list[dict[str, object]]:
    flat = [(leg, line) for leg in entry.legs for line in leg.lines]
    return [
        {"entry": seq, "place": place, "leg": leg.name, "carrier": leg.carrier, "account": line.account,
         "amount": line.amount, "value": line.value}
        for place, (leg, line) in enumerate(flat)
    ]  # fmt: skip


def _sums(connection: str, fresh: Iterable[Entry]) -> list[dict[str, object]]:
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for entry in fresh:
        for line in entry.lines():
            total = found.setdefault((line.account, entry.currency, entry.ledger_currency, entry.booked), [0] * 5)
            total[0 if line.amount >= 0 else 1] += line.amount
            total[2 if line.value >= 0 else 3] += line.value
            total[4] += 1
    names = ("debits", "credits", "debit_value", "credit_value", "lines")
    return [
        {"connection": connection, "account": account, "currency": currency, "ledger_currency": ledger, "booked": day,
         **dict(zip(names, total, strict=True))}
        for (account, currency, ledger, day), total in found.items()
    ]  # fmt: skip


def _whole(db: sa.Connection, rows: Sequence[sa.Row[tuple[object, ...]]]) -> list[KeptEntry]:
    wanted = [row.seq for row in rows]
    read = sa.select(
        entry_lines.c.entry, entry_lines.c.leg, entry_lines.c.carrier, entry_lines.c.account, entry_lines.c.amount,
        entry_lines.c.value,
    ).where(entry_lines.c.entry.in_(wanted))  # fmt: skip
    legs: dict[int, dict[tuple[str, str], list[Line]]] = {seq: {} for seq in wanted}
    for seq, leg, carrier, account, amount, value in db.execute(
        read.order_by(entry_lines.c.entry, entry_lines.c.place)
    ):
        legs[seq].setdefault((leg, carrier), []).append(Line(account, amount, value))
    return [_kept(row, legs[row.seq]) for row in rows]


def _kept(row: sa.Row[tuple[object, ...]], legs: Mapping[tuple[str, str], Sequence[Line]]) -> KeptEntry:
    document = json.loads(row.document)
    whole = tuple(
        _as_it_stands(Leg, name=name, lines=tuple(lines), carrier=carrier) for (name, carrier), lines in legs.items()
    )
    entry = _as_it_stands(
        Entry, source=row.source, kind=row.kind, day=row.day, booked=row.booked, currency=row.currency,
        ledger_currency=row.ledger_currency, legs=whole, subject=row.subject, memo=document["memo"],
        labels=tuple((name, value) for name, value in document["labels"]),
    )  # fmt: skip
    return KeptEntry(row.seq, entry, row.actor, row.at, row.hash)


def _as_it_stands(kind: type[Kind], /, **fields: object) -> Kind:
    """Without the checks of making one: what somebody edited behind our back must be readable, or no audit could name it."""
    made = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made
