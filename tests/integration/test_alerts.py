"""Alerts can be read: on the command line, on the page and by machines, the newest first; nothing in them is markup."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulators.trial.processes import get_json
from tests.command_line import tieout
from tests.serving import served
from tieout.api.page import ALERTS_SHOWN, page_app
from tieout.app.house import open_house
from tieout.settings import Settings
from tieout.store import alerts
from tieout.store.database import open_file
from tieout.store.tables import book_tables

HOSTILE = "<script>alert(1)</script>[bold]"
ABOUT = ["p21", "evt_1", HOSTILE, "R3-2 tell_sales", "R4"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("alerts")
    house = open_house(Settings(folder=found))
    with house.books.transaction() as db:
        for place, about in enumerate(ABOUT):
            alerts.add(db, f"code.{place}", f"Sentence {place} {HOSTILE}.", about, 1_790_000_000.0 + place)
    house.close()
    return found


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[str]:
    books = open_file(folder / "books.sqlite", book_tables)
    with served(page_app(books)) as url:
        yield url
    books.close()


def test_the_command_lists_the_newest_first(folder: Path) -> None:
    lines = tieout(folder, "alerts").out.splitlines()
    assert lines[0].split() == ["when", "code", "about", "sentence"]
    assert lines[1].split() == ["2026-09-21T14:13:24Z", "code.4", "R4", "Sentence", "4", f"{HOSTILE}."]
    assert len(lines) == 1 + len(ABOUT)
    assert len(tieout(folder, "alerts", "--limit", "2").out.splitlines()) == 1 + 2
    assert tieout(folder, "alerts", "--limit", "0").status == 2


def test_machines_get_the_same_from_both(folder: Path, page: str) -> None:
    listed = json.loads(tieout(folder, "alerts", "--json").out)
    assert [one["about"] for one in listed] == ABOUT[::-1]
    assert [told(one) for one in get_json(f"{page}/api/alerts")] == [told(one) for one in listed]
    assert [told(one) for one in get_json(f"{page}/api/alerts?limit=1")] == [told(one) for one in listed[:1]]


def test_the_page_shows_the_newest_few_and_leads_to_their_runs(page: str) -> None:
    with urllib.request.urlopen(page, timeout=10) as answer:
        shown = answer.read().decode()
    assert shown.count('<td class="why">Sentence ') == ALERTS_SHOWN
    assert '<a href="/runs/R4">R4</a>' in shown
    assert '<a href="/runs/R3-2">R3-2 tell_sales</a>' in shown
    assert "<script" not in shown


def test_where_there_is_none_nothing_is_said(tmp_path: Path) -> None:
    books = open_file(tmp_path / "books.sqlite", book_tables)
    with served(page_app(books)) as url, urllib.request.urlopen(url, timeout=10) as answer:
        assert "Newest alerts" not in answer.read().decode()
    books.close()


def told(one: dict[str, Any]) -> dict[str, Any]:
    """An alert without its moment: the page counts seconds, a person's JSON has the date."""
    return {name: value for name, value in one.items() if name != "at"}
