"""The webhook door over HTTP: what is signed is kept before 200, whatever it is; what is not is refused with an empty
body (Stripe B3 to B5; reliability A1, A4, A10 to A16, A20; security S17 to S24)."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.serving import served
from tieout.api.webhooks import Receiver, webhook_app
from tieout.operations.take_up_events import take_up_events
from tieout.processes.intake import Intake
from tieout.queries.close import pending_payments
from tieout.queries.disputes import last_closed
from tieout.store import alerts, inbox
from tieout.store.database import Database, open_file
from tieout.store.tables import book_tables, inbox_tables

SECRET, OLD_SECRET = "whsec_new" + "a" * 24, "whsec_old" + "b" * 24


def event(**changes: Any) -> dict[str, Any]:
    charge = {"id": "ch_1", "object": "charge", "customer": "cus_1", "payment_intent": "pi_1"}
    snapshot = {
        "id": "evt_1",
        "object": "event",
        "type": "charge.succeeded",
        "created": 1_790_000_000,
        "livemode": False,
        "data": {"object": charge},
    }
    return {**snapshot, **changes}


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    stamp = int(time.time() if at is None else at)
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={stamp},v1={mark}", "content-type": "application/json"}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_file(tmp_path_factory.mktemp("door") / "inbox.sqlite", inbox_tables)
    yield database
    database.close()


@pytest.fixture(scope="module")
def door(box: Database) -> Iterator[httpx2.Client]:
    intake = Intake(box)
    receivers = {"stripe": Receiver("stripe", (SECRET, OLD_SECRET), False, "acct_1")}
    with served(webhook_app(intake, lambda: receivers, time.time)) as url, httpx2.Client(base_url=url) as client:
        yield client
    intake.close()


@pytest.fixture(autouse=True)
def empty(box: Database) -> None:
    with box.transaction() as db:
        db.exec_driver_sql("DELETE FROM inbox")


def post(door: httpx2.Client, body: bytes, headers: dict[str, str] | None = None) -> httpx2.Response:
    return door.post("/webhooks/stripe/stripe", content=body, headers=signed(body) if headers is None else headers)


def kept(box: Database) -> list[inbox.Kept]:
    with box.reading() as db:
        return inbox.waiting(db, 1_000)


def test_a_signed_event_is_on_disk_when_it_is_acknowledged(door: httpx2.Client, box: Database) -> None:
    answer = post(door, json.dumps(event()).encode())
    assert (answer.status_code, answer.content) == (200, b"")
    (one,) = kept(box)
    assert (one.event_id, one.type, one.lane, one.object_id) == ("evt_1", "charge.succeeded", "cus_1", "ch_1")


def test_fifty_deliveries_at_once_are_acknowledged_and_kept_once(door: httpx2.Client, box: Database) -> None:
    body, statuses = json.dumps(event()).encode(), list[int]()
    threads = [threading.Thread(target=lambda: statuses.append(post(door, body).status_code)) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 50
    assert len(kept(box)) == 1


SHAPES: list[object] = [
    None,
    [],
    {},
    5,
    "x",
    {"object": None},
    {"object": []},
    {"object": 5},
    {"object": "ch_1"},
    [None],
]


@pytest.mark.parametrize("data", SHAPES, ids=json.dumps)
@pytest.mark.parametrize("kind", ["charge.pending", "charge.dispute.closed", "payout.paid"])
def test_a_signed_event_whose_data_is_no_object_is_kept_told_and_breaks_nothing_later(
    door: httpx2.Client, box: Database, data: Any, kind: str, tmp_path: Path
) -> None:
    """Case D7: one such event made every later close check end in a traceback."""
    body = json.dumps({**event(), "type": kind, "data": data}).encode()
    assert post(door, body).status_code == 200
    (one,) = kept(box)
    assert (one.readable, one.body) == (False, body.decode())
    books = open_file(tmp_path / "books.sqlite", book_tables)
    take_up_events(box, books)
    with books.reading() as db:
        assert "is signed but cannot be read" in alerts.latest(db, 1)[0].sentence
    books.close()
    assert pending_payments(box, "stripe", 2e9) == ()
    assert last_closed(box, "stripe", "dp_1") is None


@pytest.mark.parametrize("data", SHAPES, ids=json.dumps)
def test_what_was_kept_of_any_shape_before_is_no_trouble_to_the_close(box: Database, data: Any) -> None:
    body = json.dumps({"id": "evt_1", "data": data})
    shown = [body, "[]", "null", '{"data": {"object": {"currency": [], "amount": 1}}}']
    with box.transaction() as db:
        inbox.add(
            db,
            [
                inbox.Kept("stripe", False, f"evt_{place}", kind, "x", "ch_1", False, True, one, 1.0)
                for place, (one, kind) in enumerate(
                    (one, kind) for one in shown for kind in ("charge.pending", "charge.dispute.closed")
                )
            ],
        )
    assert pending_payments(box, "stripe", 2e9) == ()
    assert last_closed(box, "stripe", "ch_1") is None


def test_a_thin_event_is_kept_under_the_name_of_its_twin(door: httpx2.Client, box: Database) -> None:
    thin = {
        "id": "evt_thin_1",
        "object": "v2.core.event",
        "type": "v1.charge.succeeded",
        "created": "2026-09-12T08:30:00Z",
        "livemode": False,
        "related_object": {"id": "ch_1", "type": "charge", "url": "/v1/charges/ch_1"},
    }
    assert post(door, json.dumps(thin).encode()).status_code == 200
    (one,) = kept(box)
    assert (one.type, one.thin, one.object_id) == ("charge.succeeded", True, "ch_1")


def test_unknown_types_are_kept_too(door: httpx2.Client, box: Database) -> None:
    assert post(door, json.dumps(event(type="climate.order.delayed")).encode()).status_code == 200
    assert len(kept(box)) == 1


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_both_secrets_of_a_roll_are_accepted(door: httpx2.Client, secret: str) -> None:
    body = json.dumps(event()).encode()
    assert post(door, body, signed(body, secret)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"stripe-signature": ""}, 400),
        ({"stripe-signature": "t=1,v1=" + "0" * 64}, 400),
        ({"content-encoding": "gzip"}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_what_is_not_signed_plain_json_is_refused_without_a_word(
    door: httpx2.Client, box: Database, changes: dict[str, str], status: int
) -> None:
    body = json.dumps(event()).encode()
    answer = post(door, body, {**signed(body), **changes})
    assert (answer.status_code, answer.content) == (status, b"")
    assert kept(box) == []


@pytest.mark.parametrize("offset", [-301, 62, -(10**6), 10**6])
def test_signatures_from_the_past_or_the_future_are_refused(door: httpx2.Client, offset: int) -> None:
    body = json.dumps(event()).encode()
    assert post(door, body, signed(body, at=time.time() + offset)).status_code == 400


def test_events_of_the_other_mode_account_or_an_unknown_connection_are_refused(
    door: httpx2.Client, box: Database
) -> None:
    for changes in ({"livemode": True}, {"account": "acct_other"}):
        assert post(door, json.dumps(event(**changes)).encode()).status_code == 400
    body = json.dumps(event()).encode()
    assert door.post("/webhooks/stripe/nobody", content=body, headers=signed(body)).status_code == 404
    assert door.get("/webhooks/stripe/stripe").status_code == 405
    assert kept(box) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[1]",
        b"\xff\xfe{}",
        b'{"id":"evt_1","id":"evt_2"}',
        b'{"id":"evt_1","type":"a","created":NaN,"livemode":false}',
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"id":"evt_1","type":"a.b","created":' + b"9" * 10_000 + b',"livemode":false}',
        b"{" * 100_000,
        gzip.compress(b"0" * 10_000_000),
    ],
    ids=["empty", "null", "list", "utf8", "twice", "nan", "depth", "digits", "braces", "bomb"],
)
def test_hostile_but_signed_bodies_are_kept_as_dead_letters(door: httpx2.Client, box: Database, body: bytes) -> None:
    answer = post(door, body)
    assert (answer.status_code, answer.content) == (200, b"")
    (one,) = kept(box)
    assert not one.readable
    assert one.object_id


def test_a_body_over_the_limit_is_refused_before_it_is_read(door: httpx2.Client, box: Database) -> None:
    body = b" " * (1024 * 1024 + 1)
    assert post(door, body).status_code == 413

    def trickle() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    assert door.post("/webhooks/stripe/stripe", content=trickle(), headers=signed(b"")).status_code == 413
    assert kept(box) == []


def test_a_card_number_in_the_body_never_reaches_the_disk(door: httpx2.Client, box: Database) -> None:
    body = json.dumps(event(note="4242 4242 4242 4242")).encode()
    assert post(door, body).status_code == 200
    assert "4242 4242 4242 4242" not in kept(box)[0].body


def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    database = open_file(tmp_path / "inbox.sqlite", inbox_tables)
    with database.transaction() as db:
        db.exec_driver_sql("DROP TABLE inbox")
    intake = Intake(database)
    app = webhook_app(intake, lambda: {"stripe": Receiver("stripe", (SECRET,), False, "")}, time.time)
    with served(app) as url, httpx2.Client(base_url=url) as client:
        answer = post(client, json.dumps(event()).encode())
    assert (answer.status_code, answer.headers["retry-after"], answer.content) == (503, "5", b"")
    intake.close()
    database.close()
