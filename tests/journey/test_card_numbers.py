"""A buyer types a card number where none belongs: it is kept nowhere, shown nowhere and written nowhere (security S42)."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from simulators.trial import workload
from tests.journey.shop import Shop, open_shop

CARDS = ("4242424242424242", "4111111111111111", "5555555555554444", "378282246310005")


def kept(shop: Shop) -> str:
    """Every row of every database of Tieout."""
    return "\n".join(line for path in shop.tieout.folder.glob("*.sqlite") for line in sqlite3.connect(path).iterdump())


@pytest.mark.slow
def test_a_card_number_in_metadata_and_names_is_kept_nowhere_and_written_nowhere(tmp_path: Path) -> None:
    sku, name, price = workload.WARES[0]
    line = {"sku": sku, "quantity": 2, "unit_amount": price, "description": f"{name} {CARDS[0]}"}
    with open_shop(tmp_path) as shop:
        sale = shop.pay(
            via="intent",
            amount=2 * price,
            payment_metadata={
                "lines": json.dumps([line]),
                "order_note": f"my card is {CARDS[0]} 123",
                "po_number": CARDS[1],
            },
            receipt_email="new1@x.example",
            description="pay 5555 5555 5555 4444 12/27 123",
            billing_name=f"Pat {CARDS[3]}",
        )
        shop.rest()
        run = shop.line(sale)["run"]
        assert shop.line(sale)["state"] == "applied", shop.line(sale)
        told = [
            kept(shop),
            shop.everything_kept_or_shown(f"/runs/{run}", f"/api/runs/{run}").decode("utf-8", "replace"),
            shop.tieout.run("show", sale.payment),
            shop.log(),
            json.dumps(shop.systems.p21_tenant.books(), default=str),
        ]
        assert "[card number …1111]" in told[0]
        for text in told:
            digits = text.replace(" ", "")
            assert [card for card in CARDS if card in digits] == []
            assert re.search(r"_secret_[A-Za-z0-9]{12}", text) is None
