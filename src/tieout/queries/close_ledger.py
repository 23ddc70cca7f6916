"""Reads the ledger's part of a close: fees, corrections, late entries, foreign money, journals and accounts (C4, C5, C9)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tieout.domain.close.fees import FEE_ACCOUNTS, FeeLine, Moved, fee_lines
from tieout.domain.close.figures import Chain, Correction, Late, MovedJournal
from tieout.domain.close.revaluation import KIND, REVALUED, Foreign, revalue_source
from tieout.domain.ledger.account import INPUT_TAX
from tieout.domain.ledger.balances import Roll
from tieout.domain.ledger.period import Period
from tieout.domain.ledger.valuing import NoRate, Rates
from tieout.kernel.money import Money
from tieout.kernel.slices import slices
from tieout.queries.close_rows import charged
from tieout.store import journal, ledgers
from tieout.store.dialect import json_text
from tieout.store.ledger_tables import entries, entry_lines, journals, sums, unjournaled
from tieout.store.ledgers import LedgerRow
from tieout.store.postings import DUE, WRITTEN

CORRECTIONS_MAX = 5_000
BY_HAND = {"reversal": "reversal", "resolution": "resolved by a person"}
CLOSED = "its period was closed"


def fees(db: sa.Connection, connection: str, period: Period, before: Period) -> tuple[FeeLine, ...]:
    """The fees of a period beside those of the one before it."""
    return fee_lines(
        _fee_sums(db, connection, period), charged(db, connection, period),
        _fee_sums(db, connection, before), charged(db, connection, before),
    )  # fmt: skip


def _fee_sums(db: sa.Connection, connection: str, period: Period) -> Moved:
    moved = sa.func.sum(sums.c.debits + sums.c.credits)
    found = (
        sa.select(sums.c.account, sums.c.currency, moved)
        .where(sums.c.connection == connection, sums.c.account.in_([*FEE_ACCOUNTS, INPUT_TAX]))
        .where(sums.c.booked.between(period.begins, period.ends))
        .group_by(sums.c.account, sums.c.currency)
    )
    return {(row[0], row[1]): int(row[2]) for row in db.execute(found)}


def corrections(db: sa.Connection, connection: str, period: Period) -> tuple[tuple[Correction, ...], int]:
    """Entries that stand in a period and correct another: the first of them, and how many there are.

    Those that belong to another day, reversals, and what people resolved; a revaluation that is taken back is none.
    """
    by_hand = sa.and_(entries.c.kind.in_(BY_HAND), ~entries.c.source.startswith("revalue:"))
    late = (
        entries.c.connection == connection,
        sa.or_(entries.c.booked != entries.c.day, by_hand),
        entries.c.booked.between(period.begins, period.ends),
    )
    count = int(db.execute(sa.select(sa.func.count()).select_from(entries).where(*late)).scalar_one())
    first = sa.select(entries.c.seq).where(*late).order_by(entries.c.seq).limit(CORRECTIONS_MAX)
    turned = sa.func.sum(sa.case((entry_lines.c.amount > 0, entry_lines.c.amount), else_=0))
    amounts = sa.select(entry_lines.c.entry, turned).where(entry_lines.c.entry.in_(first)).group_by(entry_lines.c.entry)
    moved = {row[0]: int(row[1]) for row in db.execute(amounts)}
    seqs = list(db.execute(first).scalars())
    found = []
    for some in slices(seqs, journal.READ_ENTRIES):
        for kept in journal.numbered(db, some):
            one = kept.entry
            found.append(
                Correction(kept.seq, one.source, one.subject, one.memo, one.day, one.booked, one.currency, moved[kept.seq],
                           CLOSED if one.booked != one.day else BY_HAND[one.kind])
            )  # fmt: skip
    return tuple(found), count


def moved_journals(db: sa.Connection, ledger: LedgerRow, period: Period) -> tuple[MovedJournal, ...]:
    """The journals that left a period, or came into it, when P21 took them."""
    written = json_text(journals.c.document, "date")
    within = sa.or_(*(day.between(period.begins, period.ends) for day in (journals.c.booked, written)))
    found = sa.select(journals, written.label("written")).where(
        journals.c.connection == ledger.connection, journals.c.state == WRITTEN, written != journals.c.booked, within
    )
    home = ledger.policy.ledger_currency
    return tuple(
        MovedJournal(row.name, row.key, row.booked, row.written, _one_side(json.loads(row.document), home))
        for row in db.execute(found.order_by(journals.c.id))
    )


def _one_side(document: Mapping[str, Any], currency: str) -> int:
    amounts = (Decimal(line["amount"]) for line in document["lines"])
    return Money.of_decimal(sum((one for one in amounts if one > 0), Decimal(0)), currency).minor


def late_entries(db: sa.Connection, connection: str, period: Period) -> Late:
    """What was posted after the last close before this period, for days until its end."""
    closed = [one for one in ledgers.read_closes(db, connection) if one.approved_at and one.period < period.name]
    if not closed:
        return Late()
    last = max(closed, key=lambda one: one.period)
    found = sa.select(sa.func.count()).select_from(entries).where(entries.c.connection == connection)
    found = found.where(
        entries.c.at >= last.approved_at, entries.c.day < period.begins, entries.c.booked >= period.begins
    )
    return Late(last.period, last.approved_at, int(db.execute(found).scalar_one()))


def foreign(
    db: sa.Connection, connection: str, rolls: Iterable[Roll], rates: Rates, period: Period
) -> tuple[Foreign, ...]:
    """Foreign money on the last day of a period, at the rate of that day; what is nothing is worth nothing at any rate."""
    found = []
    for roll in sorted(rolls, key=lambda one: one.currency):
        if roll.account not in REVALUED or roll.currency == roll.ledger_currency:
            continue
        if not (roll.closing or roll.closing_value):
            continue
        times = _times_revalued(db, connection, revalue_source(period.name, roll.account, roll.currency))
        stands = Foreign(
            roll.account, roll.currency, roll.ledger_currency, roll.closing, roll.closing_value, 0, times=times
        )
        found.append(_worth(stands, rates, period.ends) if roll.closing else stands)
    return tuple(found)


def _worth(stands: Foreign, rates: Rates, day: str) -> Foreign:
    try:
        worth = rates.value(stands.amount, stands.currency, day)
        return replace(stands, worth=worth, rate=rates.rate(stands.currency, day))
    except NoRate as missing:
        return replace(stands, worth=None, why=str(missing))


def _times_revalued(db: sa.Connection, connection: str, source: str) -> int:
    found = sa.select(sa.func.count()).select_from(entries).where(entries.c.connection == connection)
    found = found.where(entries.c.kind == KIND, entries.c.source.startswith(source, autoescape=True))
    return int(db.execute(found).scalar_one())


def not_in_p21(db: sa.Connection, ledger: LedgerRow, period: Period) -> tuple[int, int]:
    """How many journals of a period are formed and not written, and how many entries no journal carries yet."""
    if not ledger.policy.p21:
        return 0, 0
    within = journals.c.booked.between(period.begins, period.ends)
    due = sa.select(sa.func.count()).select_from(journals)
    due = due.where(journals.c.connection == ledger.connection, journals.c.state == DUE, within)
    free = (
        sa.select(sa.func.count())
        .select_from(sa.join(unjournaled, entries, unjournaled.c.entry == entries.c.seq))
        .where(entries.c.connection == ledger.connection, entries.c.booked.between(period.begins, period.ends))
    )
    return int(db.execute(due).scalar_one()), int(db.execute(free).scalar_one())


def unmapped(ledger: LedgerRow, rolls: Iterable[Roll]) -> tuple[str, ...]:
    """The accounts with entries that have no number in P21; none where no P21 gets journals."""
    used = sorted({one.account for one in rolls if one.lines or one.closing or one.closing_value})
    if not ledger.policy.p21:
        return ()
    return tuple(used if ledger.accounts is None else ledger.accounts.missing(used))


def chain(db: sa.Connection) -> Chain:
    """The last entry of the whole journal, and whether every hash before it can be made again."""
    last = db.execute(sa.select(entries.c.seq, entries.c.hash).order_by(entries.c.seq.desc()).limit(1)).one_or_none()
    broken = journal.verify_chain(db)
    why = f"{broken.why}. Keep this file as it is, and report it." if broken else ""
    return Chain(last.seq, last.hash, why) if last else Chain(0, journal.FIRST_HASH, why)
