"""Who writes to the books with another program is found: whatever is changed, put in, taken away, cut off or made anew (case D2)."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Ran, tieout
from tests.integration.books_site import Site, keep, site_in
from tieout.app.house import open_house
from tieout.operations.raise_alert import raise_alert
from tieout.settings import Settings
from tieout.store import journal
from tieout.store.chain import OUTSIDE, covered
from tieout.store.database import open_file
from tieout.store.journal import FIRST_HASH, chain
from tieout.store.ledger_tables import entries
from tieout.store.tables import book_tables

SEALED = "are what was last sealed"


@dataclass(frozen=True)
class Books:
    """The books of an installation, and a head that was kept elsewhere."""

    folder: Path
    heads: Path

    def verify(self, *words: str) -> Ran:
        return tieout(self.folder, "ledger", "verify", *words)

    def attack(self, *statements: str) -> None:
        """Write to the file as somebody else's program does; what would hold it back is dropped first."""
        with closing(sqlite3.connect(self.folder / "books.sqlite")) as file:
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                file.execute(f"DROP TRIGGER {name}")
            for one in statements:
                file.execute(one)
            file.commit()

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "books.sqlite")) as file:
            return file.execute(statement).fetchall()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site_in(tmp_path_factory.mktemp("sealed")) as found:
        keep(found)
        found.done("workflows", "retire", "refund")
        found.done("ledger", "rates", "gbp", "2026-01-05", "1.25")
        found.tieout("resolve", "1", "--accept", "--reason", "known", "--actor", "Ann Larch")
        yield found


@pytest.fixture
def books(site: Site, tmp_path: Path) -> Books:
    folder, heads = tmp_path / "installation", tmp_path / "elsewhere" / "heads.jsonl"
    shutil.copytree(site.folder, folder)
    folder.chmod(0o700)
    heads.parent.mkdir()
    assert tieout(folder, "ledger", "head", str(heads)).status == 0
    return Books(folder, heads)


def test_books_that_nobody_touched_are_proven_and_no_more_is_said(books: Books) -> None:
    ran = books.verify()
    assert (ran.status, SEALED in ran.said) == (0, True)
    assert "Not proven: that nothing was cut off at the end." in ran.said
    compared = books.verify("--against", str(books.heads))
    assert (compared.status, "Not proven" in compared.said) == (0, False)
    assert "1 head that was kept elsewhere is still in it" in compared.said


CHANGED = [
    ("UPDATE workflows SET text = text || ' ' WHERE name = 'refund'", "workflows refund 1 was changed"),
    ("UPDATE workflows SET active = 1 WHERE name = 'refund'", "workflows refund 1 was changed"),
    ("UPDATE exceptions SET reason = 'fine', closed_at = 1 WHERE id = 1", "exceptions 1 was changed"),
    ("DELETE FROM exceptions WHERE id = 1", "exceptions 1 was taken away"),
    ("UPDATE intents SET key = '77' WHERE rowid = 1", "intents "),
    ("UPDATE periods SET closed = 1 - closed WHERE rowid = 1", "periods "),
    ("DELETE FROM periods", "periods "),
    ("UPDATE runs SET state = 'applied', sentence = 'all well' WHERE rowid = 1", "runs "),
    ("DELETE FROM alerts WHERE rowid = 1", "alerts "),
    ("UPDATE alerts SET sentence = 'nothing' WHERE rowid = 1", "alerts "),
    ("INSERT INTO alerts (code, sentence, about, at) VALUES ('a', 'b', 'c', 1)", "alerts "),
    ("UPDATE acts SET name = 'Bo Reed' WHERE seq = 1", "acts 1 was changed"),
    ("DELETE FROM acts WHERE seq = 1", "acts 1 was taken away"),
    ("UPDATE ledgers SET policy = replace(policy, 'usd', 'eur')", "ledgers stripe was changed"),
    ("UPDATE rates SET rate = '9'", "rates "),
    ("UPDATE bank_lines SET amount = amount + 1 WHERE rowid = 1", "bank_lines "),
    ("DELETE FROM deposits WHERE rowid = 1", "deposits "),
    ("UPDATE journals SET key = '5' WHERE rowid = 1", "journals "),
    ("UPDATE links SET key = '5' WHERE rowid = 1", "links "),
    ("UPDATE connections SET settings = replace(settings, 'http', 'https')", "connections "),
    ("DELETE FROM chain WHERE seq = 3", "row 3 of the chain is gone"),
    ("UPDATE chain SET covers = replace(covers, '[', '[ ') WHERE seq = 4", "row 4 of the chain is not what was sealed"),
    ("UPDATE chain SET at = at + 1 WHERE seq = 4", "row 4 of the chain is not what was sealed"),
]


