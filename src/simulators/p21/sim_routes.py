"""What only a simulator has: /_sim/god, /_sim/faults, /_sim/seed-customer, /_sim/seed-item, /_sim/seed-books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.faults import Fault
from simulators.p21 import seeds
from simulators.p21.answers import Answer
from simulators.p21.books import god_view
from simulators.p21.refusals import Refused
from simulators.p21.values import text
from simulators.wire import Request

if TYPE_CHECKING:
    from simulators.p21.prophet21 import Prophet21


class SimRoutes:
    """Answers /_sim/…; needs no login."""

    def __init__(self, prophet: Prophet21) -> None:
        self._prophet = prophet

    def answer(self, request: Request) -> Answer:
        """JSON; a mistake in the body is a 400 that says what is wrong."""
        verb = (request.method, request.path.removeprefix("/_sim/").strip("/"))
        try:
            body = request.json() if request.method == "POST" else None
            return self._done(verb, body if isinstance(body, dict) else {})
        except (ValueError, TypeError, KeyError) as mistake:
            return Answer({"error": f"{type(mistake).__name__}: {mistake}"}, 400)
        except Refused as refusal:
            return Answer({"error": refusal.message}, 400)

    def _done(self, verb: tuple[str, str], body: dict[str, Any]) -> Answer:
        state = self._prophet.state
        if verb == ("GET", "god"):
            return Answer(god_view(state) | {"struck": self._prophet.faults.struck, "calls": self._prophet.calls})
        if verb == ("POST", "faults"):
            return self._faults(body)
        if verb == ("POST", "seed-books"):
            seeds.seed_books(state)
            return Answer({"seeded": True})
        if verb == ("POST", "seed-customer"):
            return Answer({"customer_id": seeds.add_customer(state, **body)})
        if verb == ("POST", "seed-item"):
            return Answer({"inv_mast_uid": seeds.add_item(state, **body)})
        if verb == ("POST", "edit"):
            changed = self._prophet.edit(text(body["table"]), body["changes"], **body["where"])
            return Answer({"changed": changed})
        return Answer(status=404)

    def _faults(self, body: dict[str, Any]) -> Answer:
        if body.get("clear"):
            self._prophet.faults.clear()
        self._prophet.faults.plan(*(Fault(**planned) for planned in body.get("plan", ())))
        return Answer({"struck": self._prophet.faults.struck})
