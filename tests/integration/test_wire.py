"""The one way out over real sockets: an answer has an end, and an error never tells what was in a header."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tieout.connectors._wire import Broken, Reply, Wire

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
    "head",
    [HEAD + b"\r\n", HEAD + b"Content-Encoding: gzip\r\n\r\n" + ENDLESS_NAME],
    ids=["plain", "compressed, without content"],
)
def test_an_answer_that_drips_in_has_an_end(head: bytes) -> None:
    with dripping(head, b"x") as url:
        began = time.monotonic()
        with pytest.raises(Broken, match="takes too long"):
            Wire(url, read_seconds=READ_SECONDS).call("p21.write", "POST", "/")
    assert time.monotonic() - began < 40 * READ_SECONDS


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
