"""What other systems wrote is printed as text: no markup, no link, no control character reaches the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import tieout
from tieout.app.house import open_house
from tieout.settings import Settings
from tieout.store import lanes, runs, states
from tieout.store.runs import Step

HOSTILE = (
    r"P21 refused: item \[/x] [bold]is[/] \[link=https://evil.example]off[/link] :smile: {}"
    + "\x1b]0;t\x07\x9b31m\u202e"
)
SHOWN = r"P21 refused: item \[/x] [bold]is[/] \[link=https://evil.example]off[/link] :smile: {}"
UNSAFE = "\x1b\x07\x9b\u202e"
AT = 1_790_000_000.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one run, parked with words that would like to be commands."""
    found = tmp_path_factory.mktemp("printed")
    house = open_house(Settings(folder=found))
    event = {"seq": 1, "connection": "stripe", "livemode": False, "event_id": "evt_1", "type": f"a{HOSTILE}"}
    run = {"id": "R1", "seq": 1, "workflow": "order_to_cash", "version": 1, "connection": "stripe", "livemode": False}
    words = {"node": HOSTILE, "sentence": HOSTILE, "detail": HOSTILE}
    outcome = {"value": HOSTILE, "way": None, "reasons": [["name", HOSTILE, HOSTILE]]}
    steps = [Step("one", "wait", False, outcome, AT), Step("two", "wait", False, {"value": HOSTILE}, AT)]
    with house.books.transaction() as db:
        lanes.add_events(db, [{**event, "lane": "l", "state": states.PARKED, "reason": "", "received_at": AT}])
        runs.add_run(db, {**run, **words, "fact": "f", "subject": "pi_1", "state": states.PARKED, "started_at": AT})
        runs.add_steps(db, "R1", 0, steps)
    house.close()
    return found


@pytest.mark.parametrize("words", [("runs",), ("show", "pi_1"), ("show", HOSTILE), ("replay", HOSTILE)], ids=str)
def test_it_is_printed_as_it_was_written_without_what_a_terminal_obeys(folder: Path, words: tuple[str, ...]) -> None:
    ran = tieout(folder, *words, FORCE_COLOR="1")
    assert SHOWN.replace("\\", "") in ran.said.replace("\\", ""), ran
    assert not any(character in ran.out + ran.err for character in UNSAFE)


def test_every_mapped_value_is_shown_with_the_expression_it_is_from(folder: Path) -> None:
    assert f"name = {SHOWN}" in tieout(folder, "show", "pi_1").said
    assert f"from {SHOWN}" in tieout(folder, "show", "pi_1").said


@pytest.mark.parametrize("words", [("runs", "--json"), ("show", "pi_1", "--json")], ids=str)
def test_machines_get_it_whole_in_ascii(folder: Path, words: tuple[str, ...]) -> None:
    ran = tieout(folder, *words)
    assert ran.out.isascii()
    assert ran.out.replace("\n", "").isprintable()
    assert json.loads(ran.out)
