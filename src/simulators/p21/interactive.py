"""The stateful API, as far as sessions go: one a user, gone after a minute of silence (P21 facts §5)."""

from __future__ import annotations

from simulators.p21.answers import Answer
from simulators.p21.state import State
from simulators.p21.values import parse_json
from simulators.wire import Request

PREFIX = "/uiserver0/api/ui/interactive/"
IDLE_SECONDS = 60


class Interactive:
    """Answers {uiserver}/api/ui/interactive/…; windows open, saving one is blocked by a prompt."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._last: float | None = None

    def answer(self, request: Request) -> Answer:
        """Sessions and windows; without an Accept header 26.1 dies with an empty 500."""
        build = self._state.options.build
        if build == "26.1" and "json" not in request.headers.get("accept", ""):
            return Answer(status=500)
        rest = request.path.removeprefix(PREFIX).strip("/")
        alive = self._last is not None and self._state.now() - self._last < IDLE_SECONDS
        if rest == "sessions":
            return self._session(request.method, alive)
        if not alive:
            return Answer({"Message": "Session does not exist."}, 400, synthetic=True)
        self._last = self._state.now()
        return self._window(request, rest)

    def _session(self, method: str, alive: bool) -> Answer:
        if method == "POST" and alive:
            return Answer({"Message": "Session already exists."}, 409)
        if method == "DELETE":
            self._last = None
            return Answer(status=200 if alive else 404)
        if method == "POST":
            self._last = self._state.now()
        elif not alive:
            return Answer(status=404)
        name = "SessionId" if self._state.options.build == "25.2" else "Id"
        version = {"25.2": "25.2.5500.1", "26.1": "26.1.5950.1"}[self._state.options.build]
        return Answer({name: "session-1", "Properties": {"fullversion": version}})

    def _window(self, request: Request, rest: str) -> Answer:
        if (request.method, rest) == ("POST", "v2/window"):
            return Answer({"Status": 1, "Result": {"WindowId": f"w{self._state.next('window')}"}, "Messages": []})
        if (request.method, rest) == ("PUT", "v2/change"):
            return _changed(request)
        if (request.method, rest) == ("PUT", "v2/data"):
            events = [{"Name": "windowopened", "Data": [{"Key": "windowid", "Value": "response"}]}]
            return Answer({"Status": 3, "Events": events, "Messages": []}, synthetic=True)
        return Answer(status=404)


def _changed(request: Request) -> Answer:
    try:
        changes = parse_json(request.body)["List"]
    except (ValueError, TypeError, KeyError):
        return Answer({"Message": "List is required."}, 400, synthetic=True)
    if any(not change.get("DatawindowName") for change in changes):
        return Answer({"Message": "DatawindowName is required."}, 400, synthetic=True)
    return Answer({"Status": 1, "Events": [], "Messages": []})
