"""The page and its JSON: the list, one run, counts; limits, escaping, headers; nothing but reading, and only from here."""

from __future__ import annotations

import html
import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from simulators.trial.processes import Tieout
from tests.serving import served
from tieout.api.page import page_app
from tieout.domain.facts import PAYMENT_SUCCEEDED, Fact
from tieout.domain.workflow import format as workflow_file
from tieout.kernel.failures import Fix
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.rest_run import Unsaved, park_run
from tieout.operations.start_run import start_runs
from tieout.store import lanes, states
from tieout.store.database import Database, open_file
from tieout.store.runs import Step
from tieout.store.tables import book_tables

HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}"
TEMPLATE = Path(__file__).parents[2] / "src" / "tieout" / "templates" / "order_to_cash.toml"
AT = 1_790_000_000.0


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three events: one parked with hostile words, one ignored, one that waits."""
    books = open_file(tmp_path_factory.mktemp("books") / "books.sqlite", book_tables)
    _fill(books)
    with served(page_app(books)) as url:
        yield url
    books.close()


def _fill(books: Database) -> None:
    published = publish_workflow(books, workflow_file.read(TEMPLATE.read_text()), AT)
    row = {"connection": "stripe", "livemode": False, "reason": "", "received_at": AT}
    rows = [
        {"seq": 1, "event_id": "evt_1", "type": "charge.succeeded", "lane": "cus_1", "state": states.QUEUED},
        {"seq": 2, "event_id": "evt_2", "type": f"price.created{HOSTILE}", "lane": HOSTILE, "state": states.IGNORED},
        {"seq": 3, "event_id": "evt_3", "type": "charge.succeeded", "lane": "cus_3", "state": states.QUEUED},
    ]
    with books.transaction() as db:
        lanes.add_events(db, [row | one for one in rows])
        event = lanes.event(db, 1)
    run = start_runs(books, event, [published], Fact(PAYMENT_SUCCEEDED, "pi_1"), AT)[0]
    reasons = [["name", f"order.name{HOSTILE}", HOSTILE]]
    outcome = {"value": {"name": HOSTILE}, "way": None, "reasons": reasons}
    order: dict[str, Any] = {"value": {"name": "Jürgen Łukasz 佐藤 \u202e"}, "way": None, "reasons": []}
    done = Unsaved(0, (Step("read_payment", "stripe_fetch", False, outcome, AT), Step("order", "t", False, order, AT)))
    park_run(books, run, done, "read_order", Fix("x.y", f"Correct {HOSTILE}, then replay.", f"said {HOSTILE}"), AT)


def ask(url: str, path: str, method: str = "GET") -> Answered:
    """One request, the path exactly as given."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answered(response.status, headers, response.read().decode())
    finally:
        connection.close()


def test_the_list_is_there_for_people_and_for_machines(page: str) -> None:
    lines = ask(page, "/api/events").json()
    assert [line["event_id"] for line in lines] == ["evt_3", "evt_2", "evt_1"], "the newest first"
    assert [line["state"] for line in lines] == ["queued", "ignored", "parked"]
    assert [line["run"] for line in lines] == ["", "", "R1"]
    assert [line["event_id"] for line in ask(page, "/api/events?limit=1").json()] == ["evt_3"]
    assert [line["event_id"] for line in ask(page, "/api/events?state=parked").json()] == ["evt_1"]
    assert ask(page, "/api/counts").json() == {"acked": 3, "applied": 0, "parked": 1, "ignored": 1, "open": 1}
    overview = ask(page, "/").text
    assert "3 events acknowledged: 0 applied, 1 parked, 1 ignored, 1 open." in overview
    assert '<a href="/runs/R1">pi_1</a>' in overview
    assert "pi_1" not in ask(page, "/?state=ignored").text


