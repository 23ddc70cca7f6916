"""The door's receivers: a connection that cannot be opened is left out, the others are served, new ones are seen."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.trial.pretend import SIGNING_SECRET, STRIPE_KEY, PretendSystems
from tests.command_line import tieout
from tieout.api.webhooks import Receiver, Refusal, examine
from tieout.app.house import House, open_house
from tieout.app.receivers import Receivers
from tieout.operations.keep_connection import keep_connection
from tieout.settings import Settings
from tieout.vault.cipher import KEY_BYTES, Vault

SIGNING = {"webhook_secrets": "whsec_" + "a" * 24}
OTHER_VAULT = Vault(b"z" * KEY_BYTES)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = open_house(Settings(folder=tmp_path))
    yield found
    found.close()


def test_a_connection_sealed_with_another_key_is_left_out_alone(house: House, caplog: pytest.LogCaptureFixture) -> None:
    keep_connection(house.books, house.vault, "good", "stripe", {}, SIGNING)
    keep_connection(house.books, OTHER_VAULT, "restored", "stripe", {}, SIGNING)
    with caplog.at_level(logging.ERROR, "tieout"):
        receivers = Receivers(house)
        receivers.look()
    assert set(receivers.known()) == {"good"}
    (told,) = [record.__dict__["fields"] for record in caplog.records]
    assert told["connection"] == "restored"
    assert "do not open with this key" in told["sentence"]


def test_connecting_stores_the_account_and_the_door_refuses_any_other(tmp_path: Path) -> None:
    systems = PretendSystems(13, settle_seconds=0.2)
    variables = {"TIEOUT_STRIPE_KEY": STRIPE_KEY, "TIEOUT_STRIPE_WEBHOOK_SECRET": SIGNING_SECRET}
    assert tieout(tmp_path, "connect", "stripe", "--set", f"api_base={systems.stripe_url}", **variables).status == 0
    systems.close()
    house = open_house(Settings(folder=tmp_path))
    receiver = Receivers(house).known()["stripe"]
    house.close()
    assert receiver.account == "acct_1SimTieoutSandbox0"
    assert accepts(receiver, "")
    assert accepts(receiver, receiver.account)
    assert not accepts(receiver, "acct_Other")
    assert not accepts(replace(receiver, account=""), "acct_Other")


def accepts(receiver: Receiver, account: str) -> bool:
    """Whether a signed event that names this account gets in."""
    fields = {"id": "evt_1", "type": "charge.succeeded", "created": 1, "livemode": False}
    body = json.dumps({**fields, "account": account or None, "data": {"object": {"id": "ch_1"}}}).encode()
    mark = hmac.new(SIGNING_SECRET.encode(), b"1000." + body, hashlib.sha256).hexdigest()
    try:
        return examine(receiver, body, f"t=1000,v1={mark}", 1000.0).event_id == "evt_1"
    except Refusal as refusal:
        return refusal.status != 400


def test_a_new_connection_is_seen_without_a_restart(house: House) -> None:
    receivers = Receivers(house)
    assert receivers.known() == {}
    keep_connection(house.books, house.vault, "stripe", "stripe", {"livemode": False}, SIGNING)
    receivers.look()
    assert set(receivers.known()) == {"stripe"}
