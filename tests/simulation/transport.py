"""A wire without sockets: requests go straight to a simulator, and time passes on a virtual clock."""

from __future__ import annotations

import httpx2

from simulators.wire import Request, Simulator
from simulators.world import VirtualClock

READ_SECONDS = 30.0


class SimulatorTransport(httpx2.BaseTransport):
    """Answers like a socket would: late answers take virtual time, cut ones break, those too late time out."""

    def __init__(self, simulator: Simulator, clock: VirtualClock) -> None:
        self._simulator, self._clock = simulator, clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One exchange."""
        target = request.url.raw_path.decode("ascii")
        asked = Request.of(request.method, target, dict(request.headers.items()), request.read())
        answer = self._simulator.respond(asked)
        self._clock.advance(min(answer.delay_seconds, READ_SECONDS))
        if answer.delay_seconds > READ_SECONDS:
            raise httpx2.ReadTimeout("the answer took too long", request=request)
        if answer.cut:
            raise httpx2.ReadError("connection reset by peer", request=request)
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body, request=request)
