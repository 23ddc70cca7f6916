"""Lines of bank statements, each kept once, and which of them are matched."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from tieout.domain.reconciliation.deposit import BankLine
from tieout.store import dialect
from tieout.store.ledger_tables import bank_lines, bank_shapes, deposits


def add(db: sa.Connection, lines: Sequence[BankLine], statement: str, at: float) -> int:
    """Keep lines; those that are there already stay. Answers how many are new. ``statement`` is the digest of the file."""
    if not lines:
        return 0
    before = db.execute(sa.select(sa.func.count()).select_from(bank_lines)).scalar_one()
    rows = [
        {"id": one.id, "account": one.account, "day": one.day, "amount": one.amount, "currency": one.currency,
         "trace": one.trace, "descriptor": one.descriptor, "statement": statement, "imported_at": at}
        for one in lines
    ]  # fmt: skip
    dialect.add_new(db, bank_lines, rows)
    return db.execute(sa.select(sa.func.count()).select_from(bank_lines)).scalar_one() - before


def accounts(db: sa.Connection) -> set[str]:
    """The bank accounts of which there are lines."""
    return set(db.execute(sa.select(bank_lines.c.account).distinct()).scalars())


def keep_shape(db: sa.Connection, account: str, shape: str, columns: str, by: str, at: float) -> None:
    """Keep what the columns of an account's files are (JSON), for files of that shape; the last word counts."""
    row = {"account": account, "shape": shape, "columns": columns, "confirmed_by": by, "confirmed_at": at}
    dialect.put(db, bank_shapes, [row])


def shape_columns(db: sa.Connection, account: str, shape: str) -> str:
    """What was confirmed of the account's files of that shape (JSON); empty when nothing was."""
    found = sa.select(bank_shapes.c.columns).where(bank_shapes.c.account == account, bank_shapes.c.shape == shape)
    return db.execute(found).scalar_one_or_none() or ""


def unmatched(db: sa.Connection) -> list[BankLine]:
    """The lines that no payout is matched with, oldest first; without those that only a person matches."""
    free = sa.select(bank_lines).where(bank_lines.c.id.not_in(sa.select(deposits.c.line)), bank_lines.c.taken_back == 0)
    return [_line(row) for row in db.execute(free.order_by(bank_lines.c.day, bank_lines.c.id))]


def take_back(db: sa.Connection, line: str) -> None:
    """What the line was taken for was wrong: from now on only a person matches it."""
    change = sa.update(bank_lines).where(bank_lines.c.id == line)
    db.execute(change.values(taken_back=bank_lines.c.taken_back + 1))


def times_taken_back(db: sa.Connection, line: str) -> int:
    """How often a match of this line was taken back."""
    return int(db.execute(sa.select(bank_lines.c.taken_back).where(bank_lines.c.id == line)).scalar_one())


def taken(db: sa.Connection, ids: Sequence[str]) -> bool:
    """Whether a payout, of whichever connection, is matched with one of these lines."""
    return db.execute(sa.select(deposits.c.line).where(deposits.c.line.in_(ids)).limit(1)).first() is not None


def beginning(db: sa.Connection, start: str) -> list[BankLine]:
    """Lines whose ids begin so; two are enough to say that there are several."""
    found = sa.select(bank_lines).where(bank_lines.c.id.startswith(start, autoescape=True)).order_by(bank_lines.c.id)
    return [_line(row) for row in db.execute(found.limit(2))]


def get(db: sa.Connection, ids: Sequence[str]) -> dict[str, BankLine]:
    """The lines with these ids."""
    found = sa.select(bank_lines).where(bank_lines.c.id.in_(ids))
    return {row.id: _line(row) for row in db.execute(found)}


def every(db: sa.Connection, account: str = "", *, begins: str = "", ends: str = "9999-12-31") -> list[BankLine]:
    """All lines of a time (YYYY-MM-DD, both included), oldest first."""
    found = sa.select(bank_lines).where(bank_lines.c.day.between(begins, ends))
    found = found.where(bank_lines.c.account == account) if account else found
    return [_line(row) for row in db.execute(found.order_by(bank_lines.c.day, bank_lines.c.id))]


def _line(row: sa.Row[tuple[object, ...]]) -> BankLine:
    return BankLine(row.id, row.account, row.day, row.amount, row.currency, row.trace, row.descriptor)
