"""Reads payouts: the list with verdicts, and one with every line followed to P21 and the bank (accounting C3; M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.reconciliation.statement import LEFT, Payout
from tieout.domain.reconciliation.verdict import BROKEN, NOT_BOOKED, TIED_OUT, WAITING, Received, verdict
from tieout.queries.chains import Chain, Deposit, chains_of_ids, deposits_of
from tieout.store import payouts
from tieout.store.database import Database
from tieout.store.exceptions import PERIOD, ExceptionRow
from tieout.store.ledger_tables import balance_changes, payout_lines
from tieout.store.ledger_tables import exceptions as exception_table
from tieout.store.ledger_tables import payouts as payout_table
from tieout.store.payouts import DepositRow, PayoutRow

UNTOLD = "some of its rows or P21 documents are not there yet"


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One payout: what the last look said, why it waits, what the bank has received (None: nothing shows it yet), open breaks."""

    connection: str
    payout: Payout
    verdict: str
    why: str
    lines: int
    gross: int
    fees: int
    received: int | None
    breaks: int
    checked_at: float


@dataclass(frozen=True, slots=True)
class PayoutDetail:
    """A payout with its own rows, its lines (the first of them, oldest first), the bank and every break it has open."""

    line: PayoutLine
    own: tuple[Chain, ...]
    lines: tuple[Chain, ...]
    deposits: tuple[Deposit, ...]
    breaks: tuple[ExceptionRow, ...]


def payout_list(
    books: Database, connection: str = "", *, status: str = "", broken: bool = False, since: int = 0, until: int = 2**62
) -> tuple[PayoutLine, ...]:
    """Payouts created from ``since`` until before ``until`` (epoch seconds), newest first."""
    with books.reading() as db:
        rows = list(payouts.every(db, connection, since=since, until=until))
        matched, open_, unbooked = _matched(db, connection), _open_breaks(db), _not_booked(db)
    lines = [
        _line(row, matched.get(_name(row), []), open_.get(_name(row), 0), _name(row) in unbooked)
        for row in reversed(rows)
    ]
    wanted = [one for one in lines if status in ("", one.payout.status, one.verdict)]
    return tuple(one for one in wanted if not broken or one.verdict == BROKEN or one.breaks)


def unseen_payouts(books: Database, connection: str) -> tuple[str, ...]:
    """Payouts that have a row in the balance and were never read, oldest first."""
    table = balance_changes.c
    seen = sa.select(payout_table.c.id).where(payout_table.c.connection == connection)
    found = (
        sa.select(table.source)
        .where(
            table.connection == connection,
            table.type == LEFT,
            table.source.startswith("po_", autoescape=True),
        )
        .where(table.source.not_in(seen))
        .group_by(table.source)
        .order_by(sa.func.min(table.created), table.source)
    )
    with books.reading() as db:
        return tuple(db.execute(found).scalars())


def payout_detail(books: Database, payout_id: str, lines_max: int) -> PayoutDetail | None:
    """One payout as it stands in the books, or None when it is not there."""
    with books.reading() as db:
        row = payouts.get(db, payout_id)
        if row is None:
            return None
        own_ids = [one for one in (row.payout.own_row, row.payout.return_row) if one]
        inside, breaks = _inside(db, row, own_ids, lines_max), _breaks(db, row)
        found = deposits_of(db, row.connection, payout_id)
        return PayoutDetail(
            _line(row, [one.match for one in found], len(breaks), _name(row) in _not_booked(db)),
            tuple(chains_of_ids(db, row.connection, own_ids)),
            tuple(chains_of_ids(db, row.connection, inside)),
            found,
            breaks,
        )


def _line(row: PayoutRow, matched: Sequence[DepositRow], breaks: int, unbooked: bool) -> PayoutLine:
    has = payouts.received(matched)
    return PayoutLine(
        row.connection, row.payout, row.verdict, _why(row, has, unbooked), row.lines, row.gross, row.fees,
        has.amount if has else None, breaks, row.checked_at,
    )  # fmt: skip


def _why(row: PayoutRow, received: Received | None, unbooked: bool) -> str:
    """What it waits for, or why it ties out without a bank line; the bank may have told more since the last look."""
    again = verdict(row.payout, (), received)
    if row.verdict == WAITING and unbooked:
        return NOT_BOOKED
    if row.verdict == WAITING:
        return again.why or ("the bank shows it; look at it again" if again.state == TIED_OUT else UNTOLD)
    return again.why if row.verdict == again.state == TIED_OUT else ""


def _name(row: PayoutRow) -> tuple[str, str]:
    return row.connection, row.payout.id


def _matched(db: sa.Connection, connection: str) -> dict[tuple[str, str], list[DepositRow]]:
    """The lines of the bank that each payout is matched with."""
    found: dict[tuple[str, str], list[DepositRow]] = {}
    for one in payouts.deposits_of(db, connection):
        found.setdefault((one.connection, one.payout), []).append(one)
    return found


def _not_booked(db: sa.Connection) -> set[tuple[str, str]]:
    """The payouts that the bank shows on a day whose period is closed."""
    table = exception_table.c
    found = sa.select(table.connection, table.payout).where(table.code.startswith(PERIOD), table.payout != "")
    return {(row[0], row[1]) for row in db.execute(found.where(table.closed_at.is_(None)))}


def _open_breaks(db: sa.Connection) -> dict[tuple[str, str], int]:
    """How many exceptions are open about each payout and its rows."""
    table, found = exception_table.c, dict[tuple[str, str], int]()
    own = sa.select(table.connection, table.payout, sa.func.count()).where(table.payout != "")
    inside = (
        sa.select(table.connection, payout_lines.c.payout, sa.func.count()).join(*_OF_ROW).where(table.payout == "")
    )
    for wanted, payout in ((own, table.payout), (inside, payout_lines.c.payout)):
        for row in db.execute(wanted.where(table.closed_at.is_(None)).group_by(table.connection, payout)):
            found[row[0], row[1]] = found.get((row[0], row[1]), 0) + int(row[2])
    return found


_OF_ROW = (
    payout_lines,
    sa.and_(
        payout_lines.c.connection == exception_table.c.connection, payout_lines.c.change == exception_table.c.about
    ),
)


def _inside(db: sa.Connection, row: PayoutRow, own_ids: Sequence[str], lines_max: int) -> list[str]:
    """The first rows in a payout, by when they were made; without its own."""
    found = (
        sa.select(balance_changes.c.id)
        .join(
            payout_lines,
            sa.and_(
                payout_lines.c.connection == balance_changes.c.connection,
                payout_lines.c.change == balance_changes.c.id,
            ),
        )
        .where(payout_lines.c.connection == row.connection, payout_lines.c.payout == row.payout.id)
        .where(balance_changes.c.id.not_in(own_ids))
        .order_by(balance_changes.c.created, balance_changes.c.id)
        .limit(lines_max)
    )
    return list(db.execute(found).scalars())


def _breaks(db: sa.Connection, row: PayoutRow) -> tuple[ExceptionRow, ...]:
    """What is open about the payout, and about the rows in it."""
    table = exception_table.c
    mine = sa.select(table.id).where(sa.or_(table.payout == row.payout.id, table.about == row.payout.id))
    of_rows = sa.select(table.id).join(*_OF_ROW).where(payout_lines.c.payout == row.payout.id, table.payout == "")
    open_ = sa.select(exception_table).where(
        table.id.in_(mine.union(of_rows)), table.closed_at.is_(None), table.connection == row.connection
    )
    return tuple(ExceptionRow(**one._mapping) for one in db.execute(open_.order_by(table.opened_at, table.id)))
