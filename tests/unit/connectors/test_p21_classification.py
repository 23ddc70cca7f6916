"""What an answer to a write means: success is proven, a refusal is known, everything else is open (reliability §2.2)."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from tieout.connectors._wire import Broken, NotReached, Reply
from tieout.connectors.p21 import open_p21
from tieout.connectors.p21.refusals import KNOWN, doubtful, import_messages, refusal
from tieout.connectors.p21.sending import sent_once, unsuccessful
from tieout.connectors.p21.settings import parse_settings
from tieout.connectors.p21.transaction_api import Element, Expected, classify, transaction_set
from tieout.domain.writing import Confirmed, Document, Indeterminate, NotSent, Rejected
from tieout.kernel.failures import Defect, Failed, Fix, Retry

EXPECTED = Expected("sales_order", "order_no", {"order_no": "order_no"})
DOCUMENT: Document = {"customer_id": "100198", "po_no": "WEB-1"}
BUSINESS = "P21.Business.Common.BusinessException"
SERVER = "P21.DataAccess.PbNet.Common.PbService.P21ServerException"


def reply(body: object, status: int = 200) -> Reply:
    return Reply(status, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def passed(order_no: str = "1013938", status: str = "Passed") -> dict[str, Any]:
    edits = [{"Name": "order_no", "Value": order_no}]
    return {"Status": status, "DataElements": [{"Name": "TABPAGE_1.order", "Rows": [{"Edits": edits}]}]}


def result(succeeded: int, failed: int, *messages: str, entries: list[Any] | None = None, other: int = 0) -> Reply:
    summary = {"Succeeded": succeeded, "Failed": failed, "Other": other}
    results = None if entries is None else {"Transactions": entries}
    return reply({"Messages": list(messages), "Results": results, "Summary": summary})


def test_success_is_one_passed_with_its_key() -> None:
    sent = classify(result(1, 0, entries=[passed()]), DOCUMENT, EXPECTED)
    assert sent == Confirmed("1013938", {"order_no": "1013938"})


@pytest.mark.parametrize(
    "answer",
    [
        result(1, 0, entries=[passed("")]),
        result(1, 0, entries=[passed(status="Failed")]),
        result(1, 0, entries=[]),
        result(1, 0, entries=[passed(), passed()]),
        result(1, 1, entries=[passed()]),
        result(1, 0, entries=[passed()], other=1),
        result(0, 0),
        result(0, 1),
        result(0, 1, "Something nobody has seen before"),
        result(0, 1, "Transaction 1:: Unexpected response window: … Window class: w_email_response"),
        result(0, 1, "Transaction 1:: Customer ID is required", "Unexpected response window: e-mail?"),
        result(1, 0, "Unexpected response window: e-mail?", entries=[passed()]),
        result(0, 1, "Transaction 1:: Customer ID is required", entries=[passed()]),
        reply(b"<TransactionSetResult/>"),
        reply(b"<!DOCTYPE html><html>"),
        reply(b"", 500),
        reply(b"", 401),
        reply(b"", 403),
        reply(b"", 429),
        reply([]),
        reply({}),
    ],
)
def test_whatever_leaves_a_doubt_is_indeterminate(answer: Reply) -> None:
    assert isinstance(classify(answer, DOCUMENT, EXPECTED), Indeterminate)


CORPUS = {
    "Customer ID is required": "customer",
    "This column is required.": "required",
    "'Default Branch' is a required column.": "branch",
    "Salesrep ID is required for a new ship to.": "salesrep",
    "Jurisdiction ID for Order Header Tax is required.": "tax_jurisdiction",
    "General Exception: Column is disabled: company_id": "window",
    "General Exception: Sequence contains no matching element": "window",
    "Invalid column name: x": "window",
    "The Expedite Date must be on or before the Required Date": "dates",
    "Tab page is disabled and cannot be selected": "window",
    "You cannot cancel an order that is fully invoiced": "state",
    "Item is not valid or not defined at this location": "item",
    "Customer 12 is on credit hold (HOLD). Order entry is not allowed.": "credit_hold",
    "Customer 12 requires a Purchase Order Number.": "po_required",
    "Period 9/2026 is closed.": "closed_period",
    "Records do not balance": "unbalanced",
    "Records do not balance for branch 02": "branch_unbalanced",
    "Account 99999 is not in the chart of accounts.": "account",
    "Journal ID ZZ is not valid.": "journal",
    "Bank No 9 is not valid.": "bank",
    'The company "FAKE99" could not be retrieved from the database.': "company",
    "Payment Type ID 99 is not valid.": "payment_type",
    "The payment exceeds the balance of invoice 3000001.": "over_payment",
    "Window <<Cash Receipts>> is not available or user does not have permission to open it": "permission",
}


@pytest.mark.parametrize(("words", "name"), CORPUS.items())
def test_known_refusals_are_rejected_with_what_to_do(words: str, name: str) -> None:
    sent = classify(result(0, 1, f"Transaction 1:: {words}"), DOCUMENT, EXPECTED)
    assert isinstance(sent, Rejected), sent
    assert sent.failure.code == f"p21.refused.{name}"
    assert words.rstrip(".") in sent.failure.sentence
    assert sent.failure.sentence.endswith("replay.")


def test_every_remedy_says_what_to_do_and_ends_in_a_replay() -> None:
    assert all(one.remedy.endswith("then replay.") for one in KNOWN)


@pytest.mark.parametrize(
    "words", ["", "Timeout expired", "Transaction was deadlocked on lock resources", "The connection was lost"]
)
def test_disturbances_are_no_refusals(words: str) -> None:
    assert doubtful(words)
    assert refusal(words) is None


def failed_rest(kind: str, message: str, status: int = 500) -> Reply:
    return reply({"ErrorType": kind, "ErrorMessage": message}, status)


IMPORT = (
    '<ImportReturn type="CREATE"><ImportMessage severity="error">Import Set No (A): 1: Item NOPE: Item is not valid or '
    "not defined at this location</ImportMessage></ImportReturn>(Return value: -8 , Import is ok but some records failed)"
)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (failed_rest(SERVER, IMPORT), "p21.refused.item"),
        (failed_rest(BUSINESS, "A rule of this site that nobody else has"), "p21.refused.rule"),
        (failed_rest(SERVER, "Terms ID ZZ is not valid."), "p21.refused.terms"),
        (failed_rest("P21.Common.Exceptions.NotFoundException", "No resources found", 404), "p21.refused.rule"),
        (reply({"title": "One or more validation errors occurred.", "errors": {}}, 400), "p21.malformed"),
        (reply({"Message": "You are not authorized to access API"}, 403), "p21.forbidden"),
    ],
)
def test_rest_refusals_that_are_known_are_rejected(answer: Reply, code: str) -> None:
    sent = unsuccessful("sales_order", DOCUMENT, answer)
    assert isinstance(sent, Rejected), sent
    assert sent.failure.code == code


@pytest.mark.parametrize(
    "answer",
    [
        failed_rest(SERVER, "CRUD Update error: Update failed for oe_hdr. (-1)"),
        failed_rest(BUSINESS, "Timeout expired."),
        failed_rest(BUSINESS, ""),
        failed_rest(BUSINESS, "Customer ID is required", 503),
        reply(b"", 500),
        reply(b"<html>", 404),
        reply(b"", 409),
        failed_rest(BUSINESS, "Legacy ID is not valid: it already exists", 409),
    ],
)
def test_other_rest_errors_are_indeterminate(answer: Reply) -> None:
    assert isinstance(unsuccessful("sales_order", DOCUMENT, answer), Indeterminate)


@pytest.mark.parametrize("message", ["Duplicate external reference", "Item NOPE is not valid"])
def test_a_conflict_may_be_our_own_earlier_copy_and_is_no_refusal(message: str) -> None:
    conflict = httpx2.Response(409, json={"error": {"code": "duplicate", "message": message}})
    gateway = parse_settings(
        {"base_url": "https://p21.example.com", "dialect": "gateway", "company_id": "1", "currencies": {"usd": 1}}
    )
    p21 = open_p21(gateway, {"gateway_key": "k"}, transport=httpx2.MockTransport(lambda request: conflict))
    document: Document = {"name": "Acorn Supply", "email": "a@acorn.example", "currency": "usd"}
    assert isinstance(p21.writer("customer").send("TO1", document), Indeterminate)


def test_import_messages_are_told_once_without_their_wrapping() -> None:
    assert import_messages(IMPORT + IMPORT) == "Item NOPE: Item is not valid or not defined at this location"


def test_what_the_wire_raises_has_a_meaning_too() -> None:
    def post(error: Exception) -> object:
        def raising() -> Reply:
            raise error

        return sent_once("p21.example.com", raising, lambda _: Indeterminate("never"))

    assert isinstance(post(NotReached("ConnectError: refused")), NotSent)
    assert isinstance(post(Broken("ReadTimeout")), Indeterminate)
    assert isinstance(post(Failed(Retry("p21.login", "No token."))), NotSent)
    assert isinstance(post(Failed(Fix("p21.router", "Elsewhere."))), Rejected)
    assert isinstance(post(Failed(Defect("p21.contract", "Odd."))), Rejected)
    certificate = post(NotReached("ConnectError: CERTIFICATE_VERIFY_FAILED"))
    assert isinstance(certificate, NotSent)
    assert "ca_file" in certificate.failure.sentence


def test_a_transaction_set_keeps_the_order_and_sends_only_text() -> None:
    sent = transaction_set(
        "Order",
        [
            Element("TABPAGE_1.order", [{"customer_id": "1", "po_no": ""}]),
            Element("TP_ITEMS.items", [{"user_line_no": "010"}], "List", ("user_line_no",)),
            Element("TP_REMITTANCES.remittances", [{"payment_amount": "12.50"}]),
        ],
    )
    (entry,) = sent["Transactions"]
    assert [one["Name"] for one in entry["DataElements"]] == [
        "TABPAGE_1.order",
        "TP_ITEMS.items",
        "TP_REMITTANCES.remittances",
    ]
    assert entry["Status"] == "New"
    assert sent["IgnoreDisabled"] is False
    (header,) = entry["DataElements"][0]["Rows"]
    assert header["Edits"] == [{"Name": "customer_id", "Value": "1", "IgnoreIfEmpty": False}]