@pytest.mark.parametrize(("statement", "told"), CHANGED, ids=[statement for statement, _ in CHANGED])
def test_what_another_program_writes_is_found_and_named(books: Books, statement: str, told: str) -> None:
    with closing(sqlite3.connect(books.folder / "books.sqlite")) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        assert file.execute(statement).rowcount, "there is such a row"
        file.commit()
    ran = books.verify()
    assert ran.status == 1, ran
    assert f"The books are not as they were written: {told}" in ran.said


def test_what_another_program_writes_is_not_made_good_by_what_the_product_writes_next(books: Books) -> None:
    books.attack("UPDATE workflows SET text = text || ' ' WHERE name = 'dispute'")
    assert tieout(books.folder, "workflows", "retire", "order_to_cash").status == 0
    assert "workflows dispute 1 was changed" in books.verify().said
    assert tieout(books.folder, "audit", "verify").status == 1


def cut(entries_only: bool) -> tuple[str, ...]:
    last = "(SELECT max(seq) - 5 FROM entries)"
    journal_cut = (
        f"DELETE FROM entry_lines WHERE entry > {last}",
        f"DELETE FROM entries WHERE seq > {last}",
        "DELETE FROM sums",
        """INSERT INTO sums SELECT e.connection, l.account, e.currency, e.ledger_currency, e.booked,
           sum(CASE WHEN l.amount >= 0 THEN l.amount ELSE 0 END), sum(CASE WHEN l.amount < 0 THEN l.amount ELSE 0 END),
           sum(CASE WHEN l.value >= 0 THEN l.value ELSE 0 END), sum(CASE WHEN l.value < 0 THEN l.value ELSE 0 END), count(*)
           FROM entries e JOIN entry_lines l ON l.entry = e.seq GROUP BY 1, 2, 3, 4, 5""",
    )
    return journal_cut if entries_only else (*journal_cut, "DELETE FROM chain WHERE seq > 40")


def test_the_last_entries_taken_away_with_their_sums_built_again_are_missed(books: Books) -> None:
    books.attack(*cut(entries_only=True))
    ran = books.verify()
    assert (ran.status, "is not what was sealed, or is gone" in ran.said) == (1, True)


def test_the_end_of_the_chain_cut_off_too_is_found_by_a_head_kept_elsewhere(books: Books) -> None:
    books.attack("DELETE FROM chain WHERE seq > (SELECT max(seq) - 1 FROM chain)")
    ran = books.verify("--against", str(books.heads))
    assert ran.status == 1
    assert "which a head kept elsewhere names, is gone: its end was cut off" in ran.said


def test_a_whole_copy_of_the_books_from_before_put_back_is_found_by_a_head(books: Books, tmp_path: Path) -> None:
    shutil.copy(books.folder / "books.sqlite", tmp_path / "before")
    tieout(books.folder, "workflows", "retire", "order_to_cash")
    assert tieout(books.folder, "ledger", "head", str(books.heads)).status == 0
    shutil.copy(tmp_path / "before", books.folder / "books.sqlite")
    ran = books.verify()
    assert (ran.status, "Not proven: that nothing was cut off" in ran.said) == (0, True)
    assert books.verify("--against", str(books.heads)).status == 1


