"""Reads what is open about a period, or was resolved: exceptions with their day and age, payouts with their verdict (C9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from tieout.domain.close.ages import open_age
from tieout.domain.close.figures import DisputeLine, OpenLine, PayoutLine, RefundOwed
from tieout.domain.close.kinds import kind_of
from tieout.domain.ledger.account import REFUNDS_PAYABLE
from tieout.domain.ledger.disputes import WON
from tieout.domain.ledger.period import Period, day_of
from tieout.queries.disputes import owed_on_disputes
from tieout.queries.fact_days import happened, since
from tieout.queries.payouts import payout_list
from tieout.store import exceptions
from tieout.store.database import Database
from tieout.store.exceptions import ExceptionRow
from tieout.store.ledger_tables import balance_changes, entries, entry_lines
from tieout.store.ledgers import LedgerRow

OURSELVES = "tieout"


def moments(period: Period, ledger: LedgerRow) -> tuple[int, int]:
    """When a period begins, and when its last day is over, in epoch seconds."""
    zone = ledger.policy.zone()
    days = date.fromisoformat(period.begins), date.fromisoformat(period.ends) + timedelta(days=1)
    begins, ends = (int(datetime.combine(day, time.min, zone).timestamp()) for day in days)
    return begins, ends


def payout_lines(
    books: Database, ledger: LedgerRow, period: Period, open_: Sequence[OpenLine]
) -> tuple[PayoutLine, ...]:
    """The payouts made in a period, oldest first."""
    begins, ends = moments(period, ledger)
    named: dict[str, str] = {}
    for one in open_:
        named.setdefault(one.payout or one.about, one.sentence)
    zone = ledger.policy.zone()
    return tuple(
        PayoutLine(
            one.payout, day_of(one.payout.created, zone), one.verdict, one.lines, one.gross, one.fees,
            one.received is not None, one.why or named.get(one.payout.id, ""),
        )
        for one in reversed(payout_list(books, ledger.connection, since=begins, until=ends))
    )  # fmt: skip


def open_lines(db: sa.Connection, ledger: LedgerRow, at: float) -> tuple[OpenLine, ...]:
    """Everything that is open in a ledger, oldest first."""
    return _lines(db, ledger, exceptions.opened(db, ledger.connection), at)


def resolved_lines(db: sa.Connection, ledger: LedgerRow, period: Period, at: float) -> tuple[OpenLine, ...]:
    """What people resolved of a period: about its rows and payouts, or opened in it."""
    found = [
        one for one in exceptions.closed_between(db, ledger.connection, 0.0, at) if one.actor not in (OURSELVES, "")
    ]
    return tuple(one for one in _lines(db, ledger, found, at) if period.begins <= one.day <= period.ends)


def _lines(db: sa.Connection, ledger: LedgerRow, found: Sequence[ExceptionRow], at: float) -> tuple[OpenLine, ...]:
    zone = ledger.policy.zone()
    moments = happened(db, [name for one in found for name in (one.about, one.payout)])
    days = {name: day for name, (_, day) in moments.items()}
    return tuple(
        OpenLine(
            one.id, kind_of(one.code, one.theirs), one.code, one.about, one.payout, one.amount, one.currency,
            one.sentence, days.get(one.about) or days.get(one.payout) or _no_day(one, zone_day=day_of(int(one.opened_at), zone)),
            one.opened_at, open_age(since(one, moments), at), one.resolution, one.reason, one.actor,
        )
        for one in found
    )  # fmt: skip


def _no_day(one: ExceptionRow, zone_day: str) -> str:
    """What is open about no row belongs to every close until it is resolved, then to the day it was found."""
    return "" if one.closed_at is None else zone_day


def dispute_lines(db: sa.Connection, connection: str, stages: Sequence[tuple[str, str]]) -> tuple[DisputeLine, ...]:
    """The disputes on which money stands; ``stages`` are their statuses at Stripe. What was won needs no reserve."""
    known, found = dict(stages), []
    days = _first_days(db, connection)
    for dispute, (owed, _) in owed_on_disputes(db, connection).items():
        for currency, amount in owed.items():
            stage = known.get(dispute, "")
            reserve = 0 if stage in WON else max(0, amount)
            found += (
                [DisputeLine(dispute, currency, amount, stage or "not read", reserve, days.get(dispute, ""))]
                if amount
                else []
            )
    return tuple(found)


def _first_days(db: sa.Connection, connection: str) -> dict[str, str]:
    """The day of the first row of every dispute."""
    table = balance_changes.c
    found = sa.select(table.dispute, sa.func.min(table.day)).where(table.connection == connection, table.dispute != "")
    return {row[0]: row[1] for row in db.execute(found.group_by(table.dispute))}


def refunds_owed(db: sa.Connection, connection: str, ends: str) -> tuple[RefundOwed, ...]:
    """What is owed to customers on a day (YYYY-MM-DD) and now, by what it is about, since refunds failed (C2 #13).

    What stands in debit is told too: nothing is owed there (case P6).
    """
    owed = -sa.func.sum(sa.case((entries.c.booked <= ends, entry_lines.c.amount), else_=0))
    now = -sa.func.sum(entry_lines.c.amount)
    found = (
        sa.select(entries.c.subject, entries.c.currency, owed, sa.func.min(entries.c.day), now)
        .join(entry_lines, entry_lines.c.entry == entries.c.seq)
        .where(entries.c.connection == connection, entry_lines.c.account == REFUNDS_PAYABLE)
        .group_by(entries.c.subject, entries.c.currency)
        .having(owed != 0)
        .order_by(sa.func.min(entries.c.day), entries.c.subject)
    )
    return tuple(RefundOwed(row[0], row[1], int(row[2]), row[3], int(row[4])) for row in db.execute(found))
