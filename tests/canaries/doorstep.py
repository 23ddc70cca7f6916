"""Who comes to the webhook door with bad intent or bad luck, and what must become of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from simulators.stripe.signature import signature_header
from tieout.api.webhooks import Receiver, webhook_app
from tieout.processes.intake import Intake
from tieout.store.database import Database, open_file
from tieout.store.tables import inbox, inbox_tables

SECRET, NOW, CARD = "whsec_" + "d" * 24, 1_790_000_000.0, "4242424242424242"


def door() -> Iterator[str]:
    """Forged, stale, foreign, doubled, with a card number, and a disk that keeps nothing."""
    with TemporaryDirectory() as folder:
        box = open_file(Path(folder) / "inbox.sqlite", inbox_tables)
        try:
            yield from _wrongs(box)
        finally:
            box.close()


def _wrongs(box: Database) -> Iterator[str]:
    for what, status, (body, headers) in (
        ("a forged event", 400, (_event(), _signed(_event(), secret="whsec_" + "e" * 24))),
        ("an event signed an hour ago", 400, (_event(), _signed(_event(), at=NOW - 3600))),
        ("an event of the live mode", 400, (_event(livemode=True), _signed(_event(livemode=True)))),
        ("a genuine event", 200, (_event(), _signed(_event()))),
        ("the same event again", 200, (_event(), _signed(_event()))),
        ("an event with a card number", 200, (_event(id="evt_card", said=CARD), _signed(_event(id="evt_card", said=CARD)))),
    ):  # fmt: skip
        if (answered := _post(box, body, headers)) != status:
            yield f"{what} is answered {answered} instead of {status}"
    with box.reading() as db:
        bodies = list(db.execute(sa.select(inbox.c.body)).scalars())
    if len(bodies) != 2:
        yield f"{len(bodies)} events are kept instead of 2"
    if any(CARD in body for body in bodies):
        yield "a card number is kept"
    with box.transaction() as db:
        db.exec_driver_sql("DROP TABLE inbox")
    if _post(box, _event(id="evt_lost"), _signed(_event(id="evt_lost"))) == 200:
        yield "an event that could not be kept was acknowledged"


def _event(**changes: Any) -> bytes:
    charge = {"id": "ch_1", "object": "charge", "description": changes.pop("said", "")}
    whole = {"id": "evt_1", "object": "event", "type": "charge.succeeded", "created": int(NOW), "livemode": False,
             "data": {"object": charge}, **changes}  # fmt: skip
    return json.dumps(whole).encode()


def _signed(body: bytes, secret: str = SECRET, at: float = NOW) -> dict[str, str]:
    return {"stripe-signature": signature_header(body, [secret], int(at)), "content-type": "application/json"}


async def _to_the_end(answering: Any) -> None:
    """Answer, and let what was begun beside it come to its end too."""
    await answering
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)


def _post(box: Database, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST to the application, without sockets."""
    intake = Intake(box)
    app = webhook_app(intake, lambda: {"stripe": Receiver("stripe", (SECRET,), False, "")}, lambda: NOW)
    scope = {
        "type": "http", "method": "POST", "path": "/webhooks/stripe/stripe", "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    answered: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    try:
        asyncio.run(_to_the_end(app(scope, receive, send)))
    finally:
        intake.close()
    return answered[0]
