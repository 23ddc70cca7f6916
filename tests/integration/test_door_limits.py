"""The door under strangers: half-open, slow, huge and unsigned requests shut out nobody else (reliability A16, A17)."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from tieout.api.webhooks import Receiver, webhook_app
from tieout.app import bounded_http
from tieout.app.serving import config_of
from tieout.processes.intake import Intake
from tieout.store.database import open_file
from tieout.store.tables import inbox_tables

SECRET = "whsec_" + "a" * 24
BEGIN = b"POST /webhooks/stripe/stripe HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SHORT_SECONDS = 1.0


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    box = open_file(tmp_path_factory.mktemp("door") / "inbox.sqlite", inbox_tables)
    intake = Intake(box)
    app = webhook_app(intake, lambda: {"stripe": Receiver("stripe", (SECRET,), False, "")}, time.time)
    with bounded(app) as (found, _):
        yield found
    intake.close()
    box.close()


@contextmanager
def bounded(app: Any) -> Iterator[tuple[int, uvicorn.Server]]:
    server = uvicorn.Server(config_of(app, "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1], server
    server.should_exit = True
    thread.join()


@contextmanager
def connected(port: int, address: str = "127.0.0.1", seconds: float = 10.0) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), seconds, (address, 0)) as found:
        yield found


def head(length: int, stamp: int | None = None, mark: str = "0" * 64) -> bytes:
    """The head of a request whose signature header is well formed."""
    stamp = int(time.time()) if stamp is None else stamp
    return BEGIN + f"Stripe-Signature: t={stamp},v1={mark}\r\nContent-Length: {length}\r\n\r\n".encode()


def beginning_of(said: str) -> bytes:
    """What a request has said by then. Made when it is sent: the door turns a stale signature away unread."""
    return {"": b"", "a part of the head": BEGIN, "a part of the body": head(1000) + b"{"}[said]


def genuine(note: str = "") -> bytes:
    charge = {"id": "ch_1", "object": "charge"}
    event = {"id": f"evt_{time.time_ns()}", "type": "charge.succeeded", "created": 1, "livemode": False, "note": note}
    body, stamp = json.dumps({**event, "data": {"object": charge}}).encode(), int(time.time())
    mark = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return head(len(body), stamp, mark) + body


def status(connection: socket.socket) -> int:
    """The status of the next answer; 0 when the connection is closed without one."""
    try:
        answer = connection.recv(4096)
    except ConnectionResetError:
        return 0
    return int(answer.split(b" ", 2)[1]) if answer else 0


def delivered(port: int, address: str = "127.0.0.1", note: str = "") -> int:
    with connected(port, address, 3.0) as connection:
        connection.sendall(genuine(note))
        return status(connection)


def open_many(stack: ExitStack, port: int, first: bytes, count: int) -> list[socket.socket]:
    """So many connections on which only that is said."""
    opened = [stack.enter_context(connected(port)) for _ in range(count)]
    for one in opened:
        try:
            one.sendall(first)
        except OSError:
            continue
    return opened


@pytest.mark.parametrize("said", ["", "a part of the head", "a part of the body"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"], ids=["the same address", "another address"])
def test_half_open_connections_shut_out_nobody(port: int, said: str, address: str) -> None:
    with ExitStack() as stack:
        open_many(stack, port, beginning_of(said), 1_200)
        begun = time.monotonic()
        assert [delivered(port, address) for _ in range(20)] == [200] * 20
        assert time.monotonic() - begun < bounded_http.REQUEST_SECONDS_MAX, "before the half open ones are ended"


def test_connections_that_idle_after_an_answer_shut_out_nobody(port: int) -> None:
    with ExitStack() as stack:
        open_many(stack, port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 600)
        assert delivered(port) == 200


def test_slow_senders_that_come_again_do_not_cut_off_who_has_always_answered(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who keeps the door waiting goes before an old connection that only idles between its requests (case T8)."""
    monkeypatch.setattr(bounded_http, "SLOW_SECONDS", 0.05)
    asked = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack, connected(port) as honest:
        honest.sendall(asked)
        assert honest.recv(4096).startswith(b"HTTP/1.1 404")
        for _ in range(3):
            open_many(stack, port, BEGIN, bounded_http.ADDRESS_CONNECTIONS_MAX - 1)
            time.sleep(0.2)
        honest.sendall(asked)
        assert honest.recv(4096).startswith(b"HTTP/1.1 404")


