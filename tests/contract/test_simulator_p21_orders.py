"""The pretend P21's sales orders and journal entries over REST (P21 facts §3, §7.1, §10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served

ORDERS = "/api/sales/orders/"


def _line(item: str, price: float, **more: Any) -> dict[str, Any]:
    return {"ItemId": item, "UnitQuantity": 1, "UnitPrice": price, "ManualPriceOveride": "Y", **more}


def test_an_order_is_echoed_and_found_by_its_reference() -> None:
    """P21 facts §3.2 to §3.4; no uniqueness of the reference."""
    with served() as tenant:
        made = tenant.post(ORDERS, tenant.order("REF-9", Terms="2", OeHdrShip2State="NY")).json()
        assert (made["OrderNo"], made["Terms"], len(made["Lines"]["list"])) == ("1000001", "2", 1)
        tenant.post(ORDERS, tenant.order("REF-9"))
        where = "web_reference_no eq 'ref-9' and company_id eq 'ACME'"
        assert [row["order_no"] for row in tenant.odata("oe_hdr", where, orderby="order_no")] == ["1000001", "1000002"]
        assert tenant.prophet.doubles() == {"orders": ["REF-9"]}
        assert tenant.client.post("/api/sales/orders", json={}).status_code == 307
        assert tenant.get(ORDERS + "1000001").json()["Lines"] is None
        assert tenant.get(ORDERS + "1000001", extendedproperties="*").json()["Lines"]["list"]


def test_each_spelling_ignores_the_other() -> None:
    """P21 facts §3.2: read /new, map by presence."""
    with served(dialect_orders="short") as tenant:
        template = tenant.get(ORDERS + "new").json()
        assert "ShipToState" in template and "OeHdrShip2State" not in template
        made = tenant.post(ORDERS, tenant.order(ShipToState="TX", Terms="2", SourceLocId=20)).json()
        assert (made["ShipToState"], made["TermsId"], made["SourceLocId"]) == ("TX", "1", 20)


def test_a_price_counts_only_with_the_override() -> None:
    """P21 facts §3.3."""
    with served() as tenant:
        lines = {"list": [{**_line("WIDGET-002", 1.5), "ManualPriceOveride": "N"}, _line("WIDGET-002", 1.5)]}
        made = tenant.post(ORDERS, tenant.order(Lines=lines)).json()["Lines"]["list"]
        assert [line["UnitPrice"] for line in made] == [19.95, 1.5]


def test_tax_follows_the_ship_to_state_and_spares_other_charges() -> None:
    """P21 facts §10: nobody sends tax in."""
    with served() as tenant:
        lines = {"list": [_line("WIDGET-001", 100), _line("FREIGHT", 10), _line("DISCOUNT", -5)]}
        made = tenant.post(ORDERS, tenant.order(Lines=lines, OeHdrShip2State="TX")).json()
        rows = tenant.odata("oe_line", f"order_no eq '{made['OrderNo']}'", orderby="line_no")
        assert [(row["sales_tax"], row["other_charge"]) for row in rows] == [(6.25, "N"), (0, "Y"), (0, "Y")]
        assert tenant.odata("oe_hdr_tax", f"order_no eq '{made['OrderNo']}'")[0]["jurisdiction_id"] == "TX"


def test_create_invoice_needs_a_tax_jurisdiction() -> None:
    """P21 facts §3.3."""
    with served() as tenant:
        tenant.post(ORDERS, tenant.order("REF-1", CreateInvoice=True, OeHdrShip2State="TX"))
        tenant.post(ORDERS, tenant.order("REF-2", CreateInvoice=True, OeHdrShip2State="ZZ"))
        invoices = tenant.odata("invoice_hdr")
        assert [(row["external_reference_no"], row["total_amount"]) for row in invoices] == [("REF-1", 26.67)]
        assert (
            tenant.odata("invoice_line", f"invoice_no eq '{invoices[0]['invoice_no']}'")[0]["item_id"] == "WIDGET-001"
        )
        assert tenant.prophet.gl_balanced()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Lines": {"list": [_line("NOTHING", 1)]}}, "Item NOTHING: Item is not valid"),
        ({"Lines": {"list": [_line("OBSOLETE-9", 1)]}}, "Item OBSOLETE-9"),
        ({"Lines": {"list": [_line("WIDGET-001", 1, UnitOfMeasure="KG")]}}, "Unit of measure KG"),
        ({"CustomerId": 42}, "Customer ID 42"),
        ({"PoNo": "P" * 51}, "po_no has 51 characters"),
        ({"customer": "On Hold Holdings"}, "credit hold"),
        ({"customer": "Purchase Order Only"}, "Purchase Order Number"),
    ],
)
def test_refusals_come_as_an_import_return(change: dict[str, Any], said: str) -> None:
    """P21 facts §2.5, §9; nothing is written."""
    with served() as tenant:
        body = tenant.order(**{name: value for name, value in change.items() if name != "customer"})
        if "customer" in change:
            body["CustomerId"] = tenant.odata("customer", f"customer_name eq '{change['customer']}'")[0]["customer_id"]
        answer = tenant.post(ORDERS, body)
        assert answer.status_code == 500
        assert "ImportReturn" in answer.json()["ErrorMessage"] and said in answer.json()["ErrorMessage"]
        assert tenant.prophet.books()["orders"] == [] and tenant.odata("oe_line") == []


def test_a_tenant_may_drop_a_line_silently() -> None:
    """P21 facts §3.3."""
    with served(unknown_item="drop") as tenant:
        lines = {"list": [_line("WIDGET-001", 1), _line("NOTHING", 1)]}
        made = tenant.post(ORDERS, tenant.order(Lines=lines))
        assert (made.status_code, len(made.json()["Lines"]["list"])) == (200, 1)


def _entry(tenant: Tenant, *amounts: float, **more: Any) -> list[dict[str, Any]]:
    shared = {"CompanyNo": "ACME", "Period": 9, "YearForPeriod": 2026, "JournalId": "AC", "Source": "po_1",
              "TransactionDate": "2026-09-12T00:00:00", **more}  # fmt: skip
    return [{"AccountNumber": "10950", "Amount": amount, "ForeignAmount": amount, **shared} for amount in amounts]


def test_a_journal_entry_balances_or_is_refused() -> None:
    """P21 facts §7.1."""
    with served() as tenant:
        made = tenant.post("/api/accounting/gl/", _entry(tenant, 970.75, 29.25, -1000)).json()
        assert [line["SequenceNumber"] for line in made] == [1, 2, 3] and made[0]["Approved"] is True
        number = made[0]["TransactionNumber"]
        assert tenant.get(f"/api/accounting/gl/{number}").json() == made
        assert tenant.get("/api/accounting/gl/999").json() == []
        assert len(tenant.odata("gl", "source eq 'po_1' and company_no eq 'ACME'")) == 3
        wrong = tenant.post("/api/accounting/gl/", _entry(tenant, 970.75, -1000))
        assert (wrong.status_code, wrong.json()["ErrorMessage"]) == (500, "Records do not balance")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"YearForPeriod": 2024}, "closed"),
        ({"YearForPeriod": 1999}, "not defined"),
        ({"JournalId": "ZZ"}, "Journal ID ZZ"),
        ({"AccountNumber": "99999"}, "Account 99999"),
        ({"CompanyNo": "FAKE99"}, "FAKE99"),
    ],
)
def test_journal_refusals(change: dict[str, Any], said: str) -> None:
    """P21 facts §7.1, §13: the words are ours and say so."""
    with served() as tenant:
        answer = tenant.post("/api/accounting/gl/", _entry(tenant, 5, -5, **change))
        assert (answer.status_code, said in answer.json()["ErrorMessage"]) == (500, True)
        assert answer.headers.get("x-sim-synthetic") == ("1" if said != "FAKE99" else None)
