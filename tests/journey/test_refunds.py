"""A refund becomes a credit memo against its order, once, to the cent: real processes, real HTTP, both dialects (C7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulators.stripe import CURRENT, OLD
from simulators.trial import workload
from simulators.trial.processes import get_json
from simulators.trial.workload import Sale
from tests.journey.shop import Shop, open_shop

pytestmark = pytest.mark.slow

DIALECTS: dict[str, dict[str, str]] = {"the middleware": {}, "a REST gateway": {"dialect": "gateway"}}
LINES = [
    {"sku": "WIDGET-001", "description": "Widget, small", "quantity": 4, "unit_amount": 1250},
    {"sku": "GADGET-100", "description": "Gadget", "quantity": 1, "unit_amount": 4500},
]

OREGON = {"line1": "1 Mill Way", "city": "Bend", "state": "OR", "postal_code": "97701", "country": "US"}


def memos(shop: Shop) -> list[dict[str, Any]]:
    """The live credit memos in P21."""
    return [row for row in shop.systems.p21_tenant.books()["credit_memos"] if not row["voided"]]


def credited(shop: Shop) -> list[Decimal]:
    """What each credit memo comes to, in the order of writing."""
    return [abs(Decimal(row["amount"])) for row in memos(shop)]


def alerts(shop: Shop) -> str:
    """What people were told, one sentence a line."""
    return "\n".join(one["sentence"] for one in get_json(f"{shop.tieout.page}/api/alerts"))


def sold(shop: Shop, story: Callable[..., Sale] = workload.brand_new) -> Sale:
    """One order, all the way in P21, and shipped."""
    sale = shop.sell(story)
    shop.rest()
    assert shop.line(sale)["state"] == "applied", shop.line(sale)
    if order_no := shop.line(sale)["order_no"]:
        shop.systems.p21_tenant.ship(order_no)
    return sale


def bought(shop: Shop) -> Sale:
    """``LINES`` and their freight for 100.00 USD, all the way in P21, and shipped."""
    customer = shop.systems.stripe_account.add_customer(name="Ada Oregon", email="ada@oregon.example", address=OREGON)
    sale = shop.pay(via="checkout", customer=customer, lines=LINES, shipping_cost=500)
    shop.rest()
    assert shop.line(sale)["state"] == "applied", shop.line(sale)
    if order_no := shop.line(sale)["order_no"]:
        shop.systems.p21_tenant.ship(order_no)
    return sale


def run_of(shop: Shop, subject: str) -> dict[str, Any]:
    """The newest line of a fact that has a run."""
    return next(one for one in shop.events() if one["subject"] == subject and one["run"])


def document(shop: Shop, subject: str, entity: str = "credit_memo") -> dict[str, Any]:
    """The one record of that kind that the runs of a subject sent to P21, as it was sent."""
    runs = [line["run"] for line in shop.events() if line["subject"] == subject and line["run"]]
    shown = [json.loads(shop.command("show", run, "--json")) for run in runs]
    (one,) = [each for run in shown for each in run["intents"] if each["entity"] == entity]
    document = one["document"]
    found: dict[str, Any] = json.loads(document) if isinstance(document, str) else document
    return found


def minor(text: str) -> int:
    return int(Decimal(text).scaleb(2))


@pytest.mark.parametrize("version", [CURRENT, OLD], ids=["current API", "API of 2024"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_refunds_become_credit_memos_against_their_order(tmp_path: Path, dialect: str, version: str) -> None:
    with open_shop(tmp_path, version=version, p21=DIALECTS[dialect], settle_seconds=1) as shop:
        account = shop.systems.stripe_account
        whole, parts, gone = sold(shop), bought(shop), bought(shop)
        refunds = [account.refund(str(whole.paid.charge))]
        refunds += [account.refund(str(parts.paid.charge), some) for some in (333, 444)]
        shop.rest()
        pending = account.refund(str(gone.paid.charge), 700, status="pending")
        shop.rest()
        for refund in (*refunds, pending):
            assert run_of(shop, refund)["state"] == "applied", run_of(shop, refund)
        amounts = [whole.paid.amount, 333, 444, 700]
        assert sorted(credited(shop)) == sorted(Decimal(amount).scaleb(-2) for amount in amounts)
        sent = [document(shop, refund) for refund in (*refunds, pending)]
        orders = [shop.line(sale)["order_no"] for sale in (whole, parts, parts, gone)]
        assert [one["order_no"] for one in sent] == orders
        for one, amount in zip(sent, amounts, strict=True):
            parts_of_it = [minor(line["amount"]) for line in one["lines"]]
            assert sum(parts_of_it) + minor(one["tax"]) == amount == minor(one["total"]), "to the minor unit"
        account.move_refund(pending, "succeeded")
        shop.rest()
        account.move_refund(pending, "failed", "expired_or_canceled_card")
        shop.rest()
        assert len(memos(shop)) == 4, "a refund that fails later does not bring the revenue back"
        assert f"Refund {pending} of 7.00 USD for payment {gone.payment} is failed" in alerts(shop)
        again = account.refund(str(gone.paid.charge), 1_000)
        shop.rest()
        assert run_of(shop, again)["state"] == "applied"
        assert credited(shop)[4:] == [Decimal("3.00")], "what failed was credited before: only the rest is"
        doubled = [row["reference"] for row in memos(shop)]
        assert len(set(doubled)) == len(doubled) == 5


def test_the_lines_that_come_back_can_be_named_and_their_tax_comes_with_them(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account, sale = shop.systems.stripe_account, bought(shop)
        one = account.refund(
            str(sale.paid.charge), 1250, metadata={"refund_lines": '[{"sku": "WIDGET-001", "quantity": 1}]'}
        )
        shop.rest()
        (line,) = document(shop, one)["lines"]
        assert (line["item_id"], line["quantity"], line["amount"]) == ("WIDGET-001", "1", "12.50")
        wrong = account.refund(
            str(sale.paid.charge), 100, metadata={"refund_lines": '[{"sku": "NOT-SOLD", "amount": 100}]'}
        )
        shop.rest()
        assert (
            "refund_lines names 'NOT-SOLD', which is not one line of what was sold" in run_of(shop, wrong)["sentence"]
        )
        account.edit(wrong, metadata={"refund_lines": '[{"line": 2, "amount": 100}]'})
        shop.command("replay", wrong)
        rest = account.refund(str(sale.paid.charge))
        shop.rest()
        assert [line["item_id"] for line in document(shop, wrong)["lines"]] == ["GADGET-100"]
        back = {line["item_id"]: minor(line["amount"]) for line in document(shop, rest)["lines"]}
        assert back == {"WIDGET-001": 3750, "GADGET-100": 4400, "FREIGHT": 500}
        assert sum(credited(shop)) == Decimal("100.00")


def test_goods_that_come_back_are_a_return_and_are_paid_back_once_p21_has_received_them(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account, tenant = shop.systems.stripe_account, shop.systems.p21_tenant
        customer = account.add_customer(name="Ada Oregon", email="ada@oregon.example", address=OREGON)
        sale = shop.pay(via="checkout", customer=customer, lines=LINES)
        shop.rest()
        order = str(shop.line(sale)["order_no"])
        back = {"p21_memo": "return", "refund_lines": '[{"sku": "WIDGET-001", "quantity": 1}]'}
        refund = account.refund(str(sale.paid.charge), 1250, metadata=back)
        shop.rest()
        assert f"refunded of sales order {order}, and nothing of it is invoiced" in run_of(shop, refund)["sentence"]
        invoice = tenant.ship(order)
        shop.command("replay", refund)
        shop.rest()
        (rma,) = tenant.books()["returns"]
        assert memos(shop) == []
        assert run_of(shop, refund)["state"] == "parked"
        waits = f"P21 credits RMA {rma['key']} when its goods are received. Receive them in P21, then replay."
        assert run_of(shop, refund)["sentence"].endswith(waits)
        credit = tenant.ship(str(rma["key"]))
        shop.command("replay", refund)
        shop.rest()
        assert run_of(shop, refund)["state"] == "applied", str(run_of(shop, refund)["sentence"])
        (memo,) = memos(shop)
        assert (memo["key"], abs(Decimal(memo["amount"]))) == (credit, Decimal("12.50"))
        (paid,) = tenant.books()["refund_payments"]
        assert Decimal(paid["amount"]) == Decimal("-12.50")
        assert tenant.gl_balanced()
        assert invoice in {row["key"] for row in tenant.books()["invoices"]}


def test_a_refund_waits_for_the_order_that_is_not_written_yet_and_says_so(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account, tenant = shop.systems.stripe_account, shop.systems.p21_tenant
        item = shop.sell(workload.unknown_item)
        shop.rest()
        refund = account.refund(str(item.paid.charge))
        shop.until("the refund waits", lambda: [e for e in shop.events() if e["subject"] == refund and e["sentence"]])
        waiting = run_of(shop, refund)
        assert waiting["state"] == "waiting"
        assert f"Run {shop.line(item)['run']} for {item.payment}" in waiting["sentence"]
        assert "goes on by itself" in waiting["sentence"]
        tenant.add_item("UNHEARD-OF", "Now P21 knows it", "19.99")
        shop.command("replay", item.payment)
        shop.rest()
        assert (shop.line(item)["state"], run_of(shop, refund)["state"]) == ("applied", "applied")
        assert credited(shop) == [], "all of it was given back before an order was written: there is none, and no memo"
        assert tenant.rows("oe_hdr") == []


def test_a_refund_that_comes_before_its_charge_does_not_hold_it_up(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1, p21_options={"ships_at_once": True}) as shop:
        account = shop.systems.stripe_account
        shop.systems.stop_delivering()
        sale = shop.sell(workload.brand_new)
        account.forget_events(types=workload.STATING)
        refund = account.refund(str(sale.paid.charge), 500)
        shop.systems.deliver_to(shop.tieout.webhook("stripe"))
        shop.until("the refund waits", lambda: [e for e in shop.events() if e["subject"] == refund and e["sentence"]])
        assert f"Nothing was seen yet of {sale.payment}" in run_of(shop, refund)["sentence"]
        account.emit("charge.succeeded", str(sale.paid.charge))
        shop.rest()
        assert (shop.line(sale)["state"], run_of(shop, refund)["state"]) == ("applied", "applied")
        assert credited(shop) == [Decimal("5.00")]


def test_what_was_authorised_and_never_captured_is_no_refund(tmp_path: Path) -> None:
    with open_shop(tmp_path, settle_seconds=1) as shop:
        account = shop.systems.stripe_account
        sku, name, price = workload.WARES[0]
        marked = json.dumps([{"sku": sku, "quantity": 2, "unit_amount": price, "description": name}])
        sale = shop.pay(
            via="intent",
            amount=3 * price,
            captured=False,
            payment_metadata={"lines": marked},
            receipt_email="part@x.example",
        )
        account.capture(str(sale.paid.charge), 2 * price)
        shop.rest()
        (uncaptured,) = [one["id"] for one in account.books()["objects"].values() if one["object"] == "refund"]
        account.emit("refund.created", uncaptured)
        shop.rest()
        assert shop.line(sale)["state"] == run_of(shop, uncaptured)["state"] == "applied"
        assert memos(shop) == []
