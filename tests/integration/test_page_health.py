"""The page and its health: a connection is away when it is worth an alert, and not before."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from html import escape
from pathlib import Path

from tests.serving import served
from tieout.api.page import page_app
from tieout.kernel.failures import Retry
from tieout.operations.pause_connection import pause_connection, resume_connection
from tieout.store import connections
from tieout.store.database import open_file
from tieout.store.tables import book_tables

AT = 1_790_000_000.0
SILENT = Retry("p21.down", "P21 is <b>silent</b>.", outage=True)


def ask(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_connection_is_away_when_it_is_worth_an_alert_and_not_before(tmp_path: Path) -> None:
    books, at = open_file(tmp_path / "books.sqlite", book_tables), AT
    with books.transaction() as db:
        connections.put(db, "p21", "p21", {}, b"")
    with served(page_app(books)) as url:
        for _ in range(connections.WORTH_AN_ALERT - 1):
            at = pause_connection(books, "p21", SILENT, at)
            assert ask(f"{url}/health")[0] == 200, "a pause is not yet an outage"
            assert "is away" not in ask(url)[1]
        pause_connection(books, "p21", SILENT, at)
        status, body = ask(f"{url}/health")
        assert (status, json.loads(body)) == (503, {"ok": False, "away": [f"p21: {SILENT.sentence}"], "files": []})
        assert f"p21 is away: {escape(SILENT.sentence)}" in ask(url)[1]
        resume_connection(books, "p21")
        assert ask(f"{url}/health")[0] == 200
    books.close()
