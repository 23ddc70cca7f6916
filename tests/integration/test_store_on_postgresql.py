"""The store on a PostgreSQL server: its chain finds what another program does, and what may only be added to is refused there too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.databases import on_a_server
from tieout.domain.audit.act import Act, Actor
from tieout.operations.raise_alert import raise_alert
from tieout.operations.receive_events import receive_events
from tieout.operations.record_act import record_alone
from tieout.operations.take_up_events import take_up_events
from tieout.store import inbox
from tieout.store.chain import Chain, covered
from tieout.store.chain_check import Sealed, check_chain
from tieout.store.database import Database

pytestmark = pytest.mark.slow
KEY = b"k" * 32


class Keys:
    """One key, kept here."""

    def current(self) -> tuple[str, bytes]:
        return "first", KEY

    def named(self, name: str) -> bytes | None:
        return KEY if name == "first" else None


@pytest.fixture
def books() -> Iterator[Database]:
    box, kept = on_a_server()
    kept.keep_chain(Chain(Keys(), lambda: 1_790_000_000.0))
    for number in range(3):
        raise_alert(kept, "p21.away", f"P21 is away for the {number}. time", str(number), 1_790_000_000.5)
    record_alone(kept, Actor("ann", "Ann Larch"), Act("tables.set", "items", {}, {"a": 1}, "new"), 1_790_000_001.25)
    yield kept
    kept.close()
    box.close()


def checked(books: Database) -> Sealed:
    with books.reading() as db:
        return check_chain(db, Keys())


def attack(books: Database, statement: str) -> None:
    """Another program changes a row, with whatever holds it back switched off."""
    with books._engine.connect() as other:
        other.exec_driver_sql("SET session_replication_role = replica")
        other.exec_driver_sql(statement)
        other.exec_driver_sql("SET session_replication_role = origin")


def test_what_nobody_touched_is_proven_again_and_again(books: Database) -> None:
    found = checked(books)
    assert (found.wrong, found.unproven) == ([], [])
    assert found.compared == 4
    assert (checked(books).wrong, checked(books).head) == ([], found.head)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE alerts SET sentence = 'nothing' WHERE about = '1'", "alerts 2 was changed by another program"),
        ("DELETE FROM alerts WHERE about = '1'", "alerts 2 was taken away by another program"),
        ("INSERT INTO alerts (code, sentence, about, at) VALUES ('a', 'b', 'c', 1)", "alerts 4 was put in"),
        ("UPDATE acts SET name = 'Bo Reed'", "acts 1 was changed by another program"),
        ("DELETE FROM chain WHERE seq = 2", "row 2 of the chain is gone"),
        ("UPDATE chain SET at = at + 1 WHERE seq = 2", "row 2 of the chain is not what was sealed"),
    ],
)
def test_what_another_program_does_is_found(books: Database, statement: str, found: str) -> None:
    attack(books, statement)
    assert any(found in sentence for sentence in checked(books).wrong), checked(books).wrong


@pytest.mark.parametrize("statement", ["UPDATE acts SET what = 'other'", "DELETE FROM acts", "DELETE FROM chain"])
def test_what_may_only_be_added_to_is_refused(books: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changed"), books.transaction() as db:
        db.execute(sa.text(statement))
    assert checked(books).wrong == []


def test_every_table_under_the_chain_is_watched_there(books: Database) -> None:
    asked = sa.text("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'watch_%'")
    with books.reading() as db:
        assert db.execute(asked).scalar_one() == 3 * len(covered()) + 1


def test_numbers_of_events_are_never_given_twice() -> None:
    box, books = on_a_server()
    event = {"connection": "stripe", "livemode": False, "type": "charge.succeeded", "lane": "c", "object_id": "ch"}
    told = [
        inbox.Kept(event_id=f"evt_{number}", thin=False, readable=True, body="{}", received_at=1.0, **event)  # type: ignore[arg-type]
        for number in range(3)
    ]
    receive_events(box, [*told, told[0]])
    assert take_up_events(box, books) == 3
    with box.transaction() as db:
        inbox.move_on(db, 40)
        inbox.number_anew(db, [2])
    receive_events(box, [inbox.Kept(event_id="evt_9", thin=False, readable=True, body="{}", received_at=1.0, **event)])  # type: ignore[arg-type]
    with box.reading() as db:
        assert [one.seq for one in inbox.waiting(db, 10)] == [41, 42]
        assert inbox.last_number(db) == 42
    books.close()
    box.close()
