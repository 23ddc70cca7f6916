"""Reading Stripe: payments and orders in old and current shapes, and refusals in words (Stripe B1, B6)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from tests.unit.connectors.stripe_wire import KEY, Wired, listed, okay, refused
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.settings import API_VERSION, parse_settings
from tieout.domain.sale import Payment, imbalance
from tieout.kernel.failures import Defect, Failed, Failure, Fix, Retry

ADDRESS = {"line1": "1 Main St", "line2": None, "city": "Reno", "state": "NV", "postal_code": "89501", "country": "US"}
CUSTOMER = {
    "id": "cus_1",
    "object": "customer",
    "name": "Acme",
    "email": "ap@acme.test",
    "metadata": {"p21_customer_id": "7"},
}
CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "object": "charge",
    "amount": 5000,
    "amount_captured": 4500,
    "amount_refunded": 100,
    "balance_transaction": "txn_1",
    "billing_details": {"name": "Ann Acme", "email": "ann@acme.test", "phone": None, "address": ADDRESS},
    "calculated_statement_descriptor": "TIEOUT",
    "captured": True,
    "created": 1_789_000_000,
    "currency": "usd",
    "customer": "cus_1",
    "livemode": False,
    "metadata": {"ecommerceorderid": "17"},
    "paid": True,
    "payment_intent": "pi_1",
    "payment_method_details": {"type": "card"},
    "receipt_email": "ann@acme.test",
    "shipping": {"name": "Acme Dock", "address": ADDRESS},
    "status": "succeeded",
}
INTENT: dict[str, Any] = {
    "id": "pi_1",
    "object": "payment_intent",
    "created": 1_789_000_000,
    "currency": "usd",
    "customer": CUSTOMER,
    "description": "Order 17",
    "latest_charge": CHARGE,
    "livemode": False,
    "metadata": {"ecommerceorderid": "17", "note": "x"},
    "status": "succeeded",
}
PRODUCT = {"id": "prod_1", "object": "product", "name": "Bolt", "metadata": {"sku": "BOLT-1"}}
PRICE = {
    "id": "price_1",
    "object": "price",
    "unit_amount": 1000,
    "unit_amount_decimal": "1000",
    "product": PRODUCT,
    "metadata": {},
}


def current(**more: Any) -> Wired:
    answers = {
        "payment_intents/pi_1": INTENT,
        "charges/ch_1": CHARGE,
        "customers/cus_1": CUSTOMER,
        "invoice_payments": listed({"id": "inpay_1", "invoice": "in_1"}),
        "checkout/sessions": listed(),
    }
    return Wired(**answers | more)


def old(**more: Any) -> Wired:
    """As an account of before 2022-11-15 has it: the intent holds its charges, the charge names its invoice."""
    intent = {key: value for key, value in INTENT.items() if key != "latest_charge"} | {
        "invoice": "in_1",
        "customer": "cus_1",
    }
    intent["charges"] = listed(CHARGE | {"invoice": "in_1"})
    return current(**{"payment_intents/pi_1": intent, "invoice_payments": httpx2.Response(404)} | more)


def failure(call: Any) -> Failure:
    with pytest.raises(Failed) as caught:
        call()
    assert caught.value.failure.sentence.endswith("."), caught.value.failure.sentence
    assert KEY not in f"{caught.value.failure}"
    return caught.value.failure


ODD: tuple[Any, ...] = (None, 7, "odd", [], {}, {"id": 5})


def read_or_failure(wire: Wired) -> Payment | Failure:
    try:
        return wire.stripe().payment("pi_1")
    except Failed as error:
        return error.failure


def test_a_payment_is_read_with_its_charge_customer_and_invoice() -> None:
    wire = current()
    payment = wire.stripe().payment("pi_1")
    assert (payment.id, payment.charge_id, payment.payment_intent_id, payment.holder) == (
        "pi_1",
        "ch_1",
        "pi_1",
        "payment_intent",
    )
    assert (payment.amount, payment.amount_refunded, payment.currency) == (4500, 100, "usd")
    assert (payment.paid, payment.captured, payment.livemode, payment.status) == (True, True, False, "succeeded")
    assert (payment.method, payment.description, payment.statement) == ("card", "Order 17", "TIEOUT")
    assert (payment.balance_transaction_id, payment.invoice_id) == ("txn_1", "in_1")
    assert payment.metadata == {"ecommerceorderid": "17", "note": "x"}
    assert payment.customer.metadata == {"p21_customer_id": "7"}
    assert (payment.billing.name, payment.ship_to_name, payment.ship_to.city) == ("Ann Acme", "Acme Dock", "Reno")
    assert all(request.headers["stripe-version"] == API_VERSION for request in wire.asked)
    assert all(request.headers["authorization"] == f"Bearer {KEY}" for request in wire.asked)
    assert not any("telemetry" in name for request in wire.asked for name in request.headers)


def test_old_and_current_shapes_give_the_same_payment() -> None:
    assert old().stripe().payment("pi_1") == current().stripe().payment("pi_1")


def test_a_charge_leads_to_its_intent_and_stands_alone_without_one() -> None:
    assert current().stripe().payment("ch_1") == current().stripe().payment("pi_1")
    alone = CHARGE | {"payment_intent": None, "customer": CUSTOMER, "invoice": None}
    payment = current(**{"charges/ch_1": alone}).stripe().payment("ch_1")
    assert (payment.id, payment.holder, payment.payment_intent_id, payment.invoice_id) == ("ch_1", "charge", "", "")
    assert payment.customer.name == "Acme"


def test_what_is_not_expanded_is_read_by_its_id() -> None:
    plain = INTENT | {"latest_charge": "ch_1", "customer": "cus_1"}
    assert current(**{"payment_intents/pi_1": plain}).stripe().payment("pi_1") == current().stripe().payment("pi_1")


def test_a_deleted_customer_is_known_by_its_id_only() -> None:
    gone = INTENT | {"customer": {"id": "cus_1", "object": "customer", "deleted": True}}
    assert current(**{"payment_intents/pi_1": gone}).stripe().payment("pi_1").customer.deleted
    never = current(**{"payment_intents/pi_1": INTENT | {"customer": "cus_9"}}).stripe()
    assert never.payment("pi_1").customer.deleted
    assert never.customer("cus_9") is None


@pytest.mark.parametrize(
    ("charge", "paid", "captured", "amount"),
    [
        (CHARGE | {"captured": False, "amount_captured": 0}, True, False, 0),
        (CHARGE | {"paid": False, "status": "pending"}, False, True, 4500),
        ({key: value for key, value in CHARGE.items() if key != "amount_captured"}, True, True, 5000),
        (None, False, False, 0),
    ],
)
def test_only_captured_money_is_the_amount(charge: Any, paid: bool, captured: bool, amount: int) -> None:
    payment = current(**{"payment_intents/pi_1": INTENT | {"latest_charge": charge}}).stripe().payment("pi_1")
    assert (payment.paid, payment.captured, payment.amount) == (paid, captured, amount)


@pytest.mark.parametrize("subject", ["", "in_1", "pi_../../v1/x", "pi_1?x=1", "pi_" + "x" * 300, "ch_é"])
def test_an_id_that_names_no_payment_is_never_sent(subject: str) -> None:
    wire = current()
    found = failure(lambda: wire.stripe().payment(subject))
    assert isinstance(found, Fix)
    assert not wire.asked


SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "amount_total": 3780,
    "client_reference_id": "WEB-17",
    "currency": "usd",
    "customer": "cus_1",
    "customer_details": {"name": "Ann", "email": "ann@acme.test", "address": ADDRESS},
    "collected_information": {"shipping_details": {"name": "Dock", "address": ADDRESS}},
    "custom_fields": [{"key": "ponumber", "type": "text", "text": {"value": "PO-9"}}],
    "metadata": {"a": "b"},
    "shipping_cost": {"amount_subtotal": 500, "amount_tax": 30, "amount_total": 530},
    "total_details": {"amount_discount": 0, "amount_tax": 250},
}


def session_line(number: int, **more: Any) -> dict[str, Any]:
    line = {
        "id": f"li_{number}",
        "object": "item",
        "description": f"Bolt {number}",
        "quantity": 1,
        "price": PRICE,
        "amount_subtotal": 1000,
        "amount_discount": 0,
        "amount_tax": 0,
        "amount_total": 1000,
    }
    return line | more


def test_a_checkout_order_has_every_line_and_adds_up() -> None:
    lines = listed(
        session_line(1, quantity=3, amount_subtotal=3000, amount_discount=0, amount_tax=220, amount_total=3220),
        session_line(2, amount_subtotal=50, amount_discount=20, amount_tax=0, amount_total=30, price={"id": "price_2"}),
    )
    wire = current(**{"checkout/sessions": listed(SESSION), "checkout/sessions/cs_1/line_items": lines})
    order = wire.stripe().order(wire.stripe().payment("pi_1"))
    assert order is not None
    assert imbalance(order) == 0
    assert (order.source, order.number, order.total, order.tax, order.shipping) == (
        "checkout",
        "WEB-17",
        3780,
        250,
        500,
    )
    assert (order.po_no, order.ship_to_name, order.buyer.id) == ("PO-9", "Dock", "cus_1")
    first, second = order.lines
    assert (first.sku, str(first.quantity), str(first.unit_amount), first.net, first.tax) == (
        "BOLT-1",
        "3",
        "1000",
        3000,
        220,
    )
    assert (second.net, second.subtotal, second.discount, second.unit_amount) == (30, 50, 20, Decimal(50))


def test_the_old_place_of_shipping_details_is_read_too() -> None:
    before = {key: value for key, value in SESSION.items() if key != "collected_information"}
    before |= {"shipping_details": {"name": "Dock", "address": ADDRESS}, "amount_total": 1530}
    wire = current(
        **{"checkout/sessions": listed(before), "checkout/sessions/cs_1/line_items": listed(session_line(1))}
    )
    order = wire.stripe().order(wire.stripe().payment("pi_1"))
    assert order is not None
    assert order.ship_to_name == "Dock"


@pytest.mark.parametrize("count", [99, 100, 101, 250])
def test_all_pages_of_lines_are_read_also_when_a_page_ends_at_100(count: int) -> None:
    def page(request: httpx2.Request) -> httpx2.Response:
        after = int(request.url.params.get("starting_after", "li_0").removeprefix("li_"))
        last = min(after + 100, count)
        return okay(listed(*(session_line(n) for n in range(after + 1, last + 1)), more=last < count))

    wire = current(**{"checkout/sessions": listed(SESSION), "checkout/sessions/cs_1/line_items": page})
    order = wire.stripe().order(wire.stripe().payment("pi_1"))
    assert order is not None
    assert len(order.lines) == count


def test_a_list_that_never_ends_is_a_defect_not_a_loop() -> None:
    lines = listed(session_line(1), more=True)
    wire = current(**{"checkout/sessions": listed(SESSION), "checkout/sessions/cs_1/line_items": lines})
    payment = wire.stripe().payment("pi_1")
    assert isinstance(failure(lambda: wire.stripe().order(payment)), Defect)


@pytest.mark.parametrize(
    ("price", "sku"),
    [
        (PRICE | {"metadata": {"p21_item_id": "P-1", "sku": "S-1"}}, "P-1"),
        (PRICE | {"metadata": {"sku": "S-1"}}, "S-1"),
        (PRICE | {"product": PRODUCT | {"metadata": {"p21_item_id": "PP"}}}, "PP"),
        (PRICE | {"product": PRODUCT | {"metadata": {"sku": " "}}, "lookup_key": "LOOK"}, "LOOK"),
        (PRICE | {"product": PRODUCT | {"metadata": {}}}, "prod_1"),
        (PRICE | {"product": "prod_1"}, "BOLT-1"),
        (PRICE | {"product": "prod_deleted"}, "prod_deleted"),
    ],
)
def test_where_the_sku_comes_from_in_order(price: dict[str, Any], sku: str) -> None:
    answers = {
        "checkout/sessions": listed(SESSION),
        "checkout/sessions/cs_1/line_items": listed(session_line(1, price=price)),
        "products/prod_1": PRODUCT,
    }
    wire = current(**answers)
    order = wire.stripe().order(wire.stripe().payment("pi_1"))
    assert order is not None
    assert order.lines[0].sku == sku


INVOICE = {
    "id": "in_1",
    "object": "invoice",
    "number": "A-0001",
    "currency": "usd",
    "customer": "cus_1",
    "customer_name": "Acme",
    "customer_email": "ap@acme.test",
    "customer_shipping": {"name": "Dock", "address": ADDRESS},
    "custom_fields": [{"name": "PO Number", "value": "PO-3"}],
    "total": 3150,
    "shipping_cost": {"amount_subtotal": 200, "amount_tax": 0, "amount_total": 200},
    "metadata": {},
}
NEW_LINES = listed(
    {
        "id": "il_1",
        "amount": 3000,
        "quantity": 3,
        "description": "3 × Bolt",
        "discount_amounts": [{"amount": 200}],
        "taxes": [{"amount": 150, "tax_behavior": "exclusive"}, {"amount": 100, "tax_behavior": "inclusive"}],
        "pricing": {"price_details": {"price": "price_1", "product": "prod_1"}, "unit_amount_decimal": "1000"},
    }
)
OLD_LINES = listed(
    {
        "id": "il_1",
        "amount": 3000,
        "quantity": 3,
        "description": "3 × Bolt",
        "discount_amounts": [{"amount": 200}],
        "tax_amounts": [{"amount": 150, "inclusive": False}, {"amount": 100, "inclusive": True}],
        "price": PRICE | {"product": "prod_1"},
    }
)


def test_an_invoice_gives_the_same_order_in_old_and_current_shape() -> None:
    more = {"invoices/in_1": INVOICE, "prices/price_1": PRICE, "products/prod_1": PRODUCT}
    new_wire = current(**more, **{"invoices/in_1/lines": NEW_LINES})
    old_wire = old(**more, **{"invoices/in_1/lines": OLD_LINES})
    new_order, old_order = (wire.stripe().order(wire.stripe().payment("pi_1")) for wire in (new_wire, old_wire))
    assert new_order is not None
    assert new_order == old_order
    assert imbalance(new_order) == 0
    line = new_order.lines[0]
    assert (line.sku, line.subtotal, line.discount, line.tax, line.net) == ("BOLT-1", 2893, 193, 250, 2700)
    assert (new_order.number, new_order.po_no, new_order.shipping) == ("A-0001", "PO-3", 200)


def by_metadata(**metadata: str) -> Payment:
    empty = {"invoice_payments": listed(), "payment_intents/pi_1": INTENT | {"metadata": metadata}}
    payment = current(**empty).stripe().payment("pi_1")
    return replace(payment, metadata=metadata)


def test_lines_in_metadata_as_json() -> None:
    lines = '[{"sku": "A", "quantity": 2, "unit_amount": 1000}, {"sku": "B", "quantity": "1.5", "unit_amount": "333"}]'
    payment = by_metadata(
        lines=lines, shipping_amount="1500", tax_amount="700", discount_amount="200", po_number="PO", erporderid="E1"
    )
    order = current().stripe().order(payment)
    assert order is not None
    assert [(line.sku, line.quantity, line.subtotal, line.discount) for line in order.lines] == [
        ("A", 2, 2000, 160),
        ("B", Decimal("1.5"), 500, 40),
    ]
    assert (order.source, order.number, order.po_no, order.total, imbalance(order)) == ("metadata", "E1", "PO", 4500, 0)


def test_lines_in_metadata_as_numbered_keys() -> None:
    payment = by_metadata(
        line_2_sku="B", line_2_amount="500", line_1_sku="A", line_1_quantity="4", line_1_amount="1000"
    )
    order = current().stripe().order(payment)
    assert order is not None
    assert [(line.sku, str(line.quantity), line.net) for line in order.lines] == [("A", "4", 4000), ("B", "1", 500)]
    assert imbalance(order) == 0


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({"lines": "[{"}, "metadata.lines"),
        ({"lines": "{}"}, "metadata.lines"),
        ({"lines": '[{"sku": "A", "unit_amount": "12.50"}]'}, "metadata.lines[1].unit_amount"),
        ({"lines": '[{"sku": "A", "unit_amount": 12.5}]'}, "metadata.lines[1].unit_amount"),
        ({"lines": '[{"sku": "A", "unit_amount": ' + "9" * 400 + "}]"}, "metadata.lines[1].unit_amount"),
        ({"lines": '[{"sku": "A", "unit_amount": true}]'}, "metadata.lines[1].unit_amount"),
        ({"lines": r'[{"sku": "\ud800", "unit_amount": 1}]'}, "metadata.lines"),
        ({"lines": r'[{"sku": "A", "unit_amount": 1, "description": "\udc00"}]'}, "metadata.lines"),
        ({"lines": '[{"quantity": 1, "unit_amount": 1}]'}, "metadata.lines[1].sku"),
        ({"line_1_sku": "A"}, "metadata.line_1_amount"),
        ({"line_1_sku": "A", "line_1_amount": "1", "line_1_quantity": "-1"}, "metadata.line_1_quantity"),
        ({"line_1_sku": "A", "line_1_amount": "1", "line_1_quantity": "NaN"}, "metadata.line_1_quantity"),
        ({"line_1_sku": "A", "line_1_amount": "1", "tax_amount": "free"}, "metadata.tax_amount"),
        ({"line_1_sku": "A", "line_1_amount": "1", "discount_amount": "2"}, "metadata.discount_amount"),
    ],
)
def test_metadata_that_cannot_be_read_is_named(metadata: dict[str, str], field: str) -> None:
    payment = by_metadata(**metadata)
    found = failure(lambda: current().stripe().order(payment))
    assert isinstance(found, Fix)
    assert found.field == field


def test_nothing_tells_the_lines() -> None:
    assert current().stripe().order(by_metadata(ecommerceorderid="17")) is None


def test_reading_survives_any_field_missing_null_or_odd() -> None:
    for holder, path in ((INTENT, "payment_intents/pi_1"), (CHARGE, "charges/ch_1")):
        for field in holder:
            for odd in ODD:
                intent = (
                    INTENT | {field: odd} if holder is INTENT else INTENT | {"latest_charge": CHARGE | {field: odd}}
                )
                wire = current(**{path: CHARGE | {field: odd}} | {"payment_intents/pi_1": intent})
                assert isinstance(read_or_failure(wire), Payment | Defect | Fix), (field, odd)


@pytest.mark.parametrize(
    ("answer", "kind", "outage", "words"),
    [
        (refused(401, "Expired API Key", code="api_key_expired"), Retry, True, ("rk_test_…cdef", "restricted key")),
        (
            refused(403, "Having the 'rak_payment_intent_read' permission would"),
            Retry,
            True,
            ("PaymentIntents: Read", "rak_payment_intent_read"),
        ),
        (refused(403, "no words"), Retry, True, ('"PaymentIntents: Read"',)),
        (refused(404, "No such payment_intent", code="resource_missing"), Fix, None, ("'pi_1'", "payment intent")),
        (refused(400, "Received unknown parameter: x"), Defect, None, ("unknown parameter",)),
        (refused(429, "Too many", retry_after="7"), Retry, True, ("slows down",)),
        (refused(429, "Lock", code="lock_timeout"), Retry, False, ("same Stripe object",)),
        (refused(500, "Oops", kind="api_error"), Retry, False, ("trouble of its own",)),
        (refused(503, "Down", kind="api_error"), Retry, True, ("status.stripe.com",)),
        (httpx2.Response(200, content=b"<html>"), Retry, False, ("not what Stripe sends",)),
        (httpx2.Response(200, content=b"[]"), Retry, False, ("not an object",)),
        (httpx2.Response(302, headers={"location": "https://evil.example"}), Retry, False, ("302",)),
        (httpx2.ConnectError("refused"), Retry, True, ("cannot be reached",)),
        (httpx2.ReadTimeout("slow"), Retry, True, ("answers nothing",)),
        (httpx2.RemoteProtocolError("cut"), Retry, True, ("answers nothing",)),
    ],
)
def test_every_refusal_says_what_to_do_next(
    answer: Any, kind: type[Failure], outage: bool | None, words: tuple[str, ...]
) -> None:
    found = failure(lambda: Wired(**{"*": answer}).stripe().payment("pi_1"))
    assert isinstance(found, kind), found
    assert found.code.startswith("stripe.")
    assert all(word in found.sentence for word in words), found.sentence
    if isinstance(found, Retry):
        assert found.outage is outage


@pytest.mark.parametrize("error", [httpx2.ReadTimeout("slow"), httpx2.RemoteProtocolError("cut")])
def test_one_question_without_an_answer_is_no_outage_while_stripe_answers_others(error: Exception) -> None:
    found = failure(lambda: Wired(**{"payment_intents/pi_1": error}).stripe().payment("pi_1"))
    assert isinstance(found, Retry)
    assert (found.code, found.outage) == ("stripe.broken", False)


def test_the_wish_of_a_rate_limit_is_heard() -> None:
    found = failure(lambda: Wired(**{"*": refused(429, "x", retry_after="7")}).stripe().payment("pi_1"))
    assert isinstance(found, Retry)
    assert found.after_seconds == 7


@pytest.mark.parametrize(
    ("key", "livemode", "word"),
    [
        ("", False, "missing"),
        ("hello", False, "not a Stripe key"),
        ("rk_test_1234\r\nx: y", False, "not a Stripe key"),
        ("sk_live_1234567890", True, "live secret key"),
        ("rk_live_1234567890", False, "is a live key"),
        ("rk_test_1234567890", True, "is a test key"),
    ],
)
def test_keys_that_are_missing_too_powerful_or_of_the_other_mode_are_refused(
    key: str, livemode: bool, word: str
) -> None:
    found = failure(lambda: Stripe(parse_settings({"livemode": livemode}), {"restricted_key": key}))
    assert isinstance(found, Fix)
    assert word in found.sentence
    assert found.field == "restricted_key"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"api_base": "http://api.stripe.com"}, "api_base"),
        ({"api_base": "https://user:pw@api.stripe.com"}, "api_base"),
        ({"account_id": "1"}, "account_id"),
        ({"calls_per_second": 0}, "calls_per_second"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_settings_name_the_field_that_is_wrong(given: dict[str, Any], field: str) -> None:
    found = failure(lambda: parse_settings(given))
    assert isinstance(found, Fix)
    assert found.field == field


def test_past_events_come_oldest_first_and_once() -> None:
    def page(request: httpx2.Request) -> httpx2.Response:
        low, high = int(request.url.params["created[gte]"]), int(request.url.params["created[lt]"])
        stamps = [stamp for stamp in range(1_789_990_000, 1_790_000_000, 900) if low <= stamp < high]
        data = {"object": {"id": "ch_1", "rate": 1.5}}
        made = [
            {"id": f"evt_{stamp}", "type": "charge.updated", "created": stamp, "livemode": False, "data": data}
            for stamp in stamps
        ]
        return okay(listed(*reversed(made)))

    found = [event.created for event in Wired(events=page).stripe().events(1_789_990_000)]  # type: ignore[union-attr]
    assert found == list(range(1_789_990_000, 1_789_999_941, 900))


def test_a_thin_events_object_is_read_or_gone() -> None:
    stripe = current().stripe()
    found = stripe.event_object("charge.succeeded", "ch_1")
    assert found is not None
    assert found.id == "ch_1"
    assert stripe.event_object("charge.succeeded", "ch_9") is None
    assert stripe.event_object("unknown.kind", "x_1") is None
