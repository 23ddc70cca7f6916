"""Stripe's invoices and credit notes become P21's, and each payment is applied to what it paid (C2 1, 29 to 37; B12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulators.stripe import CURRENT, OLD
from tests.journey.shop import Shop, open_shop
from tests.journey.test_refunds import alerts, credited, document, run_of
from tieout.app.house import TEMPLATES

pytestmark = pytest.mark.slow

DIALECTS: dict[str, dict[str, str]] = {"the middleware": {}, "a REST gateway": {"dialect": "gateway"}}
TAKES_NO_RECEIPTS = "a REST gateway"
TOTAL = 4 * 1250 + 4500
LINES = [
    {"sku": "WIDGET-001", "description": "Widget, small", "quantity": 4, "unit_amount": 1250},
    {"sku": "GADGET-100", "description": "Gadget", "quantity": 1, "unit_amount": 4500},
]


@contextmanager
def billing(folder: Path, p21: Mapping[str, str], version: str = CURRENT) -> Iterator[Shop]:
    """A shop whose Stripe invoices become P21 invoices."""
    with open_shop(folder, version=version, p21=p21, settle_seconds=1) as shop:
        for name in ("stripe_invoice", "credit_note"):
            shop.command("workflows", "publish", str(TEMPLATES / f"{name}.toml"))
        yield shop


def customer(shop: Shop) -> str:
    address = {"line1": "1 Main St", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}
    return shop.systems.stripe_account.add_customer(name="Ada Oregon", email="ada@oregon.example", address=address)


def receipts(shop: Shop) -> list[Decimal]:
    """The live cash receipts in P21."""
    rows = shop.systems.p21_tenant.books()["payments"]
    return sorted(Decimal(row["amount"]) for row in rows if not row["voided"])


def invoices(shop: Shop) -> list[Decimal]:
    """The live invoices in P21 that carry a reference of ours."""
    rows = shop.systems.p21_tenant.books()["invoices"]
    return [Decimal(row["amount"]) for row in rows if not row["voided"] and row["reference"]]


def orders(shop: Shop) -> list[dict[str, Any]]:
    return shop.systems.p21_tenant.books()["orders"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_invoice_is_written_when_it_is_final_and_its_payments_are_applied(tmp_path: Path, dialect: str) -> None:
    with billing(tmp_path, DIALECTS[dialect]) as shop:
        account, who = shop.systems.stripe_account, customer(shop)
        parts, void, lost, outside = (account.open_invoice(who, lines=LINES) for _ in range(4))
        shop.rest()
        for invoice in (parts, void, lost, outside):
            assert run_of(shop, invoice)["state"] == "applied", run_of(shop, invoice)
        assert invoices(shop) == [Decimal("95.00")] * 4
        assert [line["amount"] for line in document(shop, parts, "ar_invoice")["lines"]] == ["50.00", "45.00"]
        account.pay_invoice(parts, 4_000)
        shop.rest()
        account.pay_invoice(parts)
        account.void_invoice(void)
        account.mark_uncollectible(lost)
        account.pay_out_of_band(outside)
        shop.rest()
        assert orders(shop) == [], "what is written as an invoice is written as no order too"
        assert document(shop, void)["reason"].startswith("Void ")
        assert credited(shop) == [Decimal("95.00")]
        told = alerts(shop)
        assert "is marked as uncollectible in Stripe: 95.00 USD are open" in told
        assert "outside Stripe" in told
        parked = [one["sentence"] for one in shop.events() if one["state"] == "parked"]
        if dialect == TAKES_NO_RECEIPTS:
            assert parked
            assert all("Enter it in P21 with that check number" in sentence for sentence in parked)
            assert receipts(shop) == []
        else:
            assert parked == []
            assert receipts(shop) == [Decimal("40.00"), Decimal("55.00")], "what is not in Stripe is no receipt here"


@pytest.mark.parametrize("version", [CURRENT, OLD], ids=["current API", "API of 2024"])
def test_credit_notes_lower_what_is_owed_or_go_back_and_are_credited_once(tmp_path: Path, version: str) -> None:
    with billing(tmp_path, {}, version) as shop:
        account, who = shop.systems.stripe_account, customer(shop)
        before, after = (account.open_invoice(who, lines=LINES) for _ in range(2))
        shop.rest()
        gadget = account.books()["objects"][before]["lines"]["data"][1]["id"]
        lowered = account.credit_note(
            before, lines=[{"line": gadget, "amount": 1_000}], reason="product_unsatisfactory"
        )
        shop.rest()
        assert run_of(shop, lowered)["state"] == "applied", run_of(shop, lowered)
        (line,) = document(shop, lowered)["lines"]
        assert (line["item_id"], line["amount"]) == ("GADGET-100", "10.00")
        account.pay_invoice(before)
        account.pay_invoice(after)
        shop.rest()
        assert receipts(shop) == [Decimal("85.00"), Decimal("95.00")]
        given_back = account.credit_note(after, 2_000)
        shop.rest()
        refunds = [one["id"] for one in account.books()["objects"].values() if one["object"] == "refund"]
        assert len(refunds) == 1
        assert {run_of(shop, one)["state"] for one in (given_back, *refunds)} == {"applied"}
        assert sorted(credited(shop)) == [Decimal("10.00"), Decimal("20.00")], "its refund makes no second memo"


def test_without_the_workflow_a_paid_invoice_is_an_order_as_it_always_was(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account, who = shop.systems.stripe_account, customer(shop)
        paid = shop.pay(via="invoice", customer=who, lines=LINES)
        shop.rest()
        assert shop.line(paid)["order_no"]
        refund = account.refund(str(paid.paid.charge), 500)
        shop.rest()
        assert (
            f"refunded of sales order {shop.line(paid)['order_no']}, and nothing of it is invoiced"
            in run_of(shop, refund)["sentence"]
        )


def test_what_is_overpaid_recovered_or_voided_is_written_or_told_with_its_p21_record(tmp_path: Path) -> None:
    with billing(tmp_path, {}) as shop:
        text = (
            (TEMPLATES / "stripe_invoice.toml")
            .read_text()
            .replace("bad_debt_account = ''", "bad_debt_account = '64620'")
        )
        (tmp_path / "mine.toml").write_text(text)
        shop.command("workflows", "publish", str(tmp_path / "mine.toml"))
        account, who = shop.systems.stripe_account, customer(shop)
        more, lost, noted = (account.open_invoice(who, lines=LINES) for _ in range(3))
        shop.rest()
        account.pay_invoice(more, TOTAL + 700)
        account.mark_uncollectible(lost)
        note = account.credit_note(noted, 1_000)
        shop.rest()
        assert document(shop, lost)["lines"][0]["account"] == "64620"
        assert sorted(credited(shop)) == [Decimal("10.00"), Decimal("95.00")]
        account.pay_invoice(lost)
        account.void_credit_note(note)
        shop.rest()
        partly = account.open_invoice(who, lines=LINES)
        shop.rest()
        account.pay_invoice(partly)
        shop.rest()
        told = alerts(shop)
        assert "was overpaid by 7.00 USD. Stripe keeps it as credit of Ada Oregon" in told
        assert "was voided in Stripe. Void P21 credit memo" in told
        assert "7.00 USD were paid from the credit of Ada Oregon at Stripe. Apply the open credit of customer" in told
        assert receipts(shop) == [Decimal("7.00"), Decimal("88.00"), Decimal("95.00"), Decimal("95.00")], (
            "of what was overpaid only what was owed is applied, the rest stands on account; what was recovered is received"
        )
        assert sorted(invoices(shop)) == [Decimal("95.00")] * 5, "what was written off stands again"
        parked = [one["sentence"] for one in shop.events() if one["state"] == "parked"]
        assert parked == []
