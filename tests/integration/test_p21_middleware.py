"""The middleware dialect against the simulator over HTTP: every write, every fault, and what look-up finds afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.p21 import Prophet21 as Simulated
from simulators.p21 import seed_books
from simulators.server import Serving
from simulators.world import World
from tieout.connectors.p21 import Prophet21, open_p21, parse_settings
from tieout.domain.writing import Confirmed, Document, Indeterminate, NotSent, Rejected, Sent, Writer
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.kernel.references import reference

SECRETS = {"password": "prophet-password"}
SETTINGS: dict[str, Any] = {
    "company_id": "ACME",
    "username": "tieout",
    "location_id": 10,
    "branch": "01",
    "terms": "CC",
    "salesrep": "812",
    "currencies": {"usd": 1, "eur": 2},
    "payment_type_id": 5,
    "bank_no": 2,
    "calls_per_second": 1000,
}
BUYER: Document = {
    "name": "Nadia Novak",
    "first_name": "Nadia",
    "last_name": "Novak",
    "email": "nadia@example.com",
    "address1": "5 Elm Street",
    "city": "Los Angeles",
    "state": "CA",
    "postal_code": "90001",
    "country": "US",
    "currency": "usd",
}


@dataclass
class Site:
    """A pretend P21 on a port and connections to it."""

    simulator: Simulated
    serving: Serving
    opened: dict[str, Prophet21] = field(default_factory=dict)

    def open(self, **settings: Any) -> Prophet21:
        return open_p21(parse_settings({**SETTINGS, "base_url": self.serving.url, **settings}), SECRETS)

    def fault(self, kind: str, operation: str, times: int | None = 1, seconds: float = 0.0, **detail: Any) -> None:
        self.simulator.faults.plan(Fault(kind, operation, times=times, seconds=seconds, detail=detail))


Start = Callable[..., Site]


@pytest.fixture
def start() -> Iterator[Start]:
    served: list[Serving] = []

    def begin(**options: Any) -> Site:
        simulator = Simulated(World(), **options)
        seed_books(simulator)
        served.append(Serving(simulator))
        return Site(simulator, served[-1])

    yield begin
    for serving in served:
        serving.close()


@pytest.fixture
def site(start: Start) -> Site:
    return start()


def buyer(site: Site, name: str = "Acorn Supply") -> str:
    return str(site.simulator.rows("customer", customer_name=name)[0]["customer_id"])


def order(site: Site, **more: Any) -> Document:
    """Two items and freight, shipped to a state without sales tax."""
    document: Document = {
        "customer_id": buyer(site),
        "ship_to_name": "Nadia Novak",
        "ship_to_address1": "5 Elm Street",
        "ship_to_city": "Portland",
        "ship_to_state": "OR",
        "ship_to_postal_code": "97035",
        "ship_to_country": "US",
        "order_date": "2026-09-12",
        "requested_date": "2026-09-13",
        "po_no": "WEB-1",
        "currency": "usd",
        "lines": [
            {
                "item_id": "WIDGET-001",
                "quantity": "2",
                "unit_price": "12.50",
                "extended_price": "25.00",
                "description": "Widget",
                "taxable": True,
            },
            {"item_id": "FREIGHT", "quantity": "1", "unit_price": "7.95", "extended_price": "7.95", "taxable": False},
        ],
        "total": "32.95",
        "tax": "0.00",
        "tax_tolerance": "0.02",
    }
    return {**document, **more}


def receipt(site: Site, **more: Any) -> Document:
    base: Document = {"customer_id": buyer(site), "amount": "32.95", "currency": "usd", "date": "2026-09-12"}
    return {**base, **more}


def confirmed(sent: Sent) -> Confirmed:
    assert isinstance(sent, Confirmed), sent
    return sent


def refused(sent: Sent) -> Fix:
    assert isinstance(sent, Rejected), sent
    return sent.failure


def only(writer: Writer, name: str, document: Document) -> tuple[str, tuple[str, ...]]:
    (found,) = writer.look_up(name, document)
    return found.key, found.differences


def test_a_customer_is_written_in_three_parts_and_found_by_each(site: Site) -> None:
    p21, document = site.open(), dict(BUYER)
    assert p21.parts("customer") == ("address", "contact", "customer")
    for part in p21.parts("customer"):
        writer, name = p21.writer(part), reference("c1", part)
        assert writer.look_up(name, document) == ()
        sent = confirmed(writer.send(name, document))
        assert only(writer, name, document) == (sent.key, ())
        document[f"{part}_id"] = sent.key
    (found,) = p21.customers_by_email("NADIA@example.com")
    assert (found.customer_id, found.name, found.currency) == (document["customer_id"], "Nadia Novak", "usd")
    record = p21.customer(str(document["customer_id"]))
    assert record is not None
    assert record.terms == "CC"
    assert site.simulator.doubles() == {}


@pytest.mark.parametrize(
    ("part", "family"), [("address", "addresses"), ("contact", "contacts"), ("customer", "customers")]
)
@pytest.mark.parametrize("kind", ["cut_after_commit", "error_after_commit"])
def test_a_part_whose_answer_is_lost_is_found_again(site: Site, part: str, family: str, kind: str) -> None:
    writer, name = site.open().writer(part), reference("lost", part)
    site.fault(kind, f"POST /api/entity/{family}/")
    assert isinstance(writer.send(name, BUYER), Indeterminate)
    assert only(writer, name, BUYER)[1] == ()


def test_a_customer_needs_terms_and_a_sales_representative(site: Site) -> None:
    failure = refused(site.open(salesrep="").writer("customer").send("TOX", BUYER))
    assert (failure.code, failure.field) == ("p21.setting_missing", "salesrep")


@pytest.mark.parametrize("spelling", ["classic", "short"])
def test_an_order_goes_through_rest_in_the_spelling_of_the_tenant(start: Start, spelling: str) -> None:
    site = start(dialect_orders=spelling)
    writer, document = site.open().writer("sales_order"), order(site)
    sent = confirmed(writer.send("TOREST", document))
    assert sent.shown == {"order_no": sent.key}
    assert only(writer, "TOREST", document) == (sent.key, ())
    (row,) = site.simulator.rows("oe_hdr", order_no=sent.key)
    assert (row["web_reference_no"], row["ship2_state"], row["taker"], row["terms"]) == ("TOREST", "OR", "TIEOUT", "CC")
    assert (row["source_location_id"], row["approved"], row["po_no"]) == (10, "N", "WEB-1")


def test_an_order_goes_through_the_window(site: Site) -> None:
    writer, document = site.open(orders_by="transaction").writer("sales_order"), order(site)
    sent = confirmed(writer.send("TOWINDOW", document))
    assert only(writer, "TOWINDOW", document) == (sent.key, ())
    (row,) = site.simulator.rows("oe_hdr", order_no=sent.key)
    assert (row["job_name"], row["po_no"], row["ship2_state"]) == ("TOWINDOW", "WEB-1", "OR")


def test_the_same_item_twice_stays_two_lines_in_the_window(site: Site) -> None:
    line = {"item_id": "WIDGET-001", "quantity": "1", "unit_price": "10.00", "extended_price": "10.00"}
    dearer = {**line, "unit_price": "11.00", "extended_price": "11.00"}
    document = order(site, lines=[line, dearer], total="21.00")
    writer = site.open(orders_by="transaction").writer("sales_order")
    confirmed(writer.send("TOTWICE", document))
    assert only(writer, "TOTWICE", document)[1] == ()


def test_a_payment_travels_with_the_order_and_is_found_as_its_receipt(site: Site) -> None:
    p21 = site.open(orders_by="transaction", receipts_by="order")
    payment = {"reference": "TOPAID", "amount": "32.95", "date": "2026-09-12", "description": "Stripe ch_1"}
    sent = confirmed(p21.writer("sales_order").send("TOORDER", order(site, payment=payment)))
    writer, document = p21.writer("cash_receipt"), receipt(site, order_no=sent.key)
    key, differences = only(writer, "TOPAID", document)
    assert key == str(site.simulator.rows("ar_payment_details", check_number="TOPAID")[0]["payment_number"])
    assert differences == ()
    assert only(writer, "TOPAID", {**document, "order_no": "999"})[1] == (
        f"it was taken with order {sent.key}, not 999",
    )
    assert only(writer, "TOPAID", {**document, "amount": "30.00"})[1] == ("its amount is 32.95 instead of 30.00",)
    assert refused(writer.send("TONONE", document)).code == "p21.receipt_not_with_order"


def test_an_invoice_is_found_through_its_order(site: Site) -> None:
    p21, document = site.open(), order(site)
    writer = p21.writer("invoice")
    sent = confirmed(writer.send("TOINVOICE", document))
    (row,) = site.simulator.rows("invoice_hdr", external_reference_no="TOINVOICE")
    assert sent.key == row["invoice_no"]
    assert sent.shown == {"invoice_no": row["invoice_no"], "order_no": row["order_no"]}
    assert only(writer, "TOINVOICE", document) == (sent.key, ())


def test_an_ignored_create_invoice_is_a_difference(site: Site) -> None:
    document = order(site, ship_to_state="ZZ")
    writer = site.open().writer("invoice")
    sent = confirmed(writer.send("TOIGNORED", document))
    assert sent.key.startswith("of order ")
    (found,) = writer.look_up("TOIGNORED", document)
    assert "made no invoice" in found.differences[0]


def test_a_receipt_pays_an_invoice_through_the_window(site: Site) -> None:
    p21 = site.open()
    invoice = confirmed(p21.writer("invoice").send("TOINV", order(site)))
    writer, document = (
        p21.writer("cash_receipt"),
        receipt(site, invoice_no=invoice.key, order_no=invoice.shown["order_no"]),
    )
    sent = confirmed(writer.send("TORECEIPT", document))
    assert only(writer, "TORECEIPT", document) == (sent.key, ())
    (row,) = site.simulator.rows("invoice_hdr", invoice_no=invoice.key)
    assert row["paid_in_full_flag"] == "Y"
    assert only(writer, "TORECEIPT", {**document, "invoice_no": "1"})[1] == ("it was not applied to invoice 1",)
    site.simulator.edit("ar_receipts", {"reverse_payment_flag": "Y"}, payment_number=int(sent.key))
    assert only(writer, "TORECEIPT", document)[1] == ("it was reversed or deleted in P21",)


def test_a_receipt_on_an_order_goes_through_the_window(site: Site) -> None:
    p21 = site.open()
    made = confirmed(p21.writer("sales_order").send("TOORD", order(site)))
    writer, document = p21.writer("cash_receipt"), receipt(site, order_no=made.key)
    confirmed(writer.send("TORCPT", document))
    assert only(writer, "TORCPT", document)[1] == ()
    assert only(writer, "TORCPT", {**document, "customer_id": "5"})[1] == (
        f"it stands on customer {buyer(site)}, not 5",
    )


REST, WINDOW, RECEIPT = "POST /api/sales/orders/", "tapi Order", "tapi CashReceipts"
LIES = [
    "unauthorized",
    "forbidden",
    "server_error",
    "html_page",
    "pool_exhausted",
    "rate_limited",
    "dirty_session",
    "cut",
]


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("kind", LIES)
@pytest.mark.parametrize("operation", [REST, WINDOW, RECEIPT])
def test_every_lie_of_the_wire_is_indeterminate_and_look_up_tells_the_truth(
    site: Site, operation: str, kind: str, committed: bool
) -> None:
    writer, document = _writer_of(site, operation)
    site.fault(kind, operation, committed=committed)
    assert isinstance(writer.send("TOLIE", document), Indeterminate)
    assert len(writer.look_up("TOLIE", document)) == committed
    assert site.simulator.doubles() == {}


@pytest.mark.parametrize("kind", ["cut_after_commit", "error_after_commit", "partial_summary", "xml_answer"])
@pytest.mark.parametrize("operation", [REST, WINDOW, RECEIPT])
def test_what_was_committed_behind_a_bad_answer_is_found(site: Site, operation: str, kind: str) -> None:
    writer, document = _writer_of(site, operation)
    site.fault(kind, operation, status=502)
    assert isinstance(writer.send("TOLATE", document), Indeterminate)
    assert only(writer, "TOLATE", document)[1] == ()


def _writer_of(site: Site, operation: str) -> tuple[Writer, Document]:
    if operation == RECEIPT:
        return site.open().writer("cash_receipt"), receipt(site)
    orders_by = "transaction" if operation == WINDOW else "rest"
    return site.open(orders_by=orders_by).writer("sales_order"), order(site)


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"lines": [{"item_id": "NOPE", "quantity": "1", "unit_price": "1", "extended_price": "1"}]}, "item", "NOPE"),
    (
        {"lines": [{"item_id": "OBSOLETE-9", "quantity": "1", "unit_price": "1", "extended_price": "1"}]},
        "item",
        "OBSOLETE",
    ),
    ({"customer": "On Hold Holdings"}, "credit_hold", "credit hold"),
    ({"customer": "Purchase Order Only", "po_no": ""}, "po_required", "Purchase Order"),
    ({"terms": "ZZ", "requested_date": "2026-09-13", "lines_unit": "CRATE"}, "unit_of_measure", "CRATE"),
]


@pytest.mark.parametrize("orders_by", ["rest", "transaction"])
@pytest.mark.parametrize(("changes", "name", "words"), REFUSALS)
def test_a_business_refusal_is_rejected_in_p21s_own_words(
    site: Site, orders_by: str, changes: dict[str, Any], name: str, words: str
) -> None:
    document = order(site, **{key: value for key, value in changes.items() if key not in ("customer", "lines_unit")})
    if "customer" in changes:
        document["customer_id"] = buyer(site, changes["customer"])
    if "lines_unit" in changes:
        document["terms"] = ""
        document["lines"] = [
            {
                "item_id": "WIDGET-001",
                "quantity": "1",
                "unit_price": "1",
                "extended_price": "1",
                "unit_of_measure": changes["lines_unit"],
            }
        ]
    writer = site.open(orders_by=orders_by).writer("sales_order")
    failure = refused(writer.send("TONO", document))
    assert failure.code == f"p21.refused.{name}"
    assert words in failure.sentence
    assert "replay" in failure.sentence
    assert writer.look_up("TONO", document) == ()


def test_what_does_not_fit_is_refused_before_anything_is_sent(site: Site) -> None:
    writer = site.open().writer("sales_order")
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"po_no": "x" * 51}, "p21.document.length", "po_no"),
        ({"currency": "gbp"}, "p21.currency_unmapped", "currency"),
        ({"currency": "eur"}, "p21.currency_mismatch", "currency"),
        ({"customer_id": "424242"}, "p21.customer_missing", "customer_id"),
        ({"total": "many"}, "p21.document.kind", "total"),
    ]
    for changes, code, name in cases:
        failure = refused(writer.send("TOBAD", order(site, **changes)))
        assert (failure.code, failure.field) == (code, name)
    assert REST not in site.simulator.calls


def test_vanished_lines_ignored_prices_and_other_taxes_are_told_in_plain_words(site: Site) -> None:
    writer = site.open().writer("sales_order")
    site.fault("drop_line", REST)
    confirmed(writer.send("TODROP", order(site)))
    assert only(writer, "TODROP", order(site))[1] == (
        "line 2 (item FREIGHT) is missing: P21 dropped it without a word",
        "P21's total is 25.00, but 32.95 was paid",
    )
    site.fault("ignore_price", REST)
    priced = order(site, lines=[{"item_id": "WIDGET-001", "quantity": "2", "unit_price": "10", "extended_price": "20"}])
    confirmed(writer.send("TOPRICE", priced))
    assert (
        "line 1 (item WIDGET-001) has unit price 12.50 instead of 10.00: P21 ignored the price that was sent"
        in (only(writer, "TOPRICE", priced)[1])
    )
    taxed = order(site, ship_to_state="CA")
    confirmed(writer.send("TOTAX", taxed))
    (told,) = only(writer, "TOTAX", taxed)[1]
    assert told.startswith("P21 computed 1.81 tax, but 0.00 was charged (allowed difference 0.02). Ways out:")


def test_voided_and_doubled_records_are_shown_as_they_are(site: Site) -> None:
    writer, document = site.open().writer("sales_order"), order(site)
    sent = confirmed(writer.send("TOVOID", document))
    site.simulator.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=sent.key)
    assert only(writer, "TOVOID", document) == (sent.key, ("it is cancelled in P21",))
    confirmed(writer.send("TOVOID", document))
    assert len(writer.look_up("TOVOID", document)) == 2


@pytest.mark.parametrize("how", ["lower", "upper", "pad"])
def test_a_reference_that_was_mangled_harmlessly_is_still_found(site: Site, how: str) -> None:
    site.fault("mangle_reference", REST, how=how)
    writer = site.open().writer("sales_order")
    confirmed(writer.send("TOMANGLED", order(site)))
    assert only(writer, "TOMANGLED", order(site))[1] == ()


def test_a_reference_that_was_cut_stops_writing_of_that_kind(site: Site) -> None:
    site.fault("mangle_reference", REST, how="truncate", length=4)
    p21 = site.open()
    sent = confirmed(p21.writer("sales_order").send("TOCUTSHORT", order(site)))
    assert sent.proven
    capability = p21.capability("sales_order")
    assert not capability.on
    assert "'TOCU'" in capability.reason
    with pytest.raises(Failed) as told:
        p21.writer("sales_order")
    assert told.value.failure.code == "p21.capability_off"


@pytest.mark.parametrize(
    "unreadable",
    [{"kind": "server_error"}, {"kind": "extra_field", "column": "unit_price", "value": "dear"}],
    ids=["P21 fails", "not a number"],
)
def test_what_was_written_and_cannot_be_read_raises_nothing(site: Site, unreadable: dict[str, Any]) -> None:
    site.fault(operation="odata p21_view_oe_line", **unreadable)
    sent = confirmed(site.open().writer("sales_order").send("TOREADLATER", order(site)))
    assert not sent.proven


@pytest.mark.parametrize(
    "unreadable",
    [{"kind": "server_error"}, {"kind": "extra_field", "column": "unit_price", "value": "dear"}],
    ids=["P21 fails", "not a number"],
)
def test_a_reference_that_was_cut_on_what_cannot_be_read_is_for_a_person(
    site: Site, unreadable: dict[str, Any]
) -> None:
    site.fault("mangle_reference", REST, how="truncate", length=4)
    site.fault(operation="odata p21_view_oe_line", **unreadable)
    p21 = site.open()
    failure = refused(p21.writer("sales_order").send("TOCUTSHORT", order(site)))
    assert failure.code == "p21.reference_lost"
    assert "could not be read" in failure.sentence
    assert not p21.capability("sales_order").on


def test_a_port_that_nobody_listens_on_is_not_sent(site: Site) -> None:
    site.serving.close()
    writer = site.open().writer("address")
    sent = writer.send("TOAWAY", BUYER)
    assert isinstance(sent, NotSent)
    assert (sent.failure.code, sent.failure.outage) == ("p21.unreachable", True)
    with pytest.raises(Failed) as told:
        writer.look_up("TOAWAY", BUYER)
    assert isinstance(told.value.failure, Retry)


def test_a_refused_login_is_an_outage_that_names_the_credential(site: Site) -> None:
    p21 = open_p21(parse_settings({**SETTINGS, "base_url": site.serving.url}), {"password": "no"})
    sent = p21.writer("address").send("TOLOGIN", BUYER)
    assert isinstance(sent, NotSent)
    assert sent.failure.outage
    assert "'tieout' or its password" in sent.failure.sentence
    assert "no" not in sent.failure.detail.split()


@pytest.mark.parametrize(
    ("kind", "code", "outage"),
    [
        ("server_error", "p21.server_error", False),
        ("pool_exhausted", "p21.away", True),
        ("forbidden", "p21.forbidden", True),
        ("rate_limited", "p21.busy", True),
        ("html_page", "p21.away", True),
        ("cut", "p21.no_answer", False),
    ],
)
def test_a_look_up_that_fails_is_never_nothing(site: Site, kind: str, code: str, outage: bool) -> None:
    writer = site.open().writer("sales_order")
    site.fault(kind, "odata oe_hdr")
    with pytest.raises(Failed) as told:
        writer.look_up("TOX", order(site))
    assert told.value.failure.code == code
    assert getattr(told.value.failure, "outage", False) is outage


def test_a_p21_that_takes_connections_and_answers_nothing_is_away(site: Site) -> None:
    writer = site.open().writer("sales_order")
    writer.look_up("TOX", order(site))
    site.fault("down", "", times=2)
    with pytest.raises(Failed) as told:
        writer.look_up("TOX", order(site))
    failure = told.value.failure
    assert isinstance(failure, Retry)
    assert (failure.code, failure.outage) == ("p21.no_answer", True)
    assert "answers nothing" in failure.sentence


def test_a_p21_without_tls_at_an_https_address_is_told_from_one_that_is_off(site: Site) -> None:
    address = site.serving.url.replace("http:", "https:")
    p21 = open_p21(parse_settings({**SETTINGS, "base_url": address}), {"password": "any"})
    (login,) = p21.probe().findings
    assert login.failure is not None
    assert "does not answer with TLS (https)" in login.failure.sentence


def test_a_column_that_is_gone_is_a_configuration_error(site: Site) -> None:
    writer = site.open().writer("sales_order")
    site.fault("schema_drift", "odata oe_hdr", column="job_name")
    with pytest.raises(Failed) as told:
        writer.look_up("TOX", order(site))
    assert isinstance(told.value.failure, Fix)
    assert "job_name" in told.value.failure.detail


def test_a_refused_token_is_renewed_once_for_a_read(site: Site) -> None:
    p21 = site.open()
    assert p21.item("widget-001") is not None
    site.fault("token_expired", "odata inv_mast")
    found = p21.item("WIDGET-001")
    assert found is not None
    assert (found.item_id, found.unit_of_measure, found.active) == ("WIDGET-001", "EA", True)
    assert site.simulator.login.logins == 2
    site.fault("unauthorized", "odata inv_mast", times=2)
    with pytest.raises(Failed) as told:
        p21.item("WIDGET-001")
    assert told.value.failure.code == "p21.unauthorized"


def test_many_threads_log_in_once(site: Site) -> None:
    p21 = site.open()
    threads = [threading.Thread(target=p21.item, args=("WIDGET-001",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.simulator.login.logins == 1


def test_a_token_is_renewed_before_it_ends(site: Site) -> None:
    now = [time.time()]
    settings = parse_settings({**SETTINGS, "base_url": site.serving.url})
    p21 = open_p21(settings, SECRETS, clock=lambda: now[0])
    p21.item("WIDGET-001")
    now[0] += 86_400 - 301
    p21.item("WIDGET-001")
    assert site.simulator.login.logins == 1
    now[0] += 2
    p21.item("WIDGET-001")
    assert site.simulator.login.logins == 2


@pytest.mark.parametrize("token_format", ["json", "xml"])
def test_a_consumer_key_and_xml_answers_log_in_too(start: Start, token_format: str) -> None:
    site = start(token_format=token_format)
    settings = {**SETTINGS, "base_url": site.serving.url, "auth": "consumer_key", "orders_by": "transaction"}
    p21 = open_p21(parse_settings(settings), {"client_secret": site.simulator.options.client_secret})
    assert p21.capability("sales_order").on


def test_customers_by_email_are_exact_active_and_complete(site: Site) -> None:
    p21 = site.open()
    assert {one.name for one in p21.customers_by_email("AP@sharedbooks.example")} == {
        "Shared Mailbox North",
        "Shared Mailbox South",
    }
    assert p21.customers_by_email("ap@sharedbooks.exampl") == ()
    assert p21.customers_by_email("o'brien@example.com") == ()
    site.simulator.add_customer("Gone", ("gone@example.com",), active=False)
    assert p21.customers_by_email("gone@example.com") == ()
    assert p21.customer("not a number") is None
    euro = p21.customer(buyer(site, "Euro Handels GmbH"))
    assert euro is not None
    assert euro.currency == "eur"


def test_items_tell_what_they_are(site: Site) -> None:
    p21 = site.open()
    freight, old = p21.item("FREIGHT"), p21.item("OBSOLETE-9")
    assert freight is not None
    assert freight.other_charge
    assert old is not None
    assert not old.active
    assert p21.item("NOPE") is None


def test_a_probe_finds_everything_in_order(site: Site) -> None:
    probe = site.open().probe()
    assert probe.works, [one.failure for one in probe.findings if one.failure]
    assert all(one.on for one in probe.capabilities), probe.capabilities
    told = {one.title: one.found for one in probe.findings}
    assert told["UI server"] == "/uiserver0"
    assert told["Company"].startswith("ACME")
    assert "USD is US Dollar" in told["Currencies"]


def test_a_probe_says_what_is_wrong(site: Site, start: Start) -> None:
    wrong = open_p21(parse_settings({**SETTINGS, "base_url": site.serving.url}), {"password": "no"}).probe()
    (login,) = wrong.findings
    assert login.failure is not None
    assert "password" in login.failure.sentence
    assert not any(one.on for one in wrong.capabilities)
    elsewhere = site.open(company_id="OTHER", currencies={"usd": 9}).probe()
    codes = {one.failure.code for one in elsewhere.findings if one.failure}
    assert codes == {"p21.company", "p21.currency"}
    site.fault("forbidden", "odata ar_receipts", times=None)
    failure = next(one.failure for one in site.open().probe().findings if one.title == "Table ar_receipts")
    assert failure is not None
    assert failure.code == "p21.forbidden"
    renamed = start(services={"cash_receipt": {"service": "CashEntry", "title": "Cash Receipts"}})
    capability = renamed.open().capability("cash_receipt")
    assert not capability.on
    assert "candidates: CashEntry (Cash Receipts)" in capability.reason


def test_a_renamed_receipts_window_works_once_it_is_configured(start: Start) -> None:
    names = {
        "service": "CashEntry",
        "header_element": "TP.head",
        "line_element": "TP.lines",
        "fields": {"check_number": "ref"},
    }
    site = start(services={"cash_receipt": names})
    fields = parse_settings({**SETTINGS, "base_url": site.serving.url}).receipt_window.field_map
    window = {"service": "CashEntry", "header_element": "TP.head", "line_element": "TP.lines", "field_map": fields}
    capability = site.open(receipt_window=window).capability("cash_receipt")
    assert "has no field 'check_number'" in capability.reason
    p21 = site.open(receipt_window={**window, "field_map": {**fields, "reference": "ref"}})
    writer = p21.writer("cash_receipt")
    confirmed(writer.send("TORENAMED", receipt(site)))
    assert only(writer, "TORENAMED", receipt(site))[1] == ()
