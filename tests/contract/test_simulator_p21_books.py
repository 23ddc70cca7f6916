"""The pretend P21's general ledger, credits and refunds (P21 facts §7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served
from tests.contract.test_simulator_p21_transaction_api import _edit, _element, _post, _set

GL = "/api/accounting/gl/"


def _entry(*lines: tuple[str, float], **more: Any) -> list[dict[str, Any]]:
    head = {"CompanyNo": "ACME", "Period": 9, "YearForPeriod": 2026, "JournalId": "GJ", "Source": "po_1",
            "TransactionDate": "2026-09-12T00:00:00", **more}  # fmt: skip
    return [{**head, "AccountNumber": account, "Amount": amount} for account, amount in lines]


def _document(tenant: Tenant, service: str, header: dict[str, str], *amounts: str) -> dict[str, Any]:
    form = _element(f"TABPAGE_1.{header.pop('form')}", {"customer_id": str(tenant.customer), **header})
    rows = [{"amount": amount, "user_line_no": str(place), "quantity": "2"} for place, amount in enumerate(amounts, 1)]
    return _post(tenant, _set(service, [form, _element("TP_LINES.lines", *rows, kind="List")]))


def _pay(tenant: Tenant, amount: str, **applied: str) -> dict[str, Any]:
    header = {"customer_id": str(tenant.customer), "payment_amount": amount, "payment_type_id": "5"}
    rows = [{"invoice_no": number, "payment_amount": part} for number, part in applied.items()]
    elements = [_element("TABPAGE_1.cash_receipt", header), _element("TP_INVOICES.invoices", *rows, kind="List")]
    return _post(tenant, _set("CashReceipts", elements))


def test_an_entry_keeps_foreign_amounts_and_its_currency() -> None:
    """P21 facts §7.1."""
    with served() as tenant:
        lines = _entry(("10951", 52.8), ("11000", -52.8), CurrencyId=2)
        for line, foreign in zip(lines, (48, -48), strict=True):
            line["ForeignAmount"] = foreign
        number = tenant.post(GL, lines).json()[0]["TransactionNumber"]
        rows = tenant.odata("gl", f"transaction_number eq {number}")
        assert [(row["amount"], row["foreign_amount"], row["currency_id"]) for row in rows] == [
            (52.8, 48, 2),
            (-52.8, -48, 2),
        ]
        assert [row["sequence_number"] for row in rows] == [1, 2]


def test_a_branch_may_have_to_balance() -> None:
    """company.branch_debit_equal_credit."""
    for wanted, status in ((False, 200), (True, 500)):
        with served(branch_debit_equal_credit=wanted) as tenant:
            assert tenant.odata("company")[0]["branch_debit_equal_credit"] == "NY"[wanted]
            assert tenant.post(GL, _entry(("10102", 5), ("10950", -5))).status_code == status
            assert tenant.post(GL, _entry(("10102", 5), ("40002", -5))).status_code == 200


def test_a_period_is_closed_and_opened_again_by_a_person() -> None:
    """Nothing of a refused entry stays."""
    with served() as tenant:
        edit = {"table": "periods", "where": {"year_for_period": 2026, "period": 9}}
        assert tenant.post("/_sim/edit", {**edit, "changes": {"period_closed": "Y"}}).json() == {"changed": 1}
        refused = tenant.post(GL, _entry(("64500", 1), ("10950", -1)))
        assert (refused.status_code, refused.json()["ErrorMessage"]) == (500, "Period 9/2026 is closed.")
        assert tenant.prophet.books()["journals"] == []
        tenant.post("/_sim/edit", {**edit, "changes": {"period_closed": "N"}})
        assert tenant.post(GL, _entry(("64500", 1), ("10950", -1))).status_code == 200


def test_a_memo_settles_its_invoice_and_its_rest_is_paid_back() -> None:
    """Tax stands as it was typed; the invoice's open balance goes first, the rest stays open until it is paid."""
    with served() as tenant:
        typed = {"form": "invoice", "tax_amount": "8.25", "freight": "5", "net_due_date": "2026-10-01"}
        number = _edit(_document(tenant, "Invoice", typed, "100.00"), "invoice_no")
        assert _pay(tenant, "73.25", **{number: "73.25"})["Summary"]["Succeeded"] == 1
        memo_typed = {"form": "memo", "tax_amount": "4.00", "invoice_reference_no": number}
        memo = _edit(_document(tenant, "CreditMemo", memo_typed, "46.00"), "invoice_no")
        books = tenant.prophet.books()
        assert (books["invoices"][0]["open"], books["invoices"][0]["paid_in_full"]) == ("0.00", True)
        assert (books["credit_memos"][0]["amount"], books["credit_memos"][0]["open"]) == ("-50.00", "-10.00")
        assert "exceeds the balance" in _pay(tenant, "-10.01", **{memo: "-10.01"})["Messages"][0]
        assert "must be applied to open credits" in _pay(tenant, "-10.00", **{memo: "-9.00"})["Messages"][0]
        assert _pay(tenant, "-10.00", **{memo: "-10.00"})["Summary"]["Succeeded"] == 1
        after = tenant.prophet.books()
        assert (after["credit_memos"][0]["open"], after["refund_payments"][0]["amount"]) == ("0.00", "-10.00")
        assert tenant.prophet.gl_balanced() and len(after["payments"]) == 1


