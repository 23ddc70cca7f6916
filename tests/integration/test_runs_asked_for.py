"""What is asked for by its state or its id is found: by the state that is shown, and however old it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from simulators.trial.processes import get_json
from tests.command_line import tieout
from tests.serving import served
from tieout.api.page import page_app
from tieout.app.house import open_house
from tieout.queries.runs import STATES, event_lines
from tieout.settings import Settings
from tieout.store.database import Database, open_file
from tieout.store.tables import book_tables, events, runs

AT = 1_790_000_000.0
NEWER = 5_001
SHOWN = {
    "applied": ["evt_6"],
    "parked": ["evt_5"],
    "ignored": ["evt_1"],
    "queued": ["evt_2"],
    "running": ["evt_3"],
    "waiting": ["evt_4"],
    "open": ["evt_4", "evt_3", "evt_2"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one event in each state; where there is a run, its state is the one that is shown."""
    found = tmp_path_factory.mktemp("states")
    house = open_house(Settings(folder=found))
    for seq, state in ((1, "ignored"), (2, "queued")):
        add_event(house.books, seq, state)
    for seq, state in ((3, "running"), (4, "waiting"), (5, "parked"), (6, "applied")):
        add_event(house.books, seq, "queued")
        add_run(house.books, seq, state)
    house.close()
    return found


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[str]:
    books = open_file(folder / "books.sqlite", book_tables)
    with served(page_app(books)) as url:
        yield url
    books.close()


def add_event(books: Database, seq: int, state: str) -> None:
    row = {"seq": seq, "connection": "stripe", "livemode": False, "event_id": f"evt_{seq}", "type": "charge.succeeded"}
    with books.transaction() as db:
        db.execute(
            sa.insert(events).values({**row, "lane": f"cus_{seq}", "state": state, "reason": "", "received_at": AT})
        )


def add_run(books: Database, seq: int, state: str) -> None:
    row = {"id": f"R{seq}", "seq": seq, "workflow": "order_to_cash", "version": 1, "connection": "stripe"}
    more = {"livemode": False, "fact": f"f{seq}", "subject": f"pi_{seq}", "state": state, "started_at": AT}
    with books.transaction() as db:
        db.execute(sa.insert(runs).values(row | more))


def test_every_state_that_is_shown_can_be_asked_for() -> None:
    assert set(SHOWN) == set(STATES)


@pytest.mark.parametrize("state", SHOWN)
def test_the_state_that_is_asked_for_is_the_state_that_is_shown(folder: Path, page: str, state: str) -> None:
    lines = json.loads(tieout(folder, "runs", "--state", state, "--json").out)
    assert [line["event_id"] for line in lines] == SHOWN[state]
    assert {line["state"] for line in lines} <= set(STATES[state])
    moments = ("received_at", "ended_at")  # the page counts seconds, a person's JSON has the date
    found = get_json(f"{page}/api/events?state={state}")
    assert [without(one, *moments) for one in found] == [without(one, *moments) for one in lines]


def without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in names}


def test_an_event_is_found_however_many_came_after_it(tmp_path: Path) -> None:
    house = open_house(Settings(folder=tmp_path))
    row = {"connection": "stripe", "livemode": False, "type": "a", "reason": "", "received_at": AT}
    newer = [row | {"seq": n, "event_id": f"evt_{n}", "lane": "l", "state": "ignored"} for n in range(2, NEWER + 2)]
    add_event(house.books, 1, "parked")
    with house.books.transaction() as db:
        db.execute(sa.insert(events), newer)
    replayed = tieout(tmp_path, "replay", "evt_1")
    assert (replayed.status, replayed.said) == (0, "Event evt_1 is queued again.")
    assert [line.event_id for line in event_lines(house.books, state="queued")] == ["evt_1"]
    house.close()
