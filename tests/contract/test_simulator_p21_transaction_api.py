"""The pretend P21's Transaction API (P21 facts §4, §7.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.test_simulator_p21_login import Tenant, served

TAPI = "/uiserver0/api/v2"


def _element(name: str, *rows: dict[str, str], keys: list[str] | None = None, kind: str = "Form") -> dict[str, Any]:
    edits = [{"Edits": [{"Name": field, "Value": value} for field, value in row.items()]} for row in rows]
    return {"Name": name, "Type": kind, "Keys": keys or [], "Rows": edits}


def _set(service: str, *transactions: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"Name": service, "Transactions": [{"Status": "New", "DataElements": one} for one in transactions], **more}


def _order(tenant: Tenant, *more: dict[str, Any], **header: str) -> list[dict[str, Any]]:
    fields = {"customer_id": str(tenant.customer), "ship_to_id": str(tenant.customer), "source_loc_id": "10", **header}
    kept = {name: value for name, value in fields.items() if value}
    return [_element("TABPAGE_1.order", kept), *more]


def _items(*items: tuple[str, str], keys: list[str] | None = None) -> dict[str, Any]:
    rows = [
        {"oe_order_item_id": item, "unit_quantity": quantity, "user_line_no": f"{place}0"}
        for place, (item, quantity) in enumerate(items, 1)
    ]
    return _element("TP_ITEMS.items", *rows, keys=keys, kind="List")


def _post(tenant: Tenant, body: dict[str, Any]) -> dict[str, Any]:
    answer = tenant.post(f"{TAPI}/transaction", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _edit(answer: dict[str, Any], name: str) -> str:
    elements = answer["Results"]["Transactions"][0]["DataElements"]
    edits = [edit for one in elements for row in one["Rows"] for edit in row["Edits"]]
    return str(next(edit["Value"] for edit in edits if edit["Name"] == name))


def test_services_and_definitions() -> None:
    """P21 facts §4.1, §4.7, §4.8."""
    with served() as tenant:
        assert "Order" in {one["Name"] for one in tenant.get(f"{TAPI}/services", type="window").json()}
        assert tenant.get(f"{TAPI}/services", type="x").status_code == 400
        definition = tenant.get(f"{TAPI}/definition/Order").json()["TransactionDefinition"]["DataElementDefinitions"]
        assert {"TABPAGE_1.order", "TP_ITEMS.items", "TP_REMITTANCES.remittances"} <= {
            one["Name"] for one in definition
        }
        unknown = tenant.get(f"{TAPI}/definition/Nothing")
        assert (unknown.status_code, unknown.content) == (500, b"")
        assert tenant.get(f"{TAPI}/definition/CashReceipts").headers["x-sim-synthetic"] == "1"


def test_an_order_with_its_payment() -> None:
    """P21 facts §4.2, §4.9, §7.2 route A: header, items, payment last."""
    with served() as tenant:
        paid = _element(
            "TP_REMITTANCES.remittances", {"payment_type_id": "5", "payment_amount": "25.00", "check_number": "PAY-1"}
        )
        answer = _post(tenant, _set("Order", _order(tenant, _items(("WIDGET-001", "2")), paid, po_no="PO-1")))
        assert answer["Summary"] == {"Succeeded": 1, "Failed": 0, "Other": 0}
        number, payment = _edit(answer, "order_no"), _edit(answer, "payment_number")
        row = tenant.odata("ar_payment_details", "check_number eq 'PAY-1' and delete_flag eq 'N'")[0]
        assert (str(row["payment_number"]), row["payment_amount"]) == (payment, 25)
        assert tenant.odata("remittances", f"order_no eq '{number}'")[0]["payment_number"] == row["payment_number"]
        read = {"ServiceName": "Order", "TransactionStates": [{"Keys": [{"Name": "order_no", "Value": number}]}]}
        again = tenant.post(f"{TAPI}/transaction/get", read).json()
        assert again["Transactions"][0]["DataElements"][1]["Rows"]
        assert tenant.prophet.gl_balanced()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"customer_id": ""}, "Transaction 1:: Customer ID is required"),
        ({"ship_to_id": ""}, "This column is required."),
        ({"source_loc_id": ""}, "Jurisdiction ID for Order Header Tax"),
        ({"company_id": "ACME"}, "Column is disabled: company_id"),
        ({"web_reference_no": "x"}, "Invalid column name: web_reference_no"),
        ({"order_date": "2026-09-12", "requested_date": "2026-09-12"}, "after the Order Date"),
        ({"approved": "Y"}, "Invalid value for column approved"),
        ({"order_no": "424242"}, "Order number 424242"),
    ],
)
def test_refusals_are_200_with_failed(header: dict[str, str], said: str) -> None:
    """P21 facts §4.3."""
    with served() as tenant:
        answer = _post(tenant, _set("Order", _order(tenant, _items(("WIDGET-001", "1")), **header)))
        assert (answer["Summary"]["Failed"], answer["Results"]) == (1, None)
        assert said in answer["Messages"][0]
        assert tenant.odata("oe_hdr") == []


def test_the_same_item_twice_collapses_unless_keyed_by_line() -> None:
    """P21 facts §4.2, Keys."""
    with served() as tenant:
        twice = (("WIDGET-001", "1"), ("WIDGET-001", "3"))
        one = _edit(_post(tenant, _set("Order", _order(tenant, _items(*twice)))), "order_no")
        two = _edit(_post(tenant, _set("Order", _order(tenant, _items(*twice, keys=["user_line_no"])))), "order_no")
        assert [row["unit_quantity"] for row in tenant.odata("oe_line", f"order_no eq '{one}'")] == [3]
        assert [row["unit_quantity"] for row in tenant.odata("oe_line", f"order_no eq '{two}'")] == [1, 3]
        for keys, said in ((["item_desc"], "no matching element"), (["colour"], "Invalid column name: colour")):
            answer = _post(tenant, _set("Order", _order(tenant, _items(*twice, keys=keys))))
            assert said in answer["Messages"][0]


def test_ignore_disabled_can_be_a_false_success() -> None:
    """P21 facts §4.2."""
    with served() as tenant:
        typed = _order(tenant, _items(("WIDGET-001", "1")), company_id="OTHER")
        assert _post(tenant, _set("Order", typed, IgnoreDisabled=True))["Summary"]["Succeeded"] == 1
        assert tenant.odata("oe_hdr")[0]["company_id"] == "ACME"


def test_transactions_of_a_set_stand_alone() -> None:
    """P21 facts §4.2, atomicity."""
    with served() as tenant:
        good, bad = _order(tenant, _items(("WIDGET-001", "1"))), _order(tenant, _items(("NOTHING", "1")))
        answer = _post(tenant, _set("Order", good, bad))
        assert answer["Summary"] == {"Succeeded": 1, "Failed": 1, "Other": 0}
        assert [one["Status"] for one in answer["Results"]["Transactions"]] == ["Passed", "Failed"]
        assert len(tenant.odata("oe_hdr")) == 1


def test_odd_requests() -> None:
    """P21 facts §4.1 to §4.3."""
    with served() as tenant:
        assert tenant.post(f"{TAPI}/transaction", _set("Nothing", [])).status_code == 500
        existing = _set("Order", _order(tenant))
        existing["Transactions"][0]["Status"] = "Existing"
        assert tenant.post(f"{TAPI}/transaction", existing).status_code == 500
        assert tenant.post(f"{TAPI}/transaction", []).status_code == 400


def test_async_runs_from_3_to_2_even_when_it_fails() -> None:
    """P21 facts §4.5: Messages hold the envelope as text."""
    with served(async_seconds=5.0) as tenant:
        queued = tenant.post(f"{TAPI}/transaction/async", _set("Order", _order(tenant, customer_id=""))).json()
        poll = {"id": queued["RequestId"]}
        assert (queued["Status"], tenant.get(f"{TAPI}/transaction/async", **poll).json()["Status"]) == (3, 3)
        tenant.clock.advance(5)
        done = tenant.get(f"{TAPI}/transaction/async", **poll).json()
        assert done["Status"] == 2 and '"Failed": 1' in done["Messages"]


def _invoice(tenant: Tenant) -> dict[str, Any]:
    tenant.post("/api/sales/orders/", tenant.order(CreateInvoice=True, OeHdrShip2State="OR"))
    return tenant.odata("invoice_hdr", "total_amount gt 0", orderby="invoice_no desc", top="1")[0]


def _receipt(tenant: Tenant, amount: str, **applied: str) -> list[dict[str, Any]]:
    header = {"customer_id": str(tenant.customer), "payment_type_id": "5", "payment_amount": amount, "check_number": "CH-1",
              "date_received": "2026-09-12"}  # fmt: skip
    rows = [{"invoice_no": number, "payment_amount": paid} for number, paid in applied.items()]
    return [_element("TABPAGE_1.cash_receipt", header), _element("TP_INVOICES.invoices", *rows, kind="List")]


def test_a_cash_receipt_pays_an_invoice_and_posts() -> None:
    """P21 facts §7.2, §12 (AR row); the window is synthetic."""
    with served() as tenant:
        invoice = _invoice(tenant)
        answer = tenant.post(
            f"{TAPI}/transaction", _set("CashReceipts", _receipt(tenant, "30.00", **{invoice["invoice_no"]: "25.10"}))
        )
        assert answer.headers["x-sim-synthetic"] == "1"
        payment = _edit(answer.json(), "payment_number")
        paid = tenant.odata("invoice_hdr", f"invoice_no eq '{invoice['invoice_no']}'")[0]
        assert (paid["amount_paid"], paid["paid_in_full_flag"], paid["date_paid"]) == (
            25.1,
            "Y",
            "2026-09-12T00:00:00Z",
        )
        receipt = tenant.odata("ar_receipts", f"payment_number eq {payment}")[0]
        assert (
            tenant.odata("ar_receipts_detail", f"receipt_number eq {receipt['receipt_number']}")[0]["payment_amount"]
            == 25.1
        )
        assert [row["total_amount"] for row in tenant.odata("invoice_hdr", "total_amount lt 0")] == [-4.9]
        posted = {row["account_number"]: row["amount"] for row in tenant.odata("gl", f"source eq '{payment}'")}
        assert posted == {"10950": 30, "11000": -30}

        commands = {"Requests": [
            {"Action": 0, "Args": {"ServiceName": "ReverseARPayment"}},
            {"Action": 2, "Args": {"List": [{"FieldName": "payment_number", "Value": payment}]}},
            {"Action": 6, "Args": {}},
        ]}  # fmt: skip
        assert "savesucceeded" in tenant.post(f"{TAPI}/commands", commands).text
        again = tenant.odata("invoice_hdr", f"invoice_no eq '{invoice['invoice_no']}'")[0]
        assert (again["amount_paid"], again["paid_in_full_flag"]) == (0, "N")
        assert tenant.odata("ar_receipts")[0]["reverse_payment_flag"] == "Y" and tenant.prophet.gl_balanced()


def test_a_company_may_refuse_overpayment() -> None:
    """P21 facts §7.2 D, §12."""
    with served(overpayment="refuse") as tenant:
        invoice = _invoice(tenant)
        answer = _post(tenant, _set("CashReceipts", _receipt(tenant, "30.00", **{invoice["invoice_no"]: "30.00"})))
        assert "exceeds the balance" in answer["Messages"][0]
        assert tenant.odata("ar_payment_details") == []


def test_the_names_of_synthetic_windows_are_configuration() -> None:
    """P21 facts §13, no. 1."""
    services = {
        "cash_receipt": {"service": "ARCashReceipts", "header_element": "TP_1.hdr", "line_element": "TP_2.det",
                         "fields": {"customer_id": "remitter_id"}},
        "invoice": {"service": ""},
    }  # fmt: skip
    with served(services=services) as tenant:
        names = {one["Name"] for one in tenant.get(f"{TAPI}/services").json()}
        assert "ARCashReceipts" in names and not {"CashReceipts", "Invoice"} & names
        typed = _element(
            "TP_1.hdr", {"remitter_id": str(tenant.customer), "payment_amount": "5", "payment_type_id": "5"}
        )
        assert _post(tenant, _set("ARCashReceipts", [typed]))["Summary"]["Succeeded"] == 1


def test_customer_credit_memo_and_rma_windows() -> None:
    """P21 facts §2.6, §4.8, §7.4."""
    with served() as tenant:
        general = _element("SHIP_TO_GENERAL.ship_to_general", {"default_branch": "01"})
        form = _element("TABPAGE_1.tp_1_dw_1", {"customer_name": "New Co", "salesrep_id": "812", "mail_state": "TX"})
        made = _edit(_post(tenant, _set("Customer", [form, general])), "customer_id")
        assert tenant.odata("customer", f"customer_id eq {made}")[0]["customer_name"] == "New Co"
        assert "Default Branch" in _post(tenant, _set("Customer", [form]))["Messages"][0]
        memo = _element("TABPAGE_1.memo", {"customer_id": made, "external_reference_no": "re_1"})
        line = _element("TP_LINES.lines", {"amount": "7.50", "description": "Refund"}, kind="List")
        credit = _edit(_post(tenant, _set("CreditMemo", [memo, line])), "invoice_no")
        assert tenant.odata("invoice_hdr", f"invoice_no eq '{credit}'")[0]["total_amount"] == -7.5
        assert _post(tenant, _set("RMA", _order(tenant)))["Summary"]["Failed"] == 1
        order = _edit(_post(tenant, _set("Order", _order(tenant, _items(("WIDGET-001", "1"))))), "order_no")
        tenant.prophet.edit("oe_hdr", {"rma_flag": "Y"}, order_no=order)
        changed = [_element("TABPAGE_1.order", {"order_no": order}, keys=["order_no"])]
        assert "cannot retrieve an RMA" in _post(tenant, _set("Order", changed))["Messages"][0]
