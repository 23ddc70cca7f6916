"""The door's receivers: a connection that cannot be opened is left out, the others are served, new ones are seen."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

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


def test_a_new_connection_is_seen_without_a_restart(house: House) -> None:
    receivers = Receivers(house)
    assert receivers.known() == {}
    keep_connection(house.books, house.vault, "stripe", "stripe", {"livemode": False}, SIGNING)
    receivers.look()
    assert set(receivers.known()) == {"stripe"}