def test_an_rma_needs_the_invoice_of_its_customer() -> None:
    """It is an order with rma_flag Y; the god view keeps returns apart."""
    with served() as tenant:
        number = _edit(_document(tenant, "Invoice", {"form": "invoice"}, "50.00"), "invoice_no")
        header = {"customer_id": str(tenant.customer), "ship_to_id": str(tenant.customer), "source_loc_id": "10",
                  "invoice_no": number}  # fmt: skip
        items = _element("TP_ITEMS.items", {"oe_order_item_id": "WIDGET-001", "unit_quantity": "1"}, kind="List")
        order = _edit(_post(tenant, _set("RMA", [_element("TABPAGE_1.order", header), items])), "order_no")
        (row,) = tenant.odata("oe_hdr", f"order_no eq '{order}'")
        assert (row["rma_flag"], row["invoice_no"]) == ("Y", number)
        books = tenant.prophet.books()
        assert ([one["key"] for one in books["returns"]], books["orders"]) == ([order], [])
        strange = _element("TABPAGE_1.order", {**header, "invoice_no": "77"})
        assert "original invoice is required" in _post(tenant, _set("RMA", [strange, items]))["Messages"][0]


@pytest.fixture
def gateway_headers() -> dict[str, str]:
    """What the gateway asks for."""
    return {"authorization": "Bearer gateway-key"}


def test_the_gateway_lists_accounts_periods_and_open_documents(gateway_headers: dict[str, str]) -> None:
    """All of it synthetic."""
    with served() as tenant:
        tenant.client.headers.update(gateway_headers)
        accounts = tenant.get("/api/v2/gl/accounts", limit="200").json()["value"]
        shown = next(one for one in accounts if one["Account"] == "40002")
        assert (shown["Branch"], shown["AccountType"], shown["Active"]) == ("02", "R", True)
        answer = tenant.get("/api/v2/gl/periods", limit="1")
        assert set(answer.json()["value"][0]) == {"Period", "Year", "Begins", "Ends", "Closed"}
        assert answer.headers["x-sim-synthetic"] == "1"
        assert tenant.post("/api/v2/gl/accounts", {}).status_code == 405
        body = {"ByAmount": True, "CustomerNumber": str(tenant.customer), "InvoiceDate": "2026-09-12", "Tax": 8.25,
                "Lines": [{"ExtendedPrice": 100, "Account": "40100"}], "ExternalReference": "in_1"}  # fmt: skip
        made = tenant.post("/api/v2/invoices", body).json()
        assert (made["TotalAmount"], made["Tax"], made["Balance"]) == (108.25, 8.25, 108.25)
        credit = {"CustomerNumber": made["CustomerNumber"], "InvoiceNumber": made["InvoiceNumber"], "Tax": 8.25,
                  "Lines": [{"ExtendedPrice": 100}]}  # fmt: skip
        assert tenant.post("/api/v2/creditmemos", credit).json()["Balance"] == 0
        assert tenant.get("/api/v2/invoices", open="true").json()["value"] == []
        assert len(tenant.get("/api/v2/invoices", open="false").json()["value"]) == 1
        described = tenant.get("/api/v2/openapi.json").json()
        assert {"/api/v2/gl/accounts", "/api/v2/gl/periods"} <= set(described["paths"])
