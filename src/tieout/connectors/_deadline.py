"""An end to every call: bytes that drip in, header lines or interim answers without end hold nobody up (case D5).

The time-out of the library is for one silence; here each read of the socket is given what is left of the whole call.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpcore2


@dataclass(slots=True)
class Allowance:
    """What one call may still take: until when (of the monotonic clock), and how many bytes may come in."""

    until: float
    bytes_left: int

    def seconds(self, wanted: float | None, failure: type[Exception]) -> float:
        """How long one step may take; raises ``failure`` when the call has had its time."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise failure("the answer takes too long to come in")
        return left if wanted is None else min(left, wanted)


_ALLOWED: ContextVar[Allowance | None] = ContextVar("allowed", default=None)


@contextmanager
def allowing(until: float, bytes_max: int) -> Iterator[None]:
    """Let the calls of this thread in this block end by then."""
    token = _ALLOWED.set(Allowance(until, bytes_max))
    try:
        yield
    finally:
        _ALLOWED.reset(token)


class _Stream(httpcore2.NetworkStream):
    """A connection that is read and written within the allowance of the call that uses it."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        allowed = _ALLOWED.get()
        if allowed is None:
            return self._inner.read(max_bytes, timeout)
        taken = self._inner.read(max_bytes, allowed.seconds(timeout, httpcore2.ReadTimeout))
        allowed.bytes_left -= len(taken)
        if allowed.bytes_left < 0:
            raise httpcore2.ReadError("the answer is too large")
        return taken

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _seconds(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _seconds(timeout, httpcore2.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class BoundedSockets(httpcore2.SyncBackend):
    """Sockets whose every step is within the allowance of its call."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect in time."""
        seconds = _seconds(timeout, httpcore2.ConnectTimeout)
        return _Stream(super().connect_tcp(host, port, seconds, local_address, socket_options))


def _seconds(wanted: float | None, failure: type[Exception]) -> float | None:
    allowed = _ALLOWED.get()
    return wanted if allowed is None else allowed.seconds(wanted, failure)
