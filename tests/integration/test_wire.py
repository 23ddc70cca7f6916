"""The one way out over real sockets: an answer has an end, and an error never tells what was in a header."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tieout.connectors._wire import Broken, NotReached, Reply, Wire

READ_SECONDS = 0.25
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
ENDLESS_NAME = (
    b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\x03"  # gzip: a file name that does not end gives no byte of content
)


@contextmanager
def dripping(head: bytes, drop: bytes) -> Iterator[str]:
    """The address of a server that answers one byte at a time, each before the client loses its patience."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(head)
            while not over.wait(READ_SECONDS / 4):
                try:
                    connection.sendall(drop)
                except OSError:
                    return

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (HEAD + b"\r\n", b"x"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + ENDLESS_NAME, b"x"),
        (HEAD + b"X-Long: ", b"x"),
        (b"H", b""),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        (HEAD.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked") + b"\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "compressed", "a header", "the first line", "headers", "1xx", "103", "chunks"],
)
@pytest.mark.parametrize("place", ["p21.write", "stripe.read"])
def test_an_answer_that_drips_in_has_an_end(head: bytes, drop: bytes, place: str) -> None:
    """Case D5: only the body had an end; dripped header bytes and endless 1xx held a worker for ever."""
    with dripping(head, drop) as url:
        began = time.monotonic()
        with pytest.raises(Broken, match=r"takes too long|Timeout"):
            Wire(url, read_seconds=READ_SECONDS).call(place, "POST", "/")
    assert time.monotonic() - began < 40 * READ_SECONDS


@pytest.mark.parametrize("flood", [b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000])
def test_an_answer_whose_head_never_ends_is_given_up_before_its_time(flood: bytes) -> None:
    with flooding(flood) as url:
        began = time.monotonic()
        with pytest.raises(Broken):
            Wire(url, read_seconds=60).call("p21.write", "POST", "/")
    assert time.monotonic() - began < 30


@contextmanager
def flooding(said: bytes) -> Iterator[str]:
    """The address of a server that says the same as fast as it can."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(4096)
            while True:
                connection.sendall(said * 100)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join()
        listening.close()


@pytest.mark.parametrize("path", ["/" + "a" * 10_000_000, "/" + "a" * 100_000, "http://[bad/", "https://x:99999999/"])
def test_an_address_that_cannot_be_called_is_its_own_error(path: str) -> None:
    """Case D9: a path of ten megabytes from a router raised inside the handler of the error."""
    with pytest.raises((NotReached, Broken)) as told:
        Wire("http://127.0.0.1:9").call("p21.read", "GET", path)
    assert len(str(told.value)) < 1_000


def test_an_answer_is_read_whole_and_unpacked() -> None:
    body = gzip.compress(b'{"a": 1}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with dripping(head + body, b"") as url:
        assert Wire(url).call("p21.read", "GET", "/").body == b'{"a": 1}'


def test_an_error_does_not_tell_what_was_in_a_header() -> None:
    with dripping(HEAD, b"") as url, pytest.raises(Broken) as told:
        Wire(url).call("p21.write", "POST", "/", headers={"X-Api-Key": "sup3r-secret\n"})
    assert "sup3r-secret" not in str(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("3601", 3600),
        ("9" * 5_000, 3600),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("７", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_the_wish_to_be_left_alone_is_heard_up_to_an_hour(wish: str, seconds: int | None) -> None:
    assert Reply(429, {"retry-after": wish}, b"").retry_after_seconds == seconds
