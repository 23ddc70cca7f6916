"""A dispute is told to people with its order, its reason and its day, and how it ended; its money is its rows' (B10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.stripe import CURRENT, OLD
from simulators.trial import workload
from tests.journey.shop import open_shop
from tests.journey.test_refunds import alerts, memos, run_of, sold

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("version", "p21"), [(CURRENT, {}), (OLD, {"dialect": "gateway"})], ids=["current API", "API of 2024, gateway"]
)
def test_a_dispute_is_told_when_it_opens_and_when_it_ends(tmp_path: Path, version: str, p21: dict[str, str]) -> None:
    with open_shop(tmp_path, version=version, p21=p21, settle_seconds=1) as shop:
        account = shop.systems.stripe_account
        sales = [sold(shop, workload.known_by_mail) for _ in range(3)]
        won, lost, part = (account.dispute(str(sale.paid.charge), reason="product_not_received") for sale in sales)
        shop.rest()
        told = alerts(shop)
        for sale, dispute in zip(sales, (won, lost, part), strict=True):
            assert run_of(shop, dispute)["state"] == "applied", run_of(shop, dispute)
            assert f"Dispute {dispute} over {sale.paid.amount / 100:.2f} USD" in told
            assert f"P21 sales order {shop.line(sale)['order_no']}: product not received" in told
        assert told.count("evidence is due on ") == 3
        account.move_dispute(won, "under_review", counter_fee=1_500)
        account.move_dispute(won, "won")
        account.move_dispute(lost, "lost")
        account.move_dispute(part, "lost", amount=500)
        shop.rest()
        told = alerts(shop)
        assert run_of(shop, f"{won}:won")["state"] == run_of(shop, f"{lost}:lost")["state"] == "applied"
        total = f"{sales[0].paid.amount / 100:.2f}"
        assert f"is won: {total} USD were taken, {total} given back." in told
        assert f"{sales[1].paid.amount / 100:.2f} USD were taken, 0.00 given back. What is missing is a loss" in told
        assert f"{sales[2].paid.amount / 100:.2f} USD were taken, 5.00 given back. What is missing is a loss" in told
        assert memos(shop) == [], "a dispute takes back no sale in P21 by itself"


def test_an_inquiry_moves_no_money_and_one_end_is_told_once(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account = shop.systems.stripe_account
        sale = sold(shop)
        asked = account.dispute(str(sale.paid.charge), status="warning_needs_response")
        shop.rest()
        account.move_dispute(asked, "warning_closed")
        for event in ("charge.dispute.closed", "charge.dispute.updated", "charge.dispute.funds_reinstated"):
            account.emit(event, asked)
        shop.rest()
        told = alerts(shop)
        assert f"Inquiry {asked}" in told
        assert "A full refund would end it." in told
        assert told.count("It moved no money.") == 1
        ends = [one for one in shop.events() if one["subject"] == f"{asked}:warning_closed" and one["run"]]
        assert len(ends) == 1
