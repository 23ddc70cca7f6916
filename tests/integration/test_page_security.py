"""The page answers to its own names alone (DNS rebinding), and is not published together with the door."""

from __future__ import annotations

import http.client
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulators.trial.processes import Tieout
from tests.serving import served
from tieout.api.page import page_app
from tieout.settings import read_settings
from tieout.store.database import open_file
from tieout.store.tables import book_tables


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    books = open_file(tmp_path_factory.mktemp("books") / "books.sqlite", book_tables)
    with served(page_app(books, ("10.0.0.5", "tieout.example.com"))) as url:
        yield url
    books.close()


def status(page: str, host: str, path: str = "/api/events") -> int:
    connection = http.client.HTTPConnection(urlsplit(page).netloc, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.headers["x-content-type-options"] == "nosniff"
    connection.close()
    return answer.status


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8471", "localhost", "[::1]:8471", "10.0.0.5:8471", "tieout.example.com", "TIEOUT.example.com:80"],
)
def test_its_own_names_are_answered(page: str, host: str) -> None:
    assert status(page, host) == 200


@pytest.mark.parametrize("path", ["/", "/api/events", "/api/counts", "/health", "/runs/R1", "/style.css"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "tieout.example.com.evil.example", "localhost@evil.example", "", "*"],
)
def test_any_other_name_is_refused(page: str, host: str, path: str) -> None:
    assert status(page, host, path) == 400


def test_publishing_the_door_does_not_publish_the_page(tmp_path: Path) -> None:
    own = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    address = next((name for name in own if ":" not in name and not name.startswith("127.")), "127.0.0.2")
    installed = Tieout(tmp_path, variables={"TIEOUT_HOST": "0.0.0.0"})
    installed.start("serve")
    try:
        installed.wait_until_serving()
        socket.create_connection((address, installed.webhook_port), 2).close()
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((address, installed.page_port), 2)
    finally:
        installed.stop()


def test_names_are_names() -> None:
    assert read_settings(page_names="a.example b.example").page_names
    with pytest.raises(Exception, match="page_names"):
        read_settings(page_names="*")
