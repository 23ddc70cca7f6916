"""Credit memos, refunds and invoices by amount in both dialects against the simulator over HTTP, and open receivables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.p21 import Prophet21 as Simulated
from tests.integration.test_p21_journals import DIALECTS, Start, confirmed, connected, refused, start
from tieout.connectors.p21 import OpenReceivable, Prophet21
from tieout.domain.writing import Document, Indeterminate
from tieout.kernel.failures import Failed

__all__ = ["start"]

PAYING: dict[str, Any] = {"payment_type_id": 5, "bank_no": 2}
POSTS = {
    "middleware": {"credit_memo": "tapi CreditMemo", "ar_invoice": "tapi Invoice"},
    "gateway": {"credit_memo": "POST /api/v2/creditmemos", "ar_invoice": "POST /api/v2/invoices"},
}


def buyer(simulator: Simulated, name: str = "Acorn Supply") -> str:
    return str(simulator.rows("customer", customer_name=name)[0]["customer_id"])


def invoice(simulator: Simulated, **more: Any) -> Document:
    document: Document = {
        "customer_id": buyer(simulator),
        "date": "2026-09-12",
        "due_date": "2026-10-02",
        "currency": "usd",
        "po_no": "in_1",
        "description": "Stripe invoice",
        "lines": [
            {"item_id": "PLAN-PRO", "quantity": "2", "description": "Plan", "amount": "99.00", "account": "40100"},
            {"description": "Setup", "amount": "1.00"},
        ],
        "tax": "8.25",
        "freight": "5.00",
        "total": "113.25",
    }
    return {**document, **more}


def credit(simulator: Simulated, invoice_no: str = "", **more: Any) -> Document:
    document: Document = {
        "customer_id": buyer(simulator),
        "invoice_no": invoice_no,
        "date": "2026-09-14",
        "currency": "usd",
        "reason": "Refund re_1",
        "kind": "money",
        "lines": [
            {"item_id": "PLAN-PRO", "quantity": "1", "description": "Plan", "amount": "49.50", "account": "49000"}
        ],
        "tax": "4.09",
        "total": "53.59",
    }
    return {**document, **more}


def refund(simulator: Simulated, memo_no: str, **more: Any) -> Document:
    document: Document = {
        "customer_id": buyer(simulator),
        "credit_memo_no": memo_no,
        "amount": "53.59",
        "currency": "usd",
        "date": "2026-09-14",
        "description": "Refund re_1",
    }
    return {**document, **more}


def written(p21: Prophet21, entity: str, name: str, document: Document) -> str:
    """The key of a document that was written and is found as it was meant."""
    sent = confirmed(p21.writer(entity).send(name, document))
    (found,) = p21.writer(entity).look_up(name, document)
    assert (found.key, found.differences) == (sent.key, ())
    return sent.key


def by_number(p21: Prophet21) -> dict[str, OpenReceivable]:
    return {one.invoice_no: one for one in p21.open_receivables()}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_invoice_by_amount_keeps_stripes_tax_and_is_open(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect, **PAYING)
    number = written(p21, "ar_invoice", "TOINVOICE", invoice(simulator))
    (book,) = simulator.books()["invoices"]
    assert (book["amount"], book["tax"], book["reference"], book["due"]) == (
        "113.25",
        "8.25",
        "TOINVOICE",
        "2026-10-02",
    )
    record = p21.documents("ar_invoice", [number, "1"])[number]
    assert (record.amount, record.reference, record.currency, record.void) == (
        Decimal("113.25"),
        "TOINVOICE",
        "usd",
        False,
    )
    opened = by_number(p21)[number]
    assert (opened.open, opened.customer_name, opened.due_date) == (Decimal("113.25"), "Acorn Supply", "2026-10-02")
    assert simulator.gl_balanced()
    if dialect == "middleware":
        paid: Document = {"customer_id": buyer(simulator), "amount": "113.25", "currency": "usd", "date": "2026-09-13"}
        receipt = written(p21, "cash_receipt", "TOPAID", {**paid, "invoice_no": number})
        assert by_number(p21) == {}
        kept = p21.documents("cash_receipt", [receipt])[receipt]
        assert (kept.amount, kept.reference, kept.customer_id) == (Decimal("113.25"), "TOPAID", buyer(simulator))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_credit_memo_settles_what_is_open_of_its_invoice(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect, **PAYING)
    number = written(p21, "ar_invoice", "TOINVOICE", invoice(simulator))
    memo = written(p21, "credit_memo", "TOCREDIT", credit(simulator, number))
    (book,) = simulator.books()["credit_memos"]
    assert (book["amount"], book["tax"], book["open"], book["credits"]) == ("-53.59", "-4.09", "0.00", number)
    assert {one: found.open for one, found in by_number(p21).items()} == {number: Decimal("59.66")}
    assert p21.documents("credit_memo", [memo])[memo].amount == Decimal("53.59")
    assert simulator.gl_balanced()
    postings = {row["account_number"]: row["amount"] for row in simulator.rows("gl", source=memo)}
    assert postings == {"11000": Decimal("-53.59"), "49000": Decimal("49.50"), "22000": Decimal("4.09")}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("entity", ["credit_memo", "ar_invoice"])
@pytest.mark.parametrize("kind", ["cut_after_commit", "error_after_commit"])
def test_a_document_behind_a_lost_answer_is_found(start: Start, dialect: str, entity: str, kind: str) -> None:
    simulator, url = start()
    writer = connected(url, dialect).writer(entity)
    document = credit(simulator) if entity == "credit_memo" else invoice(simulator)
    simulator.faults.plan(Fault(kind, POSTS[dialect][entity], times=1))
    assert isinstance(writer.send("TOLOST", document), Indeterminate)
    (found,) = writer.look_up("TOLOST", document)
    assert found.differences == ()
    assert simulator.doubles() == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_credit_memo_edited_or_voided_by_hand_is_told(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    memo = written(p21, "credit_memo", "TOHAND", credit(simulator))
    simulator.edit("invoice_hdr", {"total_amount": Decimal("-50.00"), "tax_amount": Decimal("-0.50")}, invoice_no=memo)
    (found,) = p21.writer("credit_memo").look_up("TOHAND", credit(simulator))
    assert found.differences == ("its tax is 0.50 instead of 4.09", "its total is 50.00 instead of 53.59")
    simulator.edit("invoice_hdr", {"approved": "N"}, invoice_no=memo)
    (found,) = p21.writer("credit_memo").look_up("TOHAND", credit(simulator))
    assert (found.void, found.differences) == (True, ("it is voided in P21",))
    assert p21.documents("credit_memo", [memo])[memo].void
    assert simulator.books()["credit_memos"][0]["voided"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_does_not_fit_is_refused_before_or_by_p21(start: Start, dialect: str) -> None:
    simulator, url = start()
    simulator.edit("periods", {"period_closed": "Y"}, year_for_period=2026, period=8)
    writer = connected(url, dialect).writer("credit_memo")
    stray: Document = {"amount": "49.50", "account": "99999"}
    cases: list[tuple[Document, str]] = [
        (credit(simulator, total="53.60"), "p21.document.total"),
        (credit(simulator, tax="-4.09", total="45.41"), "p21.document.total"),
        (credit(simulator, "77"), "p21.refused.invoice"),
        (credit(simulator, lines=[stray]), "p21.refused.account"),
        (credit(simulator, date="2026-08-14"), "p21.refused.closed_period"),
        (credit(simulator, customer_id=buyer(simulator, "Euro Handels GmbH")), "p21.currency_mismatch"),
    ]
    for document, code in cases:
        assert refused(writer.send("TONO", document)).code == code
    assert writer.look_up("TONO", credit(simulator)) == ()
    simulator.edit("periods", {"period_closed": "N"}, year_for_period=2026, period=8)
    confirmed(writer.send("TOYES", credit(simulator, date="2026-08-31")))


def test_goods_come_back_through_the_rma_window(start: Start) -> None:
    simulator, url = start()
    p21 = connected(url, "middleware")
    number = written(p21, "ar_invoice", "TOINVOICE", invoice(simulator))
    lines: list[Any] = [{"item_id": "WIDGET-001", "quantity": "3", "amount": "37.51", "description": "Widget"}]
    document = credit(simulator, number, kind="return", lines=lines, tax="0", total="37.51")
    key = written(p21, "credit_memo", "TORETURN", document)
    (book,) = simulator.books()["returns"]
    assert (key, book["reference"]) == (f"RMA {book['key']}", "TORETURN")
    record = p21.documents("credit_memo", [key])[key]
    assert (record.reference, record.void, record.currency) == ("TORETURN", False, "usd")
    writer = p21.writer("credit_memo")
    assert refused(writer.send("TOX", {**document, "invoice_no": ""})).field == "invoice_no"
    assert (
        refused(writer.send("TOX", {**document, "lines": [{"amount": "37.51"}]})).field
        == "item_id and quantity of line 1"
    )
    assert refused(writer.send("TOX", {**document, "kind": "gift"})).field == "kind"
    simulator.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=book["key"])
    (found,) = writer.look_up("TORETURN", document)
    assert found.void


def test_a_return_of_what_was_shipped_or_credited_in_parts_is_for_a_person(start: Start) -> None:
    simulator, url = start()
    p21 = connected(url, "middleware", **PAYING)
    line: Document = {"item_id": "WIDGET-001", "quantity": "2", "unit_price": "12.50", "extended_price": "25.00"}
    sold: Document = {
        "customer_id": buyer(simulator), "ship_to_state": "TX", "order_date": "2026-09-12", "currency": "usd",
        "lines": [line], "tax": "0", "total": "25.00",
    }  # fmt: skip
    order = confirmed(p21.writer("sales_order").send("TOORDER", sold)).key
    lines: list[Any] = [{"item_id": "WIDGET-001", "quantity": "1", "amount": "12.50", "description": "Widget"}]
    back = credit(simulator, kind="return", order_no=order, lines=lines, tax="0", total="12.50")
    writer = p21.writer("credit_memo")
    assert f"Order {order} is not invoiced yet" in refused(writer.send("TOX", back)).sentence
    simulator.ship(order)
    key = confirmed(writer.send("TOBACK", back)).key
    paying, paid = p21.writer("refund_payment"), refund(simulator, key, amount="12.50")
    assert refused(paying.send("TOPAID", paid)).code == "p21.return_open"
    first, second = (simulator.ship(key.removeprefix("RMA ")) for _ in range(2))
    told = f"P21 credits {key} in 2 parts ({first}, {second}). Enter the payment in P21 with check number TOPAID, then"
    assert told in refused(paying.send("TOPAID", paid)).sentence
    confirmed(paying.send("TOPAID", {**paid, "credit_memo_no": first}))  # as a person enters it
    (found,) = paying.look_up("TOPAID", paid)
    assert found.differences == ()
    simulator.edit("invoice_hdr", {"approved": "N"}, invoice_no=first)
    confirmed(paying.send("TOREST", paid))
    simulator.ship(order)
    assert f"Order {order} has 2 invoices" in refused(writer.send("TOX", back)).sentence


def test_a_return_is_refused_where_the_window_has_no_field_for_the_invoice(start: Start) -> None:
    simulator, url = start()
    writer = connected(url, "middleware", rma_invoice_field="orig_invoice").writer("credit_memo")
    failure = refused(writer.send("TOX", credit(simulator, "3000001", kind="return")))
    assert (failure.code, "has no field 'orig_invoice'" in failure.sentence) == ("p21.capability_off", True)


@pytest.mark.parametrize("kind", ["", "cut_after_commit"])
def test_a_refund_pays_a_credit_memo_back(start: Start, kind: str) -> None:
    simulator, url = start()
    p21 = connected(url, "middleware", **PAYING)
    memo = written(p21, "credit_memo", "TOCREDIT", credit(simulator))
    assert by_number(p21)[memo].open == Decimal("-53.59")
    writer, document = p21.writer("refund_payment"), refund(simulator, memo)
    if kind:
        simulator.faults.plan(Fault(kind, "tapi CashReceipts", times=1))
        assert isinstance(writer.send("TOREFUND", document), Indeterminate)
    else:
        confirmed(writer.send("TOREFUND", document))
    (found,) = writer.look_up("TOREFUND", document)
    assert found.differences == ()
    assert by_number(p21) == {}
    (book,) = simulator.books()["refund_payments"]
    assert (book["amount"], book["reference"]) == ("-53.59", "TOREFUND")
    kept = p21.documents("refund_payment", [found.key])[found.key]
    assert (kept.amount, kept.currency, kept.void) == (Decimal("53.59"), "usd", False)
    assert simulator.gl_balanced()


def test_a_refund_that_no_credit_memo_covers_is_refused(start: Start) -> None:
    simulator, url = start()
    p21 = connected(url, "middleware", **PAYING)
    memo = written(p21, "credit_memo", "TOCREDIT", credit(simulator))
    writer = p21.writer("refund_payment")
    assert refused(writer.send("TOMUCH", refund(simulator, memo, amount="53.60"))).code == "p21.refused.over_payment"
    assert refused(writer.send("TOMINUS", refund(simulator, memo, amount="-1"))).code == "p21.document.amount"
    assert refused(writer.send("TOWHOM", refund(simulator, "77"))).code == "p21.refused.invoice"
    assert simulator.books()["refund_payments"] == []


def test_refunds_can_be_switched_off_and_the_gateway_has_none(start: Start) -> None:
    _, url = start()
    for p21 in (connected(url, "middleware", refunds_by="off"), connected(url, "gateway")):
        capability = p21.capability("refund_payment")
        assert (capability.on, "journal" in capability.reason) == (False, True)
        with pytest.raises(Failed) as told:
            p21.writer("refund_payment")
        assert told.value.failure.code == "p21.capability_off"


def test_windows_that_are_not_there_are_asked_for_by_name(start: Start) -> None:
    _, url = start(services={"credit_memo": {"service": "ARMemo"}, "invoice": {"service": ""}})
    p21 = connected(url, "middleware")
    reasons = {one.name: one.reason for one in p21.probe().capabilities if not one.on}
    assert "Put the right one into memo_window.service; candidates: ARMemo" in reasons["credit_memo"]
    assert reasons["ar_invoice"].endswith("enter these invoices in P21 by hand.")
    assert connected(url, "middleware", memo_window={"service": "ARMemo"}).capability("credit_memo").on


@pytest.mark.parametrize("dialect", DIALECTS)
def test_many_documents_are_read_back_and_an_unknown_kind_is_told(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    writer, keys = p21.writer("ar_invoice"), []
    for number in range(90 if dialect == "middleware" else 3):
        keys.append(confirmed(writer.send(f"TO{number}", invoice(simulator))).key)
    simulator.calls.clear()
    assert len(p21.documents("ar_invoice", keys)) == len(keys)
    if dialect == "middleware":
        assert sum(simulator.calls.values()) == 3
    with pytest.raises(Failed) as told:
        p21.documents("contact", ["1"])
    assert told.value.failure.code == "p21.entity"
    assert len(list(p21.open_receivables())) == len(keys)


def test_an_order_is_read_back_with_tax_and_total(start: Start) -> None:
    simulator, url = start()
    p21 = connected(url, "middleware")
    line: Document = {
        "item_id": "WIDGET-001",
        "quantity": "2",
        "unit_price": "12.50",
        "extended_price": "25.00",
        "taxable": True,
    }
    document: Document = {
        "customer_id": buyer(simulator),
        "ship_to_state": "TX",
        "order_date": "2026-09-12",
        "currency": "usd",
        "lines": [line],
        "tax": "1.56",
        "total": "26.56",
    }
    key = confirmed(p21.writer("sales_order").send("TOORDER", document)).key
    record = p21.documents("sales_order", [key])[key]
    assert (record.amount, record.reference, record.currency) == (Decimal("26.56"), "TOORDER", "usd")
    invoiced = confirmed(p21.writer("invoice").send("TODIRECT", document)).key
    made = p21.documents("invoice", [invoiced])[invoiced]
    assert (made.amount, made.reference) == (Decimal("26.56"), "TODIRECT")
    simulator.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=key)
    assert p21.documents("sales_order", [key])[key].void


def test_a_currency_with_three_decimals_keeps_them(start: Start) -> None:
    simulator, url = start()
    simulator.add_customer("Gulf Trading", currency_id=6, place="", country="KW")
    p21 = connected(url, "middleware", currencies={"usd": 1, "kwd": 6}, **PAYING)
    gulf = buyer(simulator, "Gulf Trading")
    lines: list[Any] = [{"amount": "12.345", "description": "Service"}]
    document = invoice(simulator, customer_id=gulf, currency="kwd", lines=lines, tax="0", freight="0", total="12.345")
    number = written(p21, "ar_invoice", "TOKWD", document)
    paid: Document = {"customer_id": gulf, "amount": "12.345", "currency": "kwd", "date": "2026-09-13"}
    written(p21, "cash_receipt", "TOPAID", {**paid, "invoice_no": number})
    assert by_number(p21) == {}
    assert p21.documents("ar_invoice", [number])[number].currency == "kwd"
