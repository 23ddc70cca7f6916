"""``tieout status``: whether all is well, in a few lines."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import typer

from tieout.app.worker_names import live_workers
from tieout.cli._printing import NEEDS_A_PERSON
from tieout.cli._shared import AsJson, Folder, house_of, print_json, print_table
from tieout.queries.status import Status, status_of
from tieout.settings import Settings

KNOCK_SECONDS = 0.5
GOOD, BAD, DULL = "ok", "look", "-"
STYLES = {GOOD: "green", BAD: "bold red", DULL: "dim"}


@dataclass(frozen=True, slots=True)
class Installation:
    """Where an installation stands: its workers at work, whether door and page answer, and what its books say."""

    workers: tuple[str, ...]
    door: bool
    page: bool
    status: Status


def status(folder: Folder = None, as_json: AsJson = False) -> None:
    """Say in a few lines whether all is well: processes, connections, what waits."""
    with house_of(folder) as house:
        settings = house.settings
        found = Installation(
            tuple(live_workers(settings.folder)),
            _answers(settings.host, settings.webhook_port),
            _answers(settings.page_host, settings.page_port),
            status_of(house.books, house.ports.clock()),
        )
    rows = tuple(_rows(found, settings))
    if as_json:
        print_json(found)
    else:
        print_table(("", "what", "how it stands"), rows, STYLES)
    raise typer.Exit(NEEDS_A_PERSON if any(mark == BAD for mark, _, _ in rows) else 0)


def _rows(found: Installation, settings: Settings) -> Iterator[tuple[str, str, str]]:
    workers = ", ".join(found.workers)
    yield _mark(bool(workers)), "Worker", f"{workers} at work" if workers else "none is at work; start one: tieout work"
    yield _process("Webhook door", found.door, f"{settings.host}:{settings.webhook_port}")
    yield _process("Page", found.page, f"{settings.page_host}:{settings.page_port}")
    for one in found.status.connections:
        yield _mark(not one.why), f"{one.connector} {one.name}", one.why or "not paused; ask it with: tieout probe"
    if not found.status.connections:
        yield BAD, "Connections", "none yet; add one: tieout connect"
    events = found.status.events
    yield DULL, "Events", f"{events.acked:,} taken, {events.applied:,} applied, {events.open:,} under way"
    yield _mark(not events.parked), "Parked", _so_many(events.parked, "tieout runs --state parked")
    yield (
        _mark(not found.status.questions),
        "Questions of the books",
        _so_many(found.status.questions, "tieout exceptions"),
    )
    yield DULL, "Alerts of the last 24 hours", _so_many(found.status.alerts, "tieout alerts")


def _process(title: str, answers: bool, address: str) -> tuple[str, str, str]:
    words = f"answers at {address}" if answers else f"does not answer at {address}; start it: tieout serve"
    return _mark(answers), title, words


def _mark(good: bool) -> str:
    return GOOD if good else BAD


def _so_many(number: int, command: str) -> str:
    return f"{number:,}; see them: {command}" if number else "none"


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), KNOCK_SECONDS):
            return True
    except OSError:
        return False
