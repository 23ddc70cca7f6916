"""Taking up what was kept: an event that cannot be read is parked and a person is told, once (reliability A16)."""

from __future__ import annotations

import pytest

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


def renamed(box: Database, event_ids: list[str]) -> None:
    """An inbox that begins anew at number 1, with these events."""
    receive_events(box, [kept(event_id, readable=True) for event_id in event_ids])


def test_an_event_whose_number_another_has_gets_a_new_one_and_is_told_once() -> None:
    books = open_memory(book_tables)
    first = open_memory(inbox_tables)
    renamed(first, ["evt_1", "evt_2", "evt_3"])
    assert take_up_events(first, books) == 3
    lost = open_memory(inbox_tables)
    renamed(lost, ["evt_8", "evt_9"])
    for _ in range(3):
        take_up_events(lost, books)
    assert {line.event_id: (line.seq, line.state) for line in event_lines(books)} == {
        "evt_1": (1, "queued"),
        "evt_2": (2, "queued"),
        "evt_3": (3, "queued"),
        "evt_8": (4, "queued"),
        "evt_9": (5, "queued"),
    }
    assert [about for about, _ in told(books)] == ["evt_9", "evt_8"]
    assert "was kept under number 1, which the books know as that of another event" in told(books)[1][1]
    renamed(lost, ["evt_10"])
    take_up_events(lost, books)
    assert max(line.seq for line in event_lines(books)) == 6


def test_a_process_that_dies_between_both_files_gives_the_number_anew_once(monkeypatch: pytest.MonkeyPatch) -> None:
    books, lost = open_memory(book_tables), open_memory(inbox_tables)
    first = open_memory(inbox_tables)
    renamed(first, ["evt_1"])
    take_up_events(first, books)
    renamed(lost, ["evt_7"])
    with monkeypatch.context() as patched:
        patched.setattr("tieout.kernel.crash.crash_point", _die)
        with pytest.raises(KeyboardInterrupt):
            take_up_events(lost, books)
    for _ in range(3):
        take_up_events(lost, books)
    assert [(line.event_id, line.seq) for line in event_lines(books)] == [("evt_7", 2), ("evt_1", 1)]
    assert len(told(books)) == 1


def _die(name: str) -> None:
    if name == "take_up.before_mark":
        raise KeyboardInterrupt


def test_an_event_that_comes_again_under_another_number_stays_one_piece_of_work() -> None:
    books, lost = open_memory(book_tables), open_memory(inbox_tables)
    first = open_memory(inbox_tables)
    renamed(first, ["evt_1", "evt_2"])
    take_up_events(first, books)
    renamed(lost, ["evt_1"])
    take_up_events(lost, books)
    assert [(line.event_id, line.seq) for line in event_lines(books)] == [("evt_2", 2), ("evt_1", 1)]
