"""HTTP with limits: how large and how slow a request may be, how many connections may be open (reliability A16, A17).

Over a limit, the connection goes that has waited longest for the rest of its request, or idles. A request that arrives
whole is never among them, unless others wait behind it on the same connection: whoever opens connections and says nothing,
asks without end, or does not read his answers, shuts out only himself (case D1).
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Iterable

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from tieout.kernel.log import log

HEAD_BYTES_MAX = 16 * 1024
REQUEST_BYTES_MAX = 2 * 1024 * 1024
REQUEST_SECONDS_MAX = 10.0
SLOW_SECONDS = 2.0
ADDRESS_CONNECTIONS_MAX = 200
CONNECTIONS_MAX = 400
UNFINISHED_BYTES_MAX = 32 * 1024 * 1024
LARGE_BYTES = 64 * 1024
PIPELINED_MAX = 8  # requests that wait on one connection for the answer to the one before
ANSWER_SECONDS_MAX = 20.0  # how long an answer may lie unread
IPV6_NETWORK_BITS = 64


class _TooMany(Exception):
    """The parser must go no further."""


class BoundedHttp(HttpToolsProtocol):
    """One connection. From its first moment, and again from the first byte of each request, the time runs."""

    _unread: asyncio.TimerHandle | None = None

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
        """The time no longer runs, and nothing waits any more."""
        self._stop_clock()
        self._read()
        self.pipeline.clear()
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
        self._bound()

    def pause_writing(self) -> None:
        """The other side does not read: it has some time to."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(ANSWER_SECONDS_MAX, self.drop, "the answer was not read")
        self._bound()

    def resume_writing(self) -> None:
        """It reads again."""
        self._read()
        super().resume_writing()

    def on_message_begin(self) -> None:
        """A request begins. Only so many may wait for the answer to the one before."""
        if len(self.pipeline) >= PIPELINED_MAX:
            self.drop(f"more than {PIPELINED_MAX} requests wait on one connection")
            raise _TooMany
        super().on_message_begin()

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

    def on_response_complete(self) -> None:
        """Answered. A connection that is closed now must be read to its end in time."""
        super().on_response_complete()
        self._end_in_time()

    @property
    def dispensable(self) -> bool:
        """Whether nothing is being answered here, or more was asked before the answer."""
        return self._deadline is not None or self.cycle is None or self.cycle.response_complete or bool(self.pipeline)

    @property
    def is_slow(self) -> bool:
        """Whether it keeps the door waiting for its request; an honest sender has sent his long before."""
        return self._deadline is not None and self.loop.time() - self.since > SLOW_SECONDS

    @property
    def held_bytes(self) -> int:
        """What is kept for this connection: of the request that arrives, of those that wait, and of answers not read."""
        unread = 0 if self.transport.is_closing() else self.transport.get_write_buffer_size()
        return self.taken_bytes + sum(_size(cycle) for cycle, _ in self.pipeline) + unread

    def drop(self, why: str) -> None:
        """Close the connection at once, without a word to the other side."""
        log("connection dropped", logging.WARNING, address=self.address, reason=why)
        self.transport.abort()

    def _peers(self) -> list[BoundedHttp]:
        return [one for one in self.connections if isinstance(one, BoundedHttp) and not one.transport.is_closing()]

    def _bound(self) -> None:
        """Keep within what one connection, and all together, may hold."""
        if self.held_bytes > REQUEST_BYTES_MAX + LARGE_BYTES:
            self.drop("too much waits on one connection")
        elif self.held_bytes > LARGE_BYTES and sum(one.held_bytes for one in self._peers()) > UNFINISHED_BYTES_MAX:
            _drop_oldest((one for one in self._peers() if one.held_bytes > LARGE_BYTES), "too many large requests")

    def _end_in_time(self) -> None:
        if self.transport.is_closing() and self._unread is None:
            self._unread = self.loop.call_later(ANSWER_SECONDS_MAX, self.transport.abort)

    def _read(self) -> None:
        if self._unread:
            self._unread.cancel()
            self._unread = None

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
        self._end_in_time()


def _drop_oldest(among: Iterable[BoundedHttp], why: str) -> None:
    """Of those that may go: first who is slow with a request, then who idles; the oldest of them (case T8)."""
    dispensable = [one for one in among if one.dispensable]
    if dispensable:
        min(dispensable, key=lambda one: (not one.is_slow, one.since)).drop(why)


def _size(cycle: RequestResponseCycle) -> int:
    head = sum(len(name) + len(value) for name, value in cycle.scope["headers"])
    return head + len(cycle.scope["raw_path"]) + len(cycle.scope["query_string"]) + len(cycle.body)


def _network(address: str) -> str:
    """Whom an address belongs to: of IPv6, whoever has one address has all of its network."""
    try:
        bare = address.removeprefix("::ffff:").partition("%")[0]
        return str(ipaddress.IPv6Network((bare, IPV6_NETWORK_BITS), strict=False))
    except ValueError:
        return address