def test_an_entry_edited_and_every_hash_after_it_made_anew_is_found(books: Books) -> None:
    """All that the journal's own chain says fits: only who has the key can say that it was so."""
    books.attack("UPDATE entry_lines SET account = 'other_income' WHERE entry = 3 AND place = 1", *cut(True)[2:])
    file = open_file(books.folder / "books.sqlite", book_tables)
    with file.transaction() as db:
        before = FIRST_HASH
        for kept in list(journal.walk(db)):
            before = chain(before, journal.connection_of(db, kept.seq), kept.entry, kept.actor, kept.at)
            db.execute(entries.update().where(entries.c.seq == kept.seq).values(hash=before))
        assert journal.verify_chain(db) is None
    file.close()
    ran = books.verify()
    assert ran.status == 1, ran


def test_a_chain_made_anew_with_another_key_is_not_the_one_whose_head_was_kept(books: Books) -> None:
    (books.folder / "vault.key").rename(books.folder / "vault.key.lost")
    books.attack("DELETE FROM chain")
    assert tieout(books.folder, "workflows", "templates").status == 0
    assert tieout(books.folder, "alerts").status == 0
    assert books.verify().status == 0
    ran = books.verify("--against", str(books.heads))
    assert (ran.status, "a head kept elsewhere names" in ran.said) == (1, True)


def test_a_lost_key_is_told_and_the_books_go_on(books: Books) -> None:
    (books.folder / "vault.key").rename(books.folder / "vault.key.lost")
    assert tieout(books.folder, "workflows", "retire", "order_to_cash").status == 0
    ran = books.verify()
    assert ran.status == 0
    assert "Not proven: from row 1 on, the chain is sealed with a key that is not here." in ran.said
    assert "the chain was begun anew with another key" in ran.said


def test_books_from_before_the_chain_are_taken_under_it_as_they_are(books: Books) -> None:
    hashes = books.rows("SELECT seq, hash FROM entries ORDER BY seq")
    books.attack("DELETE FROM chain")
    assert books.verify().status == 0
    assert books.rows("SELECT seq, hash FROM entries ORDER BY seq") == hashes
    books.attack("UPDATE runs SET code = 'x'", "UPDATE workflows SET text = 'x'")
    assert books.verify().status == 1


def test_a_signed_pack_holds_a_head(site: Site, books: Books) -> None:
    period = site.day(-10)[:7]
    out = books.folder.parent / "pack"
    ran = tieout(books.folder, "close", "pack", "--period", period, "--out", str(out))
    assert ran.status == 0, ran
    manifest = json.loads((out / "manifest.json").read_text())
    assert len(manifest["keyed_chain"]["mark"]) == 64
    assert books.verify("--against", str(out)).status == 0
    books.attack(f"DELETE FROM chain WHERE seq >= {manifest['keyed_chain']['chain']}")
    ran = books.verify("--against", str(out))
    assert (ran.status, "its end was cut off" in ran.said) == (1, True)


@pytest.mark.parametrize("text", ["", "not a head\n", '{"chain": "x"}\n'])
def test_a_file_without_a_head_is_told(books: Books, tmp_path: Path, text: str) -> None:
    file = tmp_path / "no-heads"
    file.write_text(text)
    ran = books.verify("--against", str(file))
    assert (ran.status, "head" in ran.said) == (1, True)


def test_every_table_is_under_the_chain_or_it_is_said_why_not() -> None:
    assert set(OUTSIDE) <= {table.name for table in book_tables.sorted_tables}
    assert {"close_log", "workflows", "exceptions", "intents", "periods", "runs", "alerts", "acts"} <= set(covered())
    assert all(one.key for one in covered().values())


def test_a_check_beside_work_finds_nothing_that_is_not_there(books: Books) -> None:
    """What others write while the chain is read is not taken for somebody else's."""
    stop, said = threading.Event(), list[Ran]()

    def work() -> None:
        house = open_house(Settings(folder=books.folder))
        for place in range(10_000):
            if stop.is_set():
                break
            raise_alert(house.books, "x", "s", str(place), 1.0)
        house.close()

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(5):
        said.append(books.verify())
    stop.set()
    worker.join()
    assert [one.status for one in said] == [0] * 5, said
