"""One way out: every call to another system has a time-out, a size limit, a rate and two crash points."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

from tieout.connectors._deadline import BoundedSockets, allowing
from tieout.kernel import crash, permit

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0
ANSWER_READS_MAX = 4
SIGN_OF_LIFE_SECONDS = 5.0
BODY_BYTES_MAX = 16 * 1024 * 1024
ANSWER_BYTES_MAX = BODY_BYTES_MAX + 1024 * 1024  # with heads and interim answers
URL_CHARACTERS_MAX = 64 * 1024
CONNECTIONS_MAX = 16
RETRY_AFTER_SECONDS_MAX = 3600
RETRY_AFTER_DIGITS_MAX = 9
PLACES = ("stripe.read", "stripe.write", "p21.token", "p21.read", "p21.write", "webstore.read", "webstore.write")

crash.register(*(f"{place}.{moment}" for place in PLACES for moment in ("before_send", "after_send")))


class NotReached(Exception):
    """Provably nothing of the request left us: no address, refused, no TLS, no free connection."""


class HeldUp(NotReached):
    """This process was held up so long that the write may not begin any more; nothing of it left us."""


class Broken(Exception):
    """The request may have arrived; no complete, acceptable answer came back."""


class Silent(Broken):
    """And nothing else at that address is answered either: it is away, not only unable to answer this question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: header names are lower-case, ``body`` is decoded from any transfer compression."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text; undecodable bytes become replacement characters."""
        return self.body.decode("utf-8", "replace")

    @property
    def retry_after_seconds(self) -> int | None:
        """How long the other side wants to be left alone; None when it does not say so in seconds."""
        return retry_after_seconds(self.headers)


def retry_after_seconds(headers: Mapping[str, str]) -> int | None:
    """The same, of the headers of an answer that a library keeps for us; names are lower-case."""
    wish = headers.get("retry-after", "")
    if not wish.isascii() or not wish.isdecimal():
        return None
    return min(int(wish[:RETRY_AFTER_DIGITS_MAX]), RETRY_AFTER_SECONDS_MAX)


@dataclass(slots=True)
class Rate:
    """A token bucket: ``per_second`` calls, bursts of as many. Shared by the threads of one process."""

    per_second: float
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _ready_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> None:
        """Wait until one more call is allowed."""
        with self._lock:
            now = self.clock()
            earliest = now - 1.0 + 1.0 / self.per_second
            self._ready_at = max(self._ready_at, earliest) + 1.0 / self.per_second
            wait = self._ready_at - now - 1.0 / self.per_second
        if wait > 0:
            self.pause(wait)


class Wire:
    """Calls one base URL; never follows a redirect to another host, never turns certificate checks off.

    ``read_seconds`` is the longest silence that is borne; a whole answer may take four times as long.
    ``transport`` replaces sockets in simulations. ``ca_file`` is a PEM bundle for a private authority.
    """

    def __init__(
        self,
        base_url: str,
        *,
        rate: Rate | None = None,
        transport: httpx2.BaseTransport | None = None,
        read_seconds: float = READ_SECONDS,
        ca_file: str | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._rate = rate
        self._client = httpx2.Client(
            transport=transport or _sockets(ca_file),
            timeout=httpx2.Timeout(read_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def call(
        self,
        place: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Sequence[tuple[str, str]] = (),
        content: bytes | None = None,
    ) -> Reply:
        """One request to ``path`` below the base URL (or to an absolute URL).

        Raises NotReached or Broken; Silent for a question (not a write) when the other side is away altogether.
        """
        if self._rate:
            self._rate.take()
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        if len(url) > URL_CHARACTERS_MAX:
            raise NotReached(f"an address of {len(url):,} characters was to be called at {_host(self.base_url)}")
        crash.crash_point(f"{place}.before_send")
        if place.endswith(".write") and permit.has_expired():
            raise HeldUp(f"too much time passed before the first byte for {_host(url)}")
        try:
            reply = self._exchange(method, url, dict(headers or {}), query, content)
        except Broken as error:
            if place.endswith(".write") or self._lives():
                raise
            raise Silent(str(error)) from error
        crash.crash_point(f"{place}.after_send")
        return reply

    def _lives(self) -> bool:
        """Whether anything at all is answered at the base URL, whatever it says."""
        try:
            self._exchange("GET", self.base_url + "/", {}, (), None, httpx2.Timeout(SIGN_OF_LIFE_SECONDS))
        except (NotReached, Broken):
            return False
        return True

    def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        query: Sequence[tuple[str, str]],
        content: bytes | None,
        timeout: httpx2.Timeout | None = None,
    ) -> Reply:
        patience = timeout or self._client.timeout
        until = time.monotonic() + ANSWER_READS_MAX * (patience.read or READ_SECONDS)
        try:
            with (
                allowing(until, ANSWER_BYTES_MAX),
                self._client.stream(
                    method,
                    url,
                    headers=headers,
                    params=tuple(query) or None,
                    content=content,
                    timeout=patience,
                ) as response,
            ):
                return Reply(response.status_code, _lowered(response.headers), _body(response))
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol) as error:
            raise NotReached(f"{type(error).__name__} at {_host(url)}: {error}") from error
        except httpx2.LocalProtocolError:  # its words quote the header that was not allowed, which may be a secret
            raise Broken(f"a request that HTTP does not allow was to be sent to {_host(url)}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise Broken(f"{type(error).__name__} at {_host(url)}: {error}") from error

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()


def _lowered(headers: httpx2.Headers) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _body(response: httpx2.Response) -> bytes:
    taken = bytearray()
    for chunk in response.iter_bytes():
        taken += chunk
        if len(taken) > BODY_BYTES_MAX:
            raise Broken(f"the answer is larger than {BODY_BYTES_MAX} bytes")
    return bytes(taken)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "an address without a host"
    except ValueError:
        return "an address that cannot be read"


def _sockets(ca_file: str | None) -> httpx2.HTTPTransport:
    """The ordinary transport, on sockets that keep to the end of their call."""
    limits = httpx2.Limits(max_connections=CONNECTIONS_MAX)
    made = httpx2.HTTPTransport(verify=ca_file or True, limits=limits, trust_env=False)
    made._pool._network_backend = BoundedSockets()  # the library takes none by its front door
    return made
