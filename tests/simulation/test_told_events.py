"""An event that writes nothing but that a person should hear of: told once, and ended (case B10)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulation.world import SimulatedWorld
from tieout.operations.receive_events import receive_events
from tieout.queries.runs import event_lines
from tieout.store import alerts
from tieout.store.inbox import Kept

FOLDER = Path(__file__).parents[1] / "fixtures" / "stripe_events"


@pytest.mark.parametrize("event_type", ["invoice.payment_failed", "review.opened", "cash_balance.funds_available"])
def test_what_is_told_is_told_once_and_writes_nothing(event_type: str) -> None:
    recorded = json.loads((FOLDER / f"{event_type}.json").read_text(encoding="utf-8"))
    world = SimulatedWorld(1)
    body = json.dumps({"id": "evt_told", "type": event_type, "data": {"object": recorded["object"]}})
    event = Kept("stripe", False, "evt_told", event_type, "lane", "object", False, True, body, world.ports.clock())
    for _ in range(2):
        receive_events(world.box, [event])
        world.settle()
    with world.books.reading() as db:
        told = [one.sentence for one in alerts.latest(db, 10) if one.code == "stripe.notice"]
    assert [recorded["told"] in sentence for sentence in told] == [True]
    assert [(line.state, recorded["told"] in line.sentence) for line in event_lines(world.books)] == [("ignored", True)]
