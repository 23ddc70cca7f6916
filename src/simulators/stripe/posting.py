"""Carries deliveries over real HTTP: one post, and a thread that delivers all that is due."""

from __future__ import annotations

import http.client
import threading
from typing import Protocol
from urllib.parse import urlsplit

from simulators.stripe.delivery import Endpoint, Post

TIMEOUT_SECONDS = 10.0
PAUSE_SECONDS = 0.02


class Pumped(Protocol):
    """An account that delivers when it is told to."""

    def pump(self, post: Post, endpoint_id: str = "") -> int:
        """Post all that is due."""
        ...

    def endpoints(self) -> list[Endpoint]:
        """All endpoints."""
        ...


class HttpDelivery:
    """Posts to one URL; redirects are not followed, as a 3xx is a failure (B3). OSError when no answer comes."""

    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"url {url!r}: give an http or https address")
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._host, self._port, self._timeout = parts.hostname, parts.port, timeout_seconds
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def __call__(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer."""
        connection = self._kind(self._host, self._port, timeout=self._timeout)
        try:
            connection.request("POST", self._target, body, headers)
            return connection.getresponse().status
        except http.client.HTTPException as failure:
            raise OSError(f"no readable answer from {self._host}: {failure}") from failure
        finally:
            connection.close()


class Delivering:
    """Delivers in real time from a background thread: all to ``url``, or each endpoint to its own; use as a context."""

    def __init__(self, account: Pumped, url: str | None = None) -> None:
        self._account = account
        self._post = HttpDelivery(url) if url else None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._deliver, daemon=True)
        self._thread.start()

    def _deliver(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            if self._post is not None:
                self._account.pump(self._post)
                continue
            for endpoint in self._account.endpoints():
                self._account.pump(HttpDelivery(endpoint.row["url"]), endpoint.row["id"])

    def close(self) -> None:
        """Deliver no more."""
        self._stop.set()
        self._thread.join(TIMEOUT_SECONDS)

    def __enter__(self) -> Delivering:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
