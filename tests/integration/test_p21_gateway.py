"""The gateway dialect against the simulator over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.p21 import Prophet21 as Simulated
from simulators.p21 import seed_books
from simulators.server import Serving
from simulators.world import World
from tieout.connectors.p21 import open_p21, parse_settings
from tieout.connectors.p21.gateway import GatewayP21
from tieout.domain.writing import Confirmed, Document, Indeterminate, Rejected, Sent, Writer
from tieout.kernel.failures import Failed, Fix

SETTINGS: dict[str, Any] = {
    "dialect": "gateway",
    "company_id": "ACME",
    "currencies": {"usd": 1, "eur": 2},
    "payment_type_id": 5,
    "calls_per_second": 1000,
}
BUYER: Document = {
    "name": "Nadia Novak",
    "first_name": "Nadia",
    "last_name": "Novak",
    "email": "nadia@example.com",
    "address1": "5 Elm Street",
    "state": "CA",
    "currency": "usd",
}


@dataclass
class Site:
    simulator: Simulated
    url: str

    def open(self, **settings: Any) -> GatewayP21:
        found = open_p21(parse_settings({**SETTINGS, "base_url": self.url, **settings}), {"gateway_key": "gateway-key"})
        assert isinstance(found, GatewayP21)
        return found

    def fault(self, kind: str, operation: str, **detail: Any) -> None:
        self.simulator.faults.plan(Fault(kind, operation, times=1, detail=detail))


@pytest.fixture
def site() -> Iterator[Site]:
    simulator = Simulated(World())
    seed_books(simulator)
    with Serving(simulator) as serving:
        yield Site(simulator, serving.url)


def buyer(site: Site, name: str = "Acorn Supply") -> str:
    return str(site.simulator.rows("customer", customer_name=name)[0]["customer_id"])


def order(site: Site, **more: Any) -> Document:
    document: Document = {
        "customer_id": buyer(site),
        "ship_to_state": "OR",
        "order_date": "2026-09-12",
        "currency": "usd",
        "lines": [
            {"item_id": "WIDGET-001", "quantity": "2", "unit_price": "12.50", "extended_price": "25.00"},
            {"item_id": "FREIGHT", "quantity": "1", "unit_price": "7.95", "extended_price": "7.95", "taxable": False},
        ],
        "total": "32.95",
        "tax": "0.00",
        "tax_tolerance": "0.02",
        "payment": {"reference": "TOPAYMENT", "amount": "32.95", "date": "2026-09-12"},
    }
    return {**document, **more}


def confirmed(sent: Sent) -> Confirmed:
    assert isinstance(sent, Confirmed), sent
    return sent


def refused(sent: Sent) -> Fix:
    assert isinstance(sent, Rejected), sent
    return sent.failure


def only(writer: Writer, name: str, document: Document) -> tuple[str, tuple[str, ...]]:
    (found,) = writer.look_up(name, document)
    return found.key, found.differences


def test_a_customer_is_written_at_once_and_found_by_reference_number_and_email(site: Site) -> None:
    p21 = site.open()
    assert p21.parts("customer") == ("customer",)
    writer = p21.writer("customer")
    assert writer.look_up("TOCUSTOMER", BUYER) == ()
    sent = confirmed(writer.send("TOCUSTOMER", BUYER))
    assert only(writer, "TOCUSTOMER", BUYER) == (sent.key, ())
    (found,) = p21.customers_by_email("NADIA@EXAMPLE.COM")
    assert found == p21.customer(sent.key)
    assert found.currency == "usd"
    assert p21.customer("999999") is None
    assert p21.customers_by_email("nobody@example.com") == ()


def test_a_customer_is_changed_by_put(site: Site) -> None:
    p21 = site.open()
    key = confirmed(p21.writer("customer").send("TOCUSTOMER", BUYER)).key
    changed: Document = {**BUYER, "name": "Nadia Nowak"}
    assert confirmed(p21.update_customer(key, "TOCUSTOMER", changed)).key == key
    assert only(p21.writer("customer"), "TOCUSTOMER", changed) == (key, ())


@pytest.mark.parametrize(("entity", "field"), [("sales_order", "order_no"), ("invoice", "invoice_no")])
def test_an_order_or_invoice_takes_its_payment_along(site: Site, entity: str, field: str) -> None:
    p21, document = site.open(), order(site)
    writer = p21.writer(entity)
    sent = confirmed(writer.send("TODOCUMENT", document))
    assert sent.shown[field] == sent.key
    assert "order_no" in sent.shown
    assert only(writer, "TODOCUMENT", document) == (sent.key, ())
    receipt: Document = {"customer_id": buyer(site), "amount": "32.95", "currency": "usd", "date": "2026-09-12"}
    taken = p21.writer("cash_receipt")
    (row,) = site.simulator.rows("ar_payment_details", check_number="TOPAYMENT")
    assert only(taken, "TOPAYMENT", {**receipt, field: sent.key}) == (str(row["payment_number"]), ())
    assert taken.look_up("TOOTHER", {**receipt, field: sent.key}) == ()
    kept = p21.documents("cash_receipt", [str(row["payment_number"]), "1"])
    (record,) = kept.values()
    assert (record.amount, record.reference, record.void) == (row["payment_amount"], "TOPAYMENT", False)
    assert (record.customer_id, record.currency) == (buyer(site), "usd")
    site.simulator.edit("ar_payment_details", {"delete_flag": "Y"}, check_number="TOPAYMENT")
    assert p21.documents("cash_receipt", [record.key])[record.key].void
    site.simulator.edit("ar_payment_details", {"delete_flag": "N"}, check_number="TOPAYMENT")
    assert refused(taken.send("TOOTHER", {**receipt, field: sent.key})).code == "p21.receipt_not_with_order"


def test_a_credit_memo_and_a_journal_entry_are_written_and_found(site: Site) -> None:
    p21 = site.open()
    invoice = confirmed(p21.writer("invoice").send("TOINVOICE", order(site)))
    credit: Document = {
        "customer_id": buyer(site),
        "invoice_no": invoice.key,
        "date": "2026-09-14",
        "currency": "usd",
        "reason": "Refund",
        "total": "12.50",
        "lines": [{"item_id": "WIDGET-001", "quantity": "1", "amount": "12.50"}],
    }
    writer = p21.writer("credit_memo")
    sent = confirmed(writer.send("TOCREDIT", credit))
    assert only(writer, "TOCREDIT", credit) == (sent.key, ())
    assert only(writer, "TOCREDIT", {**credit, "total": "10.00"})[1] == ("its total is 12.50 instead of 10.00",)
    entry: Document = {
        "date": "2026-09-14",
        "period": 9,
        "year": 2026,
        "currency": "usd",
        "journal": "AC",
        "description": "Stripe fees",
        "lines": [{"account": "64500", "amount": "1.25"}, {"account": "10950", "amount": "-1.25"}],
    }
    journal = p21.writer("journal_entry")
    written = confirmed(journal.send("TOJOURNAL", entry))
    assert only(journal, "TOJOURNAL", entry) == (written.key, ())
    lopsided: Document = {
        **entry,
        "lines": [{"account": "64500", "amount": "1.25"}, {"account": "10950", "amount": "-1"}],
    }
    assert refused(journal.send("TOBAD", lopsided)).code == "p21.refused.unbalanced"


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden", "server_error", "html_page", "pool_exhausted", "cut"])
@pytest.mark.parametrize("committed", [False, True])
def test_every_lie_of_the_wire_is_indeterminate(site: Site, kind: str, committed: bool) -> None:
    writer = site.open().writer("sales_order")
    site.fault(kind, "POST /api/v2/salesorders", committed=committed)
    assert isinstance(writer.send("TOLIE", order(site)), Indeterminate)
    assert len(writer.look_up("TOLIE", order(site))) == committed


@pytest.mark.parametrize("kind", ["cut_after_commit", "error_after_commit"])
@pytest.mark.parametrize("entity", ["customer", "invoice"])
def test_what_was_committed_behind_a_bad_answer_is_found(site: Site, kind: str, entity: str) -> None:
    document = BUYER if entity == "customer" else order(site)
    writer = site.open().writer(entity)
    site.fault(kind, "POST /api/v2/")
    assert isinstance(writer.send("TOLATE", document), Indeterminate)
    assert only(writer, "TOLATE", document)[1] == ()


def test_refusals_are_rejected_in_p21s_own_words(site: Site) -> None:
    writer = site.open().writer("sales_order")
    unknown = [{"item_id": "NOPE", "quantity": "1", "unit_price": "1", "extended_price": "1"}]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"lines": unknown}, "p21.refused.item"),
        ({"customer_id": buyer(site, "On Hold Holdings")}, "p21.refused.credit_hold"),
        ({"customer_id": buyer(site, "Euro Handels GmbH")}, "p21.currency_mismatch"),
        ({"customer_id": "999999"}, "p21.customer_missing"),
        ({"currency": "gbp"}, "p21.currency_unmapped"),
    ]
    for changes, code in cases:
        assert refused(writer.send("TONO", order(site, **changes))).code == code
    assert writer.look_up("TONO", order(site)) == ()


def test_long_lists_are_read_to_the_end(site: Site) -> None:
    for number in range(7):
        site.simulator.add_customer(f"Twin {number}", ("twins@example.com",))
    p21 = site.open(gateway={"page_size": 3})
    assert len(p21.customers_by_email("twins@example.com")) == 7


def test_a_failing_look_up_is_never_nothing(site: Site) -> None:
    writer = site.open().writer("sales_order")
    for kind, code in (
        ("unauthorized", "p21.credentials"),
        ("forbidden", "p21.forbidden"),
        ("server_error", "p21.server_error"),
        ("html_page", "p21.away"),
        ("cut", "p21.no_answer"),
    ):
        site.fault(kind, "GET /api/v2/salesorders")
        with pytest.raises(Failed) as told:
            writer.look_up("TOX", order(site))
        assert told.value.failure.code == code


def test_a_probe_checks_every_collection_and_every_name(site: Site) -> None:
    probe = site.open().probe()
    assert probe.works, probe.findings
    assert [(one.name, one.on) for one in probe.capabilities if not one.on] == [("refund_payment", False)]
    misnamed = site.open(gateway={"queries": {"reference": "ref"}}).probe()
    assert {one.failure.code for one in misnamed.findings if one.failure} == {"p21.gateway_names"}
    astray = site.open(gateway={"paths": {"invoices": "/api/v2/bills"}}).probe()
    assert [one.title for one in astray.findings if one.failure] == ["/api/v2/bills"]
    off = site.open(receipts_by="off").capability("cash_receipt")
    assert not off.on
