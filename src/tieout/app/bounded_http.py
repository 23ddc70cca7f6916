"""HTTP with limits: how large and how slow a request may be, how many connections may be open (reliability A16, A17).

Over a limit, the connection goes that has waited longest for the rest of its request, or idles. A request that arrives
whole is never among them: whoever opens connections and says nothing shuts out only himself.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from tieout.kernel.log import log

HEAD_BYTES_MAX = 16 * 1024
REQUEST_BYTES_MAX = 2 * 1024 * 1024
REQUEST_SECONDS_MAX = 10.0
ADDRESS_CONNECTIONS_MAX = 200
CONNECTIONS_MAX = 400
UNFINISHED_BYTES_MAX = 32 * 1024 * 1024
LARGE_BYTES = 64 * 1024
IPV6_NETWORK_BITS = 64


class BoundedHttp(HttpToolsProtocol):
    """One connection. From its first moment, and again from the first byte of each request, the time runs."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room for this one."""
        super().connection_made(transport)
        self.address = _network(self.client[0]) if self.client else ""
        self._begin()
        mine = [one for one in self._peers() if one.address == self.address]
        if len(mine) > ADDRESS_CONNECTIONS_MAX:
            _drop_oldest(mine, "too many connections from one address")
        elif len(self.connections) > CONNECTIONS_MAX:
            _drop_oldest(self._peers(), "too many connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """The time no longer runs."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the limits allow; refuse the rest."""
        if self._deadline is None:
            self._begin()
        while data and not self.transport.is_closing():
            room = (HEAD_BYTES_MAX if self._in_head else REQUEST_BYTES_MAX) - self.taken_bytes
            if room <= 0:
                self._refuse(431 if self._in_head else 413, "the request is too large")
                return
            self.taken_bytes += min(room, len(data))
            super().data_received(data[:room])
            data = data[room:]
        if self.taken_bytes > LARGE_BYTES and sum(one.taken_bytes for one in self._peers()) > UNFINISHED_BYTES_MAX:
            _drop_oldest((one for one in self._peers() if one.taken_bytes > LARGE_BYTES), "too many large requests")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; what comes after the body is not wanted."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """From here on the larger limit holds."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: the time no longer runs."""
        self._stop_clock()
        self._in_head, self.taken_bytes = True, 0
        super().on_message_complete()

    @property
    def dispensable(self) -> bool:
        """Whether nothing is being answered here: the request is unfinished, or there is none."""
        return self._deadline is not None or self.cycle is None or self.cycle.response_complete

    def drop(self, why: str) -> None:
        """Close the connection at once, without a word to the other side."""
        log("connection dropped", logging.WARNING, address=self.address, reason=why)
        self.transport.abort()

    def _peers(self) -> list[BoundedHttp]:
        return [one for one in self.connections if isinstance(one, BoundedHttp) and not one.transport.is_closing()]

    def _begin(self) -> None:
        self._in_head, self.taken_bytes, self.since = True, 0, self.loop.time()
        self._deadline: asyncio.TimerHandle | None = self.loop.call_later(REQUEST_SECONDS_MAX, self._too_slow)

    def _stop_clock(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._refuse(408, f"the request took longer than {REQUEST_SECONDS_MAX:.0f} seconds")

    def _refuse(self, status: int, why: str) -> None:
        log("connection refused", logging.WARNING, address=self.address, status=status, reason=why)
        if self._in_head or not self.cycle.response_started:
            self.transport.write(STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def _drop_oldest(among: Iterable[BoundedHttp], why: str) -> None:
    dispensable = [one for one in among if one.dispensable]
    if dispensable:
        min(dispensable, key=lambda one: one.since).drop(why)


def _network(address: str) -> str:
    """Whom an address belongs to: of IPv6, whoever has one address has all of its network."""
    try:
        bare = address.removeprefix("::ffff:").partition("%")[0]
        return str(ipaddress.IPv6Network((bare, IPV6_NETWORK_BITS), strict=False))
    except ValueError:
        return address
