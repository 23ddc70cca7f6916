"""Taking up what was kept: an event that cannot be read is parked and a person is told, once (reliability A16)."""

from __future__ import annotations

from tieout.operations.receive_events import receive_events
from tieout.operations.take_up_events import take_up_events
from tieout.queries.runs import event_lines
from tieout.store import alerts
from tieout.store.database import Database, open_memory
from tieout.store.inbox import Kept
from tieout.store.tables import book_tables, inbox, inbox_tables


def kept(event_id: str, *, readable: bool) -> Kept:
    object_id = "ch_1" if readable else "the event has no id"
    return Kept(
        "stripe", False, event_id, "charge.succeeded", event_id, object_id, False, readable, "{}", 1_790_000_000.0
    )


def told(books: Database) -> list[tuple[str, str]]:
    with books.reading() as db:
        return [(alert.about, alert.sentence) for alert in alerts.latest(db, 10)]


def test_an_event_that_cannot_be_read_is_told_once() -> None:
    box, books = open_memory(inbox_tables), open_memory(book_tables)
    receive_events(box, [kept("evt_1", readable=True), kept("unreadable_1", readable=False)])
    for _ in range(2):
        with box.transaction() as db:
            db.execute(inbox.update().values(dispatched=False))  # as after a crash before the mark
        take_up_events(box, books)
    ((about, sentence),) = told(books)
    assert about == "unreadable_1"
    assert "An event of stripe is signed but cannot be read: the event has no id." in sentence
    assert {line.event_id: line.state for line in event_lines(books)} == {"evt_1": "queued", "unreadable_1": "parked"}
    assert sentence in {line.sentence for line in event_lines(books)}
