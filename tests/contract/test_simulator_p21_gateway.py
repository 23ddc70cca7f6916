"""The pretend gateway dialect, all of it synthetic (P21 facts §11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    """A tenant whose client carries the gateway's key."""
    with served() as one:
        one.client.headers["authorization"] = "Bearer gateway-key"
        yield one


def _order(tenant: Tenant, reference: str = "GW-1", **more: Any) -> dict[str, Any]:
    lines = [{"ItemId": "WIDGET-001", "Quantity": 2, "UnitPrice": 50}]
    return {"CustomerNumber": str(tenant.customer), "OrderDate": "2026-09-12", "Lines": lines, "ShipTo": {"State": "TX"},
            "ExternalReference": reference, "Currency": "USD", **more}  # fmt: skip


def test_an_order_with_payment_is_the_same_order_in_odata(tenant: Tenant) -> None:
    """One state behind both dialects."""
    payment = {"PaymentAmount": 111.25, "PaymentDate": "2026-09-12", "PaymentType": "5", "Reference": "PAY-1"}
    made = tenant.post("/api/v2/salesorders", _order(tenant, Freight=5, Payment=payment))
    assert (made.status_code, made.headers["x-sim-synthetic"]) == (201, "1")
    order = made.json()
    assert (order["Tax"], order["TotalAmount"], order["Payment"]["PaymentAmount"]) == (6.25, 111.25, 111.25)
    found = tenant.get("/api/v2/salesorders", reference="GW-1").json()
    assert ([one["OrderNumber"] for one in found["value"]], found["next"]) == ([order["OrderNumber"]], None)
    assert tenant.get(f"/api/v2/salesorders/{order['OrderNumber']}").json() == order
    tenant.login()
    assert tenant.odata("oe_hdr", "web_reference_no eq 'GW-1'")[0]["order_no"] == order["OrderNumber"]
    assert (
        str(tenant.odata("ar_payment_details", "check_number eq 'PAY-1'")[0]["payment_number"])
        == order["Payment"]["PaymentNumber"]
    )


def test_customers_are_created_found_and_changed(tenant: Tenant) -> None:
    """By reference, number, e-mail, change."""
    body = {"CustomerName": "Gate Co", "Email": "Pay@gate.example", "Currency": "EUR", "ExternalReference": "cus_9"}
    made = tenant.post("/api/v2/customers", body).json()
    for query in ({"reference": "cus_9"}, {"number": made["CustomerNumber"]}, {"email": "pay@GATE.example"}):
        assert [one["CustomerNumber"] for one in tenant.get("/api/v2/customers", **query).json()["value"]] == [
            made["CustomerNumber"]
        ]
    path = f"/api/v2/customers/{made['CustomerNumber']}"
    assert tenant.client.put(path, json={"CustomerName": "Gate Company"}).json()["CustomerName"] == "Gate Company"
    assert tenant.get(path).json()["Currency"] == "EUR"
    assert tenant.get("/api/v2/customers", modifiedSince="2090-01-01").json()["value"] == []


def test_invoices_credit_memos_and_journals(tenant: Tenant) -> None:
    """The three other documents."""
    invoice = tenant.post("/api/v2/invoices", _order(tenant, "in_1")).json()
    assert (invoice["TotalAmount"], invoice["Tax"], invoice["AmountPaid"]) == (106.25, 6.25, 0)
    memo = {"CustomerNumber": str(tenant.customer), "InvoiceNumber": invoice["InvoiceNumber"], "TotalAmount": 6.25,
            "Reason": "Tax refund", "ExternalReference": "re_1"}  # fmt: skip
    assert tenant.post("/api/v2/creditmemos", memo).json()["TotalAmount"] == 6.25
    assert (
        tenant.get("/api/v2/creditmemos", reference="re_1").json()["value"][0]["InvoiceNumber"]
        == invoice["InvoiceNumber"]
    )
    assert len(tenant.get("/api/v2/invoices").json()["value"]) == 1
    lines = [{"Account": "10960", "Debit": "9.00"}, {"Account": "10950", "Credit": "9.00"}]
    entry = {"Date": "2026-09-12", "ExternalReference": "po_1", "Lines": lines}
    assert tenant.post("/api/v2/gl/journalentries", entry).status_code == 201
    kept = tenant.get("/api/v2/gl/journalentries", reference="po_1").json()["value"][0]
    assert [(line["Debit"], line["Credit"]) for line in kept["Lines"]] == [(9, 0), (0, 9)]
    assert tenant.prophet.gl_balanced()


@pytest.mark.parametrize(
    ("path", "change", "code", "field"),
    [
        ("salesorders", {"Lines": [{"ItemId": "NOTHING"}]}, "unknown_item", "ItemId"),
        ("salesorders", {"Lines": []}, "required", "Lines"),
        ("salesorders", {"Currency": "EUR"}, "currency_mismatch", "Currency"),
        ("salesorders", {"CustomerNumber": None}, "required", "CustomerNumber"),
        ("salesorders", {"OrderDate": "yesterday"}, "not_a_date", "OrderDate"),
        ("invoices", {"ShipTo": {"State": "ZZ"}}, "tax_unresolved", "ShipTo.State"),
    ],
)
def test_rules_are_422_and_name_the_field(
    tenant: Tenant, path: str, change: dict[str, Any], code: str, field: str
) -> None:
    """Nothing is written."""
    answer = tenant.post(f"/api/v2/{path}", _order(tenant, **change))
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["field"]) == (422, code, field)
    assert tenant.prophet.books()["orders"] == [] and tenant.prophet.books()["invoices"] == []


def test_pages_follow_the_cursor(tenant: Tenant) -> None:
    """``next`` is null on the last page."""
    seen: list[str] = []
    cursor: str | None = "0"
    while cursor is not None:
        page = tenant.get("/api/v2/customers", limit="10", cursor=cursor).json()
        seen += [one["CustomerNumber"] for one in page["value"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == len(tenant.prophet.rows("customer"))


def test_other_errors(tenant: Tenant) -> None:
    """400, 401, 404, and the description of it all."""
    assert tenant.get("/api/v2/customers", colour="red").status_code == 400
    assert tenant.client.post("/api/v2/customers", content=b"[").status_code == 400
    assert tenant.get("/api/v2/salesorders/42").json()["error"]["code"] == "not_found"
    described = tenant.get("/api/v2/openapi.json").json()
    assert described["openapi"] == "3.1.0" and described["x-synthetic"] is True
    assert "/api/v2/gl/journalentries" in described["paths"]
    tenant.client.headers["authorization"] = "Bearer wrong"
    assert tenant.get("/api/v2/customers").status_code == 401
    tenant.client.headers["x-api-key"] = "gateway-key"
    del tenant.client.headers["authorization"]
    assert tenant.get("/api/v2/customers").status_code == 200
