"""A card payment becomes a sales order and a cash receipt: real processes, real HTTP, both dialects, both API shapes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulators.stripe import CURRENT, OLD
from simulators.trial import workload
from tests.journey.shop import open_shop

DIALECTS: dict[str, dict[str, str]] = {
    "REST orders and the receipts window": {},
    "orders and payments through the Transaction API": {"orders_by": "transaction", "receipts_by": "order"},
    "a REST gateway": {"dialect": "gateway"},
}
PAID_WITH_THE_ORDER = "orders and payments through the Transaction API"


@pytest.mark.slow
@pytest.mark.parametrize("version", [CURRENT, OLD], ids=["current API", "API of 2024"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_card_payment_becomes_a_sales_order_and_a_cash_receipt(tmp_path: Path, dialect: str, version: str) -> None:
    with open_shop(tmp_path, version=version, p21=DIALECTS[dialect]) as shop:
        known, new = shop.sell(workload.known_by_mail), shop.sell(workload.brand_new)
        invoiced, direct = shop.sell(workload.invoiced), shop.sell(workload.direct_invoice)
        guest, store = shop.sell(workload.guest), shop.sell(workload.from_the_store)
        abroad = shop.sell(workload.abroad)
        invoices = dialect != PAID_WITH_THE_ORDER
        if not invoices:
            shop.expect("parked", direct, reason="set receipts_by to window")
        found = shop.rest()
        assert found.clean, found
        assert (found.applied, found.parked) == ((7, 0) if invoices else (6, 1)), shop.events()
        applied = [known, new, invoiced, guest, store, abroad] + [direct] * invoices
        for sale in applied:
            line = shop.line(sale)
            number = line["order_no"] or line["invoice_no"]
            assert shop.metadata(sale.payment)["erporderid"] == number
            assert shop.metadata(sale.payment)["p21_receipt_no"] == line["receipt_no"]
        if invoices:
            assert shop.line(direct)["invoice_no"]
        else:
            assert "set receipts_by to window" in shop.line(direct)["sentence"]
        assert new.paid.customer is not None
        assert shop.metadata(new.paid.customer)["p21_customer_id"] == shop.line(new)["customer_no"]
        written_back = json.dumps(shop.systems.web_store.books())
        assert shop.line(store)["order_no"] in written_back


@pytest.mark.slow
def test_what_needs_a_person_is_parked_with_what_to_do_and_goes_on_when_it_is_mended(tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        twins, item = shop.sell(workload.ambiguous), shop.sell(workload.unknown_item)
        hold, money = shop.sell(workload.refused), shop.sell(workload.unmapped_currency)
        fine = shop.sell(workload.brand_new)
        found = shop.rest()
        assert (found.applied, found.parked) == (1, 4), shop.events()
        assert found.clean, found
        assert shop.line(fine)["state"] == "applied"
        assert "2 P21 customers share the e-mail address pat@twin-supply.example" in shop.line(twins)["sentence"]
        assert "P21 has no item 'UNHEARD-OF'" in shop.line(item)["sentence"]
        assert "hold" in shop.line(hold)["sentence"].lower()
        assert "sek" in shop.line(money)["sentence"].lower()

        assert twins.paid.customer is not None
        customer = shop.systems.p21_tenant.rows("customer", customer_name="Twin Supply East")[0]["customer_id"]
        shop.systems.stripe_account.edit(twins.paid.customer, metadata={"p21_customer_id": str(customer)})
        shop.systems.p21_tenant.add_item("UNHEARD-OF", "Now P21 knows it", "19.99")
        shop.systems.p21_tenant.edit("customer", {"credit_status": "GOOD"}, customer_name="Held Back Ltd")
        for sale in (twins, item, hold):
            shop.tieout.run("replay", sale.payment)
        shop.expect("applied", twins, item, hold)
        with pytest.raises(RuntimeError, match="only a parked run can be replayed"):
            shop.tieout.run("replay", twins.payment)
        found = shop.rest()
        assert found.clean, found
        assert (found.applied, found.parked) == (4, 1), shop.events()
        shown = shop.tieout.run("show", twins.payment)
        assert "Write the sales order" in shown or "sales_order" in shown
        assert str(customer) in shown