def test_one_run_tells_why_and_what_came_of_each_step(page: str) -> None:
    found = ask(page, "/api/runs/R1").json()
    assert (found["workflow"], found["version"], found["line"]["node"]) == ("order_to_cash", 1, "read_order")
    assert found["line"]["sentence"] == f"Correct {HOSTILE}, then replay."
    assert [step["path"] for step in found["steps"]] == ["read_payment", "order"]
    shown = ask(page, "/runs/R1").text
    assert "Jürgen Łukasz 佐藤 \\u202e" in html.unescape(shown), (
        "names as people write them, and nothing breaks on half of one"
    )
    assert "workflow order_to_cash version 1" in shown
    assert "at read_order" in shown
    hostile = escape(HOSTILE)
    assert f'name = {hostile} <span class="from">from order.name{hostile}</span>' in shown, "value and expression"


@pytest.mark.parametrize("path", ["/", "/runs/R1", "/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/?state=parked"])
def test_nothing_that_came_from_outside_is_markup(page: str, path: str) -> None:
    text = ask(page, path).text
    assert "<script" not in text
    assert "alert(1)" not in text or "&lt;script&gt;alert(1)" in text
    assert "49" not in text.partition("<h1>")[2].partition("read_payment")[0], "templates are not evaluated"


def test_an_unknown_run_is_told_so(page: str) -> None:
    shown, machines = ask(page, "/runs/R999"), ask(page, "/api/runs/R999")
    assert (shown.status, machines.status) == (404, 404)
    assert "There is no run R999." in shown.text
    assert machines.json() == {"detail": "There is no run R999."}


@pytest.mark.parametrize(
    "path",
    [
        "/api/events?limit=0",
        "/api/events?limit=5001",
        "/api/events?limit=-1",
        "/api/events?limit=many",
        "/api/events?limit=9999999999999999999999",
        f"/api/events?state={'x' * 21}",
        f"/?state={'x' * 21}",
        f"/runs/{'R' * 81}",
        f"/api/runs/{'R' * 81}",
    ],
)
def test_what_is_too_much_is_refused(page: str, path: str) -> None:
    assert ask(page, path).status == 422


@pytest.mark.parametrize("path", ["/api/events?state=%27%20OR%201%3D1--", "/api/events?state=nonsense"])
def test_a_state_that_does_not_exist_has_no_events(page: str, path: str) -> None:
    assert ask(page, path).json() == []


@pytest.mark.parametrize(
    "path", ["/", "/runs/R1", "/runs/R999", "/style.css", "/api/events", "/api/counts", "/nothing"]
)
def test_every_answer_carries_the_headers_that_tie_a_browsers_hands(page: str, path: str) -> None:
    headers = ask(page, path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/runs/R1", "/api/events", "/api/runs/R1", "/api/counts", "/health"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed_here(page: str, path: str, method: str) -> None:
    assert ask(page, path, method).status == 405


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/vault.key", "/docs", "/redoc"])
def test_no_file_is_served(page: str, path: str) -> None:
    assert ask(page, path).status == 404


def test_the_style_is_a_file_of_its_own(page: str) -> None:
    served_style = ask(page, "/style.css")
    assert served_style.headers["content-type"].startswith("text/css")
    assert served_style.text == files("tieout.api").joinpath("page.css").read_text(encoding="utf-8")


def test_health_is_there_for_a_watchdog(page: str) -> None:
    assert ask(page, "/health").json() == {"ok": True, "away": [], "files": []}


def test_both_ports_listen_on_this_machine_only_unless_told_otherwise(tmp_path: Path) -> None:
    installed = Tieout(tmp_path)
    installed.start("serve")
    try:
        installed.wait_until_serving()
        own = _own_address()
        for port in (installed.page_port, installed.webhook_port):
            socket.create_connection(("127.0.0.1", port), 2).close()
            if own:
                with pytest.raises(OSError, match="refused"):
                    socket.create_connection((own, port), 2)
        assert ask(f"http://127.0.0.1:{installed.webhook_port}", "/").status == 404, "the door shows no page"
        assert ask(f"http://127.0.0.1:{installed.webhook_port}", "/api/events").status == 404
    finally:
        installed.stop()


def _own_address() -> str:
    """An address of this machine that is not the loopback; empty when it has none."""
    names = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    assert sys.platform == "linux"
    return next((name for name in names if ":" not in name and not name.startswith("127.")), "")
