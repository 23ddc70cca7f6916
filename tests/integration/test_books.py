"""The books on a real file: kept once, ended once, owned by one leg at a time (reliability A2 to A4, D3, E5, INV-1)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tieout.domain.facts import PAYMENT_SUCCEEDED, Fact
from tieout.domain.workflow.definition import Node, Trigger, Workflow
from tieout.domain.writing import Found, Intent, State
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.operations.begin_leg import CRASHES_MAX, begin_leg
from tieout.operations.keep_intent import Busy, Owner, Proof, change_intent, claim_intent, confirm_intent
from tieout.operations.pause_connection import PAUSE_SECONDS_MAX, pause_connection, resume_connection
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.receive_events import receive_events
from tieout.operations.replay import replay_run
from tieout.operations.rest_run import Unsaved, finish_run, park_run
from tieout.operations.start_run import start_runs
from tieout.operations.take_up_events import take_up_events
from tieout.queries.links import linked_key
from tieout.queries.runs import counts, event_lines
from tieout.store import connections, inbox, lanes, runs
from tieout.store.database import Database, open_file
from tieout.store.intents import KeptIntent
from tieout.store.tables import book_tables, inbox_tables

NOW = 1_790_000_000.0
WORKFLOW = Workflow("w", "W", Trigger(PAYMENT_SUCCEEDED), (Node("a", "wait", settings={"seconds": "1"}),))
NOTHING = Unsaved(0, ())


def event(number: int, **changes: object) -> inbox.Kept:
    values: dict[str, object] = {
        "connection": "stripe",
        "livemode": False,
        "event_id": f"evt_{number}",
        "type": "charge.succeeded",
        "lane": "cus_1",
        "object_id": "ch_1",
        "thin": False,
        "readable": True,
        "body": "{}",
        "received_at": NOW,
    }
    return inbox.Kept(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Database]:
    database = open_file(tmp_path / "inbox.sqlite", inbox_tables)
    yield database
    database.close()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Database]:
    database = open_file(tmp_path / "books.sqlite", book_tables)
    yield database
    database.close()


def started(box: Database, books: Database, number: int = 1, subject: str = "pi_1") -> runs.RunRow:
    published = publish_workflow(books, WORKFLOW, NOW)
    receive_events(box, [event(number)])
    take_up_events(box, books)
    with books.reading() as db:
        row = lanes.event(db, number)
    return start_runs(books, row, [published], Fact(PAYMENT_SUCCEEDED, subject), NOW)[0]


def test_fifty_deliveries_of_one_event_at_once_are_one_row(box: Database) -> None:
    threads = [threading.Thread(target=receive_events, args=(box, [event(1)])) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with box.reading() as db:
        assert inbox.count(db) == 1


def test_the_same_id_in_the_other_mode_or_connection_is_another_event(box: Database) -> None:
    receive_events(box, [event(1), event(1, livemode=True), event(1, connection="other"), event(1)])
    with box.reading() as db:
        assert inbox.count(db) == 3


def test_taking_up_again_after_a_crash_between_the_two_files_changes_nothing(box: Database, books: Database) -> None:
    receive_events(box, [event(1), event(2, readable=False, object_id="depth 70 is more than 64")])
    with box.reading() as db:
        waiting = inbox.waiting(db, 10)
    assert take_up_events(box, books) == 2
    with box.transaction() as db:
        db.exec_driver_sql("UPDATE inbox SET dispatched = 0")
    assert take_up_events(box, books) == 2
    assert [one.seq for one in waiting] == [1, 2]
    found = counts(books)
    assert (found.acked, found.parked, found.open) == (2, 1, 1)
    (dead,) = event_lines(books, state="parked")
    assert "is signed but cannot be read: depth 70 is more than 64. It is kept as received" in dead.sentence


def test_a_fact_has_one_run_whoever_states_it(box: Database, books: Database) -> None:
    first, second = started(box, books, 1), started(box, books, 2)
    assert (first.id, second.id) == ("R1", "R1")
    assert started(box, books, 3, subject="pi_2").id == "R3"


def test_a_leg_that_was_overtaken_can_write_nothing_any_more(box: Database, books: Database) -> None:
    run = started(box, books)
    old, new = begin_leg(books, run.id), begin_leg(books, run.id)
    intent = Intent("p21", "TOAAAAAAAAAAAAAAAAAA", "sales_order", {"po_no": "1"})
    for attempt in (
        lambda: claim_intent(books, Owner(old.run, "write"), intent, NOTHING, NOW),
        lambda: change_intent(books, Owner(old.run, "write"), intent, NOW),
        lambda: finish_run(books, old.run, NOTHING, NOW),
    ):
        with pytest.raises(runs.StaleRun):
            attempt()
    finish_run(books, new.run, NOTHING, NOW)
    assert counts(books).applied == 1


def kept(found: object) -> Intent:
    assert isinstance(found, KeptIntent), found
    return found.intent


def owners(box: Database, books: Database) -> tuple[Owner, Owner]:
    one = begin_leg(books, started(box, books, 1, "pi_1").id).run
    two = begin_leg(books, started(box, books, 2, "pi_2").id).run
    return Owner(one, "write"), Owner(two, "write")


def test_a_record_another_run_is_writing_is_held_until_that_run_has_ended(box: Database, books: Database) -> None:
    one, two = (replace(owner, shares=True) for owner in owners(box, books))
    customer = Intent("p21", "TOCUSTOMERCUSTOMERCU", "customer", {"name": "Anne"})
    kept(claim_intent(books, one, customer, NOTHING, NOW))
    assert claim_intent(books, two, customer, NOTHING, NOW) == Busy(one.run.id)
    confirm_intent(books, one, customer, Found("100198"), Proof("stripe", ("email:anne@x.example", "cus_1")), NOW)
    other = replace(customer, document={"name": "Anne Lee"})
    adopted = kept(claim_intent(books, two, other, NOTHING, NOW))
    assert (adopted.state, adopted.key, adopted.document) == (State.CONFIRMED, "100198", {"name": "Anne"})
    for subject in ("cus_1", "email:anne@x.example"):
        assert linked_key(books, "p21", "stripe", subject, "customer") == "100198"


def test_a_document_that_stands_for_the_same_subject_is_never_taken_for_another(box: Database, books: Database) -> None:
    one, two = owners(box, books)
    first = Intent("p21", "TOORDERORDERORDERORD", "sales_order", {"total": "1.00"})
    second = replace(first, document={"total": "2.00"})
    kept(claim_intent(books, one, first, NOTHING, NOW))
    confirm_intent(books, one, first, Found("1000001"), Proof("stripe", ("checkout:cs_1",)), NOW)
    assert kept(claim_intent(books, two, first, NOTHING, NOW)).key == "1000001"
    found = claim_intent(books, two, second, NOTHING, NOW)
    assert isinstance(found, Fix)
    assert found.sentence.startswith("Sales order 1000001 of run R1 already stands for this")
    assert kept(claim_intent(books, one, second, NOTHING, NOW)).document == {"total": "1.00"}
    assert isinstance(claim_intent(books, replace(one, path="write_again"), second, NOTHING, NOW), Fix)


def test_what_may_be_on_its_way_keeps_its_document_and_what_was_never_sent_takes_the_new_one(
    box: Database, books: Database
) -> None:
    owner, _ = owners(box, books)
    first = Intent("p21", "TOORDERORDERORDERORD", "sales_order", {"po_no": "1"})
    second = replace(first, document={"po_no": "2"})
    kept(claim_intent(books, owner, first, NOTHING, NOW))
    renewed = kept(claim_intent(books, owner, second, NOTHING, NOW))
    assert renewed.document == {"po_no": "2"}
    change_intent(books, owner, replace(renewed, state=State.SENDING, attempt=1), NOW)
    sent = kept(claim_intent(books, owner, first, NOTHING, NOW + 90))
    assert (sent.document, sent.state) == ({"po_no": "2"}, State.SENDING)
    assert sent.settles_from == NOW + 90, "the sender died: what it sent settles from when that was found"
    assert kept(claim_intent(books, owner, first, NOTHING, NOW + 99)).settles_from == NOW + 90


def test_what_another_run_sent_and_left_open_is_seen_to_first(box: Database, books: Database) -> None:
    one, two = owners(box, books)
    first = Intent("p21", "TOORDERORDERORDERORD", "sales_order", {"po_no": "1"})
    kept(claim_intent(books, one, first, NOTHING, NOW))
    change_intent(books, one, replace(first, state=State.SENDING, attempt=1), NOW)
    park_run(books, one.run, NOTHING, "write", Fix("x", "Correct it, then replay."), NOW)
    found = claim_intent(books, two, replace(first, document={"po_no": "2"}), NOTHING, NOW)
    assert isinstance(found, Fix)
    assert "Replay R1 first" in found.sentence


def test_a_parked_run_is_replayed_once_however_often_it_is_asked_for(box: Database, books: Database) -> None:
    run = begin_leg(books, started(box, books).id).run
    park_run(books, run, NOTHING, "a", Fix("x", "Correct it, then replay."), NOW)
    assert counts(books).parked == 1
    outcomes: list[str] = []

    def replay() -> None:
        try:
            replay_run(books, run.id, NOW)
            outcomes.append("queued")
        except Failed as error:
            outcomes.append(error.failure.sentence)

    threads = [threading.Thread(target=replay) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[-1] == "queued"
    assert outcomes.count("queued") == 1
    assert outcomes.count("Run R1 is waiting; only a parked run can be replayed.") == 19


def test_a_run_whose_legs_keep_dying_is_parked_and_not_tried_for_ever(box: Database, books: Database) -> None:
    run = started(box, books)
    for _ in range(CRASHES_MAX):
        begin_leg(books, run.id)
    with pytest.raises(Failed, match="The worker died 20 times in a row while it was walking run R1"):
        begin_leg(books, run.id)


def test_an_outage_pauses_the_connection_longer_each_time_and_raises_one_alert(books: Database) -> None:
    away = Retry("p21.away", "P21 does not answer.", outage=True)
    with books.transaction() as db:
        connections.put(db, "p21", "p21", {}, b"")
    now = NOW
    pauses = []
    for _ in range(9):
        until = pause_connection(books, "p21", away, now)
        pauses.append(until - now)
        assert pause_connection(books, "p21", away, now) == until
        now = until
    assert pauses == [1, 2, 4, 8, 16, 32, PAUSE_SECONDS_MAX, PAUSE_SECONDS_MAX, PAUSE_SECONDS_MAX]
    with books.reading() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM alerts").scalar() == 1
    resume_connection(books, "p21")
    with books.reading() as db:
        row = connections.get(db, "p21")
    assert row is not None
    assert (row.outages, row.paused_until) == (0, 0.0)


def test_a_database_left_in_wal_mode_is_brought_back_to_the_journal_that_is_safe(tmp_path: Path) -> None:
    path = tmp_path / "wal.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    database = open_file(path, book_tables)
    with database.reading() as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 3
    database.close()
