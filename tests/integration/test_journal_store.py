"""The journal on a real file: only ever added to, once per source, and any edit behind our back is found (C8, INV-1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.domain.ledger.rows import book, row
from tieout.domain.ledger.account import CLEARING, RECEIVABLE, SUSPENSE
from tieout.domain.ledger.balance_change import Origin
from tieout.domain.ledger.balances import off_balance, roll_forward
from tieout.domain.ledger.entry import Entry, pair, reversal
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.posting import Posted, post
from tieout.operations.keep_changes import Place, keep_changes
from tieout.store import balance, exceptions, journal, ledgers, postings
from tieout.store.database import Database, open_file
from tieout.store.journal import Misfit, verify_chain
from tieout.store.tables import book_tables

BOOK = book(eur="1.10")
ROWS = (
    row("txn_1", "charge", 1_000, 59, origin=Origin(payment="pi_1")),
    row("txn_2", "refund", -400, origin=Origin(payment="pi_1")),
    row("txn_3", "charge", 10_800, 451, origin=Origin(amount=10_000, currency="eur", payment="pi_2")),
    row("txn_4", "fee", -40),
    row("txn_5", "charge", 700, currency="eur"),
    row("txn_6", "quantum", -7),
)


def entries() -> list[Entry]:
    posted = [post(change, BOOK) for change in ROWS]
    return [one.entry for one in posted if isinstance(one, Posted)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.sqlite"


@pytest.fixture
def books(path: Path) -> Iterator[Database]:
    database = open_file(path, book_tables)
    with database.transaction() as db:
        ledgers.put_policy(db, "stripe", Policy(), 0.0)
    yield database
    database.close()


def add(books: Database, *wanted: Entry, at: float = 1.0) -> list[journal.Conflict]:
    with books.transaction() as db:
        return journal.add(db, "stripe", wanted, "tieout", at)


def checked(books: Database) -> Misfit | None:
    with books.reading() as db:
        return verify_chain(db)


def edit(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as db:
        for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            assert db.execute(statement).rowcount
    db.close()


def test_an_entry_is_read_as_it_was_posted(books: Database) -> None:
    assert add(books, *entries()) == []
    with books.reading() as db:
        kept = list(journal.walk(db, "stripe"))
        assert [one.entry for one in kept] == entries()
        assert [one.seq for one in kept] == [1, 2, 3, 4, 5, 6]
        assert [one.entry.source for one in journal.about(db, "pi_1")] == ["txn_1", "txn_2"]
        assert [one.entry for one in journal.by_source(db, "stripe", ["txn_4"])] == [entries()[3]]
        assert journal.by_source(db, "other", ["txn_4"]) == []
        assert journal.connection_of(db, 3) == "stripe"
        moved = journal.postings(db, "stripe", RECEIVABLE, limit=2)
        assert [(one.seq, amount, value) for one, amount, value in moved] == [(5, -700, -770), (3, -11_000, -11_000)]


def test_once_per_source_whatever_comes_again(books: Database) -> None:
    add(books, *entries())
    assert add(books, *entries(), *entries()) == []
    other = replace(entries()[3], legs=(pair("gross", CLEARING, SUSPENSE, -41, -41),))
    (conflict,) = add(books, other, replace(entries()[0], booked="2026-12-01"))
    assert (conflict.kept.entry.source, conflict.wanted) == ("txn_4", other), "a later day alone is no conflict"
    with books.reading() as db:
        assert len(list(journal.walk(db))) == 6
        assert journal.balance(db, "stripe", CLEARING) == {"usd": (941 - 400 + 10_349 - 40 - 7,) * 2, "eur": (700, 770)}
    assert checked(books) is None


def test_two_connections_have_a_ledger_each_and_one_chain(books: Database) -> None:
    add(books, *entries()[:2])
    with books.transaction() as db:
        journal.add(db, "other", entries()[:2], "tieout", 2.0)
    with books.reading() as db:
        assert [one.seq for one in journal.walk(db, "other")] == [3, 4]
        assert off_balance(roll_forward(journal.day_sums(db, "other"))) == {}
    assert checked(books) is None


def test_a_reversal_leaves_nothing_and_both_stand(books: Database) -> None:
    made = entries()[2]
    add(books, made)
    add(books, reversal(made, 1, "2026-12-01", "posted twice"), at=2.0)
    with books.reading() as db:
        assert {roll.closing for roll in roll_forward(journal.day_sums(db, "stripe"))} == {0}
        assert len(list(journal.walk(db))) == 2
    assert checked(books) is None


@pytest.mark.parametrize("table", ["entries", "entry_lines"])
def test_the_database_itself_refuses_to_change_or_delete(books: Database, path: Path, table: str) -> None:
    add(books, *entries())
    with sqlite3.connect(path) as db:
        column = {"entries": "actor", "entry_lines": "account"}[table]
        for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(sqlite3.IntegrityError, match="an entry is never changed or deleted: reverse it"):
                db.execute(statement)
    db.close()


COLUMNS = (
    "connection = 'other'", "source = 'txn_x'", "kind = 'refund'", "subject = 'pi_x'", "day = '2026-11-03'",
    "booked = '2026-11-03'", "currency = 'cad'", "ledger_currency = 'cad'", "actor = 'eve'", "at = 9.0",
    "document = replace(document, 'Payment', 'Gift')",
)  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edit_of_any_column_of_an_entry_is_found(books: Database, path: Path, column: str) -> None:
    add(books, *entries())
    edit(path, f"UPDATE entries SET {column} WHERE seq = 3")
    found = checked(books)
    assert found and found.seq == 3, found
    assert "is not what was posted" in found.why


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry_lines SET amount = amount + 1 WHERE entry = 3 AND place = 0",
        "UPDATE entry_lines SET value = -value WHERE entry = 3",
        "UPDATE entry_lines SET account = 'suspense' WHERE entry = 3 AND place = 1",
        "UPDATE entry_lines SET leg = 'gift' WHERE entry = 3 AND place < 2",
        "UPDATE entry_lines SET carrier = 'credit_memo' WHERE entry = 3 AND place < 2",
        "DELETE FROM entry_lines WHERE entry = 3 AND place = 0",
        "DELETE FROM entry_lines WHERE entry = 3",
        "INSERT INTO entry_lines SELECT entry, place + 90, leg, carrier, account, amount, value FROM entry_lines WHERE entry = 3",
        "DELETE FROM entries WHERE seq = 3",
        "UPDATE entries SET seq = 99 WHERE seq = 3",
    ],
)
def test_an_edit_of_the_lines_or_a_gap_is_found(books: Database, path: Path, statement: str) -> None:
    add(books, *entries())
    edit(path, statement)
    found = checked(books)
    assert found and found.seq == 3, found


@pytest.mark.parametrize(
    "statements",
    [
        ("UPDATE sums SET debits = debits + 1 WHERE account = 'stripe_clearing' AND currency = 'eur'",),
        ("UPDATE sums SET lines = lines + 1 WHERE account = 'stripe_clearing' AND currency = 'eur'",),
        ("DELETE FROM sums WHERE account = 'stripe_clearing'",),
        ("DELETE FROM entries WHERE seq = 6", "DELETE FROM entry_lines WHERE entry = 6"),
        ("DELETE FROM entries WHERE seq = 6",),
        ("INSERT INTO entry_lines VALUES (77, 0, 'gross', 'journal_entry', 'bank', 1, 1)",),
    ],
)
def test_a_sum_that_is_not_that_of_its_lines_is_found(books: Database, path: Path, statements: tuple[str, ...]) -> None:
    add(books, *entries())
    assert checked(books) is None
    edit(path, *statements)
    found = checked(books)
    assert found and found.seq == 0 and "is not that of its lines" in found.why


def test_an_entry_that_was_unbalanced_behind_our_back_can_still_be_read(books: Database, path: Path) -> None:
    add(books, *entries())
    edit(path, "UPDATE entry_lines SET amount = 999 WHERE entry = 1 AND place = 0", "UPDATE entries SET currency = 'usd' WHERE seq = 5")  # fmt: skip
    with books.reading() as db:
        assert [one.entry.cleared for one in journal.numbered(db, [1, 5])] == [999 - 59, 700]


def test_a_page_is_kept_and_posted_in_one_transaction_and_again_changes_nothing(books: Database) -> None:
    first = keep_changes(books, "stripe", ROWS[:4], BOOK, 1.0, Place(5, 9, "txn_4"))
    assert (first.posted, first.open) == (4, [])
    again = keep_changes(books, "stripe", ROWS, BOOK, 2.0, Place(5, 9))
    assert (again.posted, [one.code for one in again.open]) == (2, ["row.unknown"])
    with books.reading() as db:
        ledger = ledgers.get(db, "stripe")
        assert ledger and (ledger.imported_until, ledger.reading) == (9, None)
        assert balance.numbered(db, "stripe", [one.id for one in ROWS]) == list(ROWS)
        assert {one.id for one in balance.of_source(db, "pi_1")} == {"txn_1", "txn_2"}
        assert balance.of_source(db, "src_txn_4") == balance.of_source(db, "txn_4") == [ROWS[3]]
        assert balance.of_source(db, "") == []
        assert [one.id for one in balance.between(db, "stripe", 0, 2**40)] == [one.id for one in ROWS]
        assert [(one.code, one.about) for one in exceptions.opened(db)] == [("row.unknown", "txn_6")]
        waits = postings.groups(db, "stripe")
    assert waits == [("2026-11-02", "usd", 5)], "a charge without a fee is carried by its receipt alone"


def test_a_row_that_stripe_shows_otherwise_keeps_its_posting_and_opens_a_break(books: Database) -> None:
    keep_changes(books, "stripe", ROWS, BOOK, 1.0)
    shown = replace(ROWS[0], amount=1_100, net=1_041)
    found = keep_changes(books, "stripe", [shown], BOOK, 2.0)
    assert (found.posted, [one.code for one in found.open]) == (0, ["break.row.amount"])
    with books.reading() as db:
        assert balance.numbered(db, "stripe", ["txn_1"]) == [ROWS[0]]
        assert journal.by_source(db, "stripe", ["txn_1"])[0].entry.cleared == 941


def test_however_many_are_asked_for_at_once(books: Database) -> None:
    keep_changes(books, "stripe", ROWS, BOOK, 1.0)
    wanted = [f"txn_{number}" for number in range(40_000)]
    with books.reading() as db:
        assert journal.sources(db, "stripe", wanted) == {one.id for one in ROWS}
        assert [one.seq for one in journal.by_source(db, "stripe", wanted)] == [1, 2, 3, 4, 5, 6]
        assert balance.numbered(db, "stripe", wanted) == list(ROWS)
        assert journal.sources(db, "stripe", []) == set()


def test_a_rate_that_was_missing_lets_the_row_be_posted_and_closes_its_exception(books: Database) -> None:
    first = keep_changes(books, "stripe", [ROWS[4]], book(), 1.0)
    assert (first.posted, [one.code for one in first.open]) == (0, ["rate.missing"])
    assert keep_changes(books, "stripe", [ROWS[4]], BOOK, 2.0).posted == 1
    with books.reading() as db:
        (ended,) = exceptions.about(db, ["txn_5"])
    assert (ended.closed_at, ended.resolution) == (2.0, "agrees now")


def test_rows_before_the_first_day_of_the_ledger_are_left_to_the_opening_balance(books: Database) -> None:
    starts = book(Policy(starts="2026-11-03"))
    assert keep_changes(books, "stripe", ROWS[:1], starts, 1.0).posted == 0
    with books.reading() as db:
        assert balance.numbered(db, "stripe", ["txn_1"]) == []
