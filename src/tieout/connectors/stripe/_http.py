"""Puts our wire under Stripe's library: time-outs, size limits, rates and crash points are ours, nothing is retried."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import stripe

from tieout.connectors._wire import Rate, Wire

ENDPOINTS_MAX = 64

stripe.enable_telemetry = False  # how long our calls take is nobody's business, and no file may be left for it


class WireClient(stripe.HTTPClient):
    """Stripe's library calls ``request`` once a call; NotReached and Broken pass through it unchanged.

    ``per_second`` is the pace for one kind of object (``/v1/charges`` …), the account's own is the wire's (B1, B6).
    """

    name = "tieout"

    def __init__(self, wire: Wire, per_second: float, pause: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self._wire, self._per_second, self._pause = wire, per_second, pause
        self._rates: dict[str, Rate] = {}
        self._lock = threading.Lock()

    def request(  # type: ignore[override]  # the library passes no other arguments, and a text for a form
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: str | None = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """One request: answers the body, the status and the headers (lower-case names)."""
        self._rate(url).take()
        place = "stripe.read" if method == "get" else "stripe.write"
        content = post_data.encode() if post_data is not None else None
        reply = self._wire.call(place, method.upper(), url, headers=headers, content=content)
        return reply.body, reply.status, reply.headers

    def _rate(self, url: str) -> Rate:
        endpoint = url.removeprefix(self._wire.base_url).partition("?")[0].split("/")[2:3]
        name = endpoint[0] if endpoint else ""
        with self._lock:
            if len(self._rates) > ENDPOINTS_MAX:
                self._rates.clear()
            return self._rates.setdefault(name, Rate(self._per_second, pause=self._pause))

    def close(self) -> None:
        """Give the sockets back."""
        self._wire.close()


def endpoint_of(url: str) -> str:
    """The kind of object a path is about: ``charges`` for ``/v1/charges/ch_1``."""
    parts: list[Any] = url.partition("?")[0].split("/")
    return "/".join(parts[2:4]) if parts[2:3] == ["checkout"] else "".join(parts[2:3])