def test_one_address_holds_only_so_many_connections(port: int) -> None:
    with ExitStack() as stack:
        opened = open_many(stack, port, BEGIN, bounded_http.ADDRESS_CONNECTIONS_MAX + 50)
        for one in opened:
            one.settimeout(0.01)
        until = time.monotonic() + bounded_http.REQUEST_SECONDS_MAX / 2
        while (left := sum(map(is_open, opened))) > bounded_http.ADDRESS_CONNECTIONS_MAX and time.monotonic() < until:
            time.sleep(0.05)
        assert left == bounded_http.ADDRESS_CONNECTIONS_MAX


def is_open(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


@pytest.mark.parametrize("said", ["", "a part of the head", "a part of the body"])
def test_a_slow_request_is_ended(port: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "REQUEST_SECONDS_MAX", SHORT_SECONDS)
    with connected(port) as connection:
        assert answer_to_a_trickle(connection, beginning_of(said)) == 408
        assert connection.recv(1) == b"", "and the connection is closed"


def test_a_second_request_on_a_connection_may_not_be_slow_either(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "REQUEST_SECONDS_MAX", SHORT_SECONDS)
    for first in (b"\r\n", BEGIN):
        with connected(port) as connection:
            connection.sendall(genuine())
            assert status(connection) == 200
            assert answer_to_a_trickle(connection, first) == 408


def answer_to_a_trickle(connection: socket.socket, first: bytes) -> int:
    """The status of the answer while a byte comes every twentieth of a second."""
    connection.sendall(first)
    connection.settimeout(0.05)
    for _ in range(100):
        try:
            return status(connection)
        except TimeoutError:
            if first:
                connection.sendall(b"\n" if first == b"\r\n" else b"a")
    raise AssertionError("the connection stays open")


def test_a_connection_may_idle_between_two_requests(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_http, "REQUEST_SECONDS_MAX", SHORT_SECONDS)
    with connected(port) as connection:
        for _ in range(2):
            connection.sendall(genuine())
            assert status(connection) == 200
            time.sleep(2 * SHORT_SECONDS)


@pytest.mark.parametrize(
    "flood",
    [b"X-Big: " + b"a" * 65_536, b"a: b\r\n" * 10_000],
    ids=["one header", "many headers"],
)
def test_a_huge_head_is_refused(port: int, flood: bytes) -> None:
    with connected(port) as connection:
        assert sent_until_closed(connection, BEGIN + flood, 1_000) < 1_000
    assert delivered(port) == 200


def test_a_head_of_sixteen_kilobytes_is_taken(port: int) -> None:
    padded = genuine().replace(b"Host: x\r\n", b"Host: x\r\nX-Pad: " + b"a" * 15_000 + b"\r\n")
    with connected(port) as connection:
        connection.sendall(padded)
        assert status(connection) == 200


def test_a_body_without_end_is_cut_off(port: int) -> None:
    with connected(port) as connection:
        assert sent_until_closed(connection, head(10**12) + b"a" * 1_000_000, 1_000) < 1_000
    chunked = head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked") + b"0\r\n"
    with connected(port) as connection:
        assert sent_until_closed(connection, chunked + b"a: b\r\n" * 100_000, 1_000) < 1_000
    assert delivered(port) == 200


def sent_until_closed(connection: socket.socket, data: bytes, times: int) -> int:
    """How often the data went out (the first time whole, then its second half) before the other side closed."""
    for count in range(times):
        try:
            connection.sendall(data if count == 0 else data[len(data) // 2 :])
        except OSError:
            return count
    return times


@pytest.mark.parametrize("header", ["", "t=1", "v1=" + "0" * 64, "t=1,v1=" + "0" * 64, "t=9999999999,v1=" + "0" * 64])
def test_a_hopeless_signature_header_is_refused_before_the_body(port: int, header: str) -> None:
    with connected(port) as connection:
        connection.sendall(BEGIN + f"Stripe-Signature: {header}\r\nContent-Length: 1000\r\n\r\n".encode())
        assert status(connection) == 400


@pytest.mark.parametrize("length", ["0" * 5_000, "0" * 5_000 + "2", "9" * 5_000, "1e3", "-1", "+1", "0x10"])
def test_a_length_that_is_no_length_is_refused_without_a_traceback(port: int, length: str, caplog: Any) -> None:
    """Case D9: 5,000 leading zeros were a 500 with a traceback in the log."""
    with connected(port) as connection:
        connection.sendall(head(0).replace(b"Content-Length: 0", f"Content-Length: {length}".encode()))
        assert status(connection) in (400, 413)
    assert "Traceback" not in caplog.text
    assert delivered(port) == 200


def test_unsigned_bodies_do_not_fill_the_memory(port: int) -> None:
    before = resident_bytes()
    with ExitStack() as stack:
        open_many(stack, port, head(2**20) + b"a" * (2**20 - 100), 190)
        assert delivered(port) == 200
        assert delivered(port, "127.0.0.2", note="x" * 200_000) == 200
        assert resident_bytes() - before < 4 * bounded_http.UNFINISHED_BYTES_MAX


UNKNOWN = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
UNSIGNED = head(0)
PADDED = UNKNOWN.replace(b"Host: x", b"X-Pad: " + b"a" * 15_000)
LARGE = BEGIN + b"Content-Length: 900000\r\n\r\n" + b"a" * 900_000


@pytest.mark.parametrize("asked", [UNKNOWN, UNSIGNED, PADDED, LARGE], ids=["short", "posts", "long heads", "bodies"])
def test_requests_without_end_whose_answers_nobody_reads_are_cut_off_and_fill_no_memory(
    port: int, asked: bytes
) -> None:
    """Case D1: one connection that pipelines and never reads took 500 MB, and others' events timed out."""
    before, many = resident_bytes(), asked * max(1, 1_000_000 // len(asked))
    with ExitStack() as stack:
        for _ in range(20):
            one = stack.enter_context(connected(port, "127.0.0.3", 1.0))
            assert sent_until_closed(one, many, 100) < 100
        assert delivered(port) == 200
        assert resident_bytes() - before < bounded_http.UNFINISHED_BYTES_MAX
    assert delivered(port, "127.0.0.3") == 200


def test_a_few_requests_that_follow_each_other_at_once_are_all_answered(port: int) -> None:
    asked = [genuine(str(place)) for place in range(bounded_http.PIPELINED_MAX)]
    with connected(port) as connection:
        connection.sendall(b"".join(asked))
        answers = b""
        while answers.count(b"HTTP/1.1 200") < len(asked):
            more = connection.recv(4096)
            assert more, f"closed after {answers!r}"
            answers += more


def test_an_answer_that_is_not_read_in_time_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sibling on the page's port, whose answers are long."""
    monkeypatch.setattr(bounded_http, "ANSWER_SECONDS_MAX", SHORT_SECONDS)

    async def long_answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"20000000")]})
        await send({"type": "http.response.body", "body": b"a" * 20_000_000})

    with bounded(long_answer) as (port, server), ExitStack() as stack:
        for closing in (b"", b"Connection: close\r\n"):
            for _ in range(5):
                one = stack.enter_context(connected(port))
                one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + closing + b"\r\n")
        until = time.monotonic() + 10 * SHORT_SECONDS
        while server.server_state.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.server_state.connections


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
