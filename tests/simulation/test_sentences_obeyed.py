"""Sentences that can be obeyed: a run is made to park, what its sentence tells is done and nothing else, and the run goes on."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.simulation.obeying import (
    BUYER,
    GATEWAY,
    REST,
    WINDOW,
    Asked,
    a_buyer,
    before_its_approval,
    both,
    branches,
    cancelled_each_time,
    changes,
    charge_of,
    code_of,
    connect,
    customer_says,
    deleted_before_its_approval,
    feeds,
    full_of_metadata,
    gives_all_back,
    gives_back,
    in_p21,
    known,
    lines_of,
    locked,
    loops,
    lost_in_p21,
    may_only_read,
    moves,
    nothing,
    parked,
    parks,
    payment_lost,
    replayed,
    says,
    sells,
    shipped_out,
    ships_to,
    store_at,
    store_status,
    store_total,
    twice_paid,
    two_alike,
    units_of_freight,
    whoever,
    with_freight,
    without_a_column,
)
from tests.simulation.places_of_codes import parking_places
from tests.simulation.sentences_of_site_rules import SITE_RULES
from tests.simulation.steps import BILLING, ONE_LINE, WIDGET, ends, pay_for
from tests.simulation.test_what_is_sold import DIALECTS, publish
from tests.simulation.world import Shape, SimulatedWorld
from tieout.connectors.p21.refusals import KNOWN
from tieout.kernel.failure_codes import areas, code_named
from tieout.kernel.failure_codes._code import PARKED
from tieout.operations.replay import replay_run

ROOT = Path(__file__).parents[2]
RUNS = ("orders", "p21", "p21_refusals", "stripe", "webstore", "writing")

COUNTED = (
    """[{item_id: 'WIDGET-001', quantity: number(get(payment.metadata, 'n')), unit_price: 12.5, extended_price: 25}]"""
)
PUMP = {"sku": "PUMP-050", "quantity": 1, "unit_amount": 32900, "description": "Pump"}
NEW_ITEM = '[{"sku": "NEW-1", "quantity": 2, "unit_amount": 1250}]'
TWO = '[{"sku": "WIDGET-001", "quantity": "two", "unit_amount": 1250}]'
SHIPPED = feeds("write_order")

SOLD, PICKED, STANDS, OPEN_ORDERS, JOURNALS, BEFORE = (
    f"tests/simulation/test_{name}.py::test_"
    for name in (
        "what_is_sold",
        "which_item",
        "what_stands",
        "refunds_of_open_orders",
        "sentences_of_journals",
        "sentences_before",
    )
)
ELSEWHERE = {
    "p21.document.amount": f"{BEFORE}a_refund_payment_of_nothing_is_corrected_in_the_workflow",
    "p21.document.length": f"{BEFORE}a_field_that_is_fed_wrongly_is_refused_where_it_is_fed",
    "p21.document.decimals": f"{BEFORE}a_field_that_is_fed_wrongly_is_refused_where_it_is_fed",
    "write.predecessor": "tests/simulation/test_receipts_of_lost_orders.py::test_an_order_entered_by_hand_that_is_gone_is_named_anew",
    "p21.entity": f"{BEFORE}a_kind_of_record_that_there_is_not_is_named_and_corrected_in_the_workflow",
    "webstore.field": "tests/simulation/test_generic_store.py::test_an_expression_of_the_connection_that_finds_nothing_is_corrected_there",
    "p21.refused.account": f"{JOURNALS}a_journal_that_p21_refused_is_written_when_its_sentence_was_obeyed",
    "p21.refused.journal": f"{JOURNALS}a_journal_that_p21_refused_is_written_when_its_sentence_was_obeyed",
    "p21.refused.branch_unbalanced": f"{JOURNALS}a_journal_that_p21_refused_is_written_when_its_sentence_was_obeyed",
    "p21.document.total": f"{JOURNALS}a_document_whose_lines_do_not_come_to_its_total_is_written_when_the_workflow_was_corrected",
    "order.quantity": f"{SOLD}a_line_of_quantity_0_that_costs_something_parks_and_goes_on_when_it_has_a_quantity",
    "order.gift_card": f"{SOLD}what_a_gift_card_paid_is_asked_for_and_then_written_as_its_item",
    "order.item": f"{PICKED}a_line_without_a_sku_parks_and_goes_on_when_its_name_is_mapped",
    "p21.currency_unmapped": f"{PICKED}a_currency_that_nobody_mapped_is_mapped_in_its_table",
    "write.differs": f"{STANDS}what_was_corrected_in_p21_by_hand_is_adopted",
    "write.unsettled": f"{STANDS}when_it_is_cancelled_as_told_the_other_way_is_taken",
    "refund.not_delivered": f"{OPEN_ORDERS}an_order_that_left_after_all_is_credited_as_told",
    "customer.nameless": "tests/simulation/test_odd_sales.py::test_a_buyer_without_a_name_parks_and_goes_on_with_the_house_account",
    "write.doubled": "tests/simulation/test_replays.py::test_one_of_two_records_is_voided_as_told_and_the_replay_goes_on",
    "p21.closed_period": "tests/simulation/test_billing.py::test_documents_follow_the_policy_for_closed_periods_as_entries_do",
    "p21.return_invoice": "tests/journey/test_refunds.py::test_goods_that_come_back_are_a_return_and_are_paid_back_once_p21_has_received_them",
    "p21.return_open": "tests/journey/test_refunds.py::test_goods_that_come_back_are_a_return_and_are_paid_back_once_p21_has_received_them",
}
"""Code → the test that does what its sentence says and sees the run go on, where that is not in the table below.

Of a length and of decimals it is the sentence of the field map, which refuses them before anything of P21 is asked.
"""

REPORT = "the sentence asks to report it: it is a fault of ours or an answer that nobody has described"
BOOKS = "every journal of ours balances; the sentence is met with a P21 that counts otherwise"
NOT_YET = {
    "p21.document.required": "the field map refuses it before, as a test of it shows; the lines of a return, which it does not know, are not tested",
    "p21.contract": REPORT, "p21.malformed": REPORT, "stripe.body": REPORT, "stripe.endless": REPORT,
    "stripe.request": REPORT, "stripe.shape": REPORT, "tieout.defect": REPORT, "run.crashing": REPORT, "p21.router": REPORT,
    "p21.refused.unbalanced": BOOKS,
    "original.before": "what is taken back in P21 by hand leaves its run parked: nothing ends a run without a replay",
    "p21.not_read_back": "a list that a gateway lacks is found at connect; a run that meets it is not tested",
    "stripe.reused": "what was written is looked at before it is sent again, and no test has made a key meet other values",
}  # fmt: skip
"""Code of a parked run → why no test obeys its sentence."""

NO_RUN_PARKS = (
    "break.order",
    "p21.gateway_filter",
    "p21.no_approval",
    "p21.payment_left",
    "payment.bounced",
    "stripe.note_refused",
    "webstore.interface",
    "webstore.note_refused",
)
"""Codes of the same pages that are an alert, a question of the close, or a finding of connect."""

OF_RUNS = (
    Asked(
        "p21.refused.credit_hold",
        a_buyer(credit_status="HOLD"),
        "Release the customer's credit hold in P21",
        in_p21("customer", {"credit_status": "GOOD"}, customer_name=BUYER),
    ),
    Asked(
        "p21.refused.po_required",
        a_buyer(po_required=True),
        "Set po_number in the metadata of the payment",
        says(po_number="PO 1"),
    ),
    Asked(
        "p21.refused.po_required",
        a_buyer(po_required=True),
        "lift the customer's PO requirement in P21",
        in_p21("customer", {"po_no_required": "N"}, customer_name=BUYER),
    ),
    Asked(
        "p21.refused.item",
        both(in_p21("inv_mast", {"inactive": "Y"}, item_id="FREIGHT"), with_freight),
        "Create or activate the item",
        in_p21("inv_mast", {"inactive": "N"}, item_id="FREIGHT"),
    ),
    Asked(
        "p21.refused.unit_of_measure",
        both(units_of_freight("CS"), with_freight),
        "Add the unit of measure to the item in P21",
        units_of_freight("EA"),
    ),
    Asked(
        "node.p21_find",
        lines_of(NEW_ITEM),
        "P21 has no item 'NEW-1'",
        lambda world: world.p21_tenant.add_item("NEW-1", "New", "12.50"),
    ),
    Asked(
        "p21.refused.closed_period",
        both(in_p21("periods", {"period_closed": "Y"}, company_no="ACME"), sells),
        "Open the period in P21",
        in_p21("periods", {"period_closed": "N"}, company_no="ACME"),
    ),
    Asked(
        "p21.refused.payment_type",
        both(connect(payment_type_id=99), sells),
        "Set payment_type_id of the connection",
        connect(payment_type_id=5),
    ),
    Asked(
        "p21.refused.bank",
        both(connect(bank_no=99), sells),
        "Set bank_no of the connection",
        connect(bank_no=2),
        (REST,),
    ),
    Asked("p21.refused.terms", both(connect(terms="99"), sells), "Set terms of the connection", connect(terms="1")),
    Asked(
        "p21.refused.terms",
        both(lambda world: publish(world, new_customer_terms="99"), sells),
        "new_customer_terms of the workflow",
        lambda world: publish(world, new_customer_terms="1"),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(salesrep=""), sells),
        "Set salesrep in the P21 connection",
        connect(salesrep="812"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(payment_type_id=None), sells),
        "Set payment_type_id in the P21 connection",
        connect(payment_type_id=5),
        (REST,),
    ),
    Asked(
        "p21.payment_incomplete",
        both(connect(payment_type_id=None), sells),
        "Set payment_type_id of the P21 connection",
        connect(payment_type_id=5),
        (WINDOW,),
    ),
    Asked(
        "p21.setting_missing",
        both(connect(branch=""), sells),
        "Set branch in the P21 connection",
        connect(branch="01"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.company",
        both(connect(company_id="OTHER"), sells),
        "Correct company_id of the connection",
        connect(company_id="ACME"),
        (REST, WINDOW),
    ),
    Asked(
        "p21.refused.ship_to",
        both(a_buyer(po_required=True), parks, says(po_number="1"), ships_to(1), replayed),
        "Give the customer an active ship-to in P21",
        ships_to(0),
    ),
    Asked(
        "p21.refused.dates",
        both(feeds("write_order", requested_date="date(payment.created, 'yyyy-MM-dd', settings.time_zone)"), sells),
        "Correct the dates in the workflow",
        SHIPPED,
        (WINDOW,),
    ),
    Asked("mapping.invalid", both(feeds("write_order", order_date="'soon'"), sells), "order_date", SHIPPED),
    Asked("expression", both(branches("payment.created > 'x'"), sells), "Correct the workflow and publish it", SHIPPED),
    Asked(
        "node.branch", both(branches("payment.created"), sells), "Correct it in the workflow and publish it", SHIPPED
    ),
    Asked(
        "p21.refused.quantity",
        both(feeds("write_order", lines=COUNTED), lines_of(ONE_LINE, n="0")),
        "Correct the quantity where it comes from",
        says(n="2"),
    ),
    Asked(
        "mapping.invalid",
        lines_of(ONE_LINE.replace(": 2", ': "2.00000000001"')),
        "Correct it where it comes from",
        says(lines=ONE_LINE),
    ),
    Asked(
        "p21.document.characters",
        both(feeds("write_order", po_no="get(payment.metadata, 'po')"), lines_of(ONE_LINE, po="PO\n1")),
        "Correct it where it comes from",
        says(po="PO 1"),
    ),
    Asked(
        "p21.document.kind",
        both(whoever, lines_of(ONE_LINE, who="Ada")),
        "Correct it where it comes from",
        says(who=known("Ginkgo Controls")),
        (REST, WINDOW),
    ),
    Asked(
        "p21.customer_missing",
        both(whoever, lines_of(ONE_LINE, who="999999")),
        "Correct the customer number",
        says(who=known("Ginkgo Controls")),
    ),
    Asked(
        "p21.capability_off",
        sells,
        "set release_orders to at_once",
        connect(release_orders="at_once"),
        (GATEWAY,),
        {"gateway_put_orders": False},
    ),
    Asked(
        "p21.capability_off",
        sells,
        "or to by_hand",
        connect(release_orders="by_hand"),
        (GATEWAY,),
        {"gateway_put_orders": False},
    ),
    Asked(
        "p21.capability_off",
        lines_of(ONE_LINE, p21_document="invoice"),
        "set receipts_by to window",
        connect(receipts_by="window"),
        (WINDOW,),
    ),
    Asked(
        "p21.receipt_without_order",
        both(feeds("write_receipt", order_no="''", invoice_no="''"), sells),
        "Feed order_no or invoice_no in the workflow",
        SHIPPED,
        (GATEWAY,),
    ),
    Asked(
        "stripe.id",
        both(changes("update_stripe", when_refused="park", id="'no id'"), sells),
        "Correct where it comes from",
        SHIPPED,
    ),
    Asked(
        "stripe.missing",
        both(changes("update_stripe", when_refused="park", id="'pi_3espvmkvetyoLecWIWMuYDde'"), sells),
        "check the id, then replay",
        SHIPPED,
    ),
    Asked(
        "stripe.refused",
        both(changes("update_stripe", when_refused="park"), full_of_metadata),
        "Correct it, then replay",
        says(key_1="", key_2="", key_3=""),
    ),
    Asked(
        "webstore.missing",
        both(changes("update_store", when_refused="park", id="'4711'"), with_freight),
        "Correct the order id",
        SHIPPED,
    ),
    Asked(
        "webstore.amount",
        both(with_freight, store_total("abc")),
        "Correct the order in the store",
        store_total("30.00"),
    ),
    Asked(
        "loop.changed",
        both(
            loops,
            lines_of(json.dumps([WIDGET, {**PUMP, "sku": "PUMP-XXX"}]), amount=35400),
            parks,
            says(lines=json.dumps([PUMP, WIDGET])),
            replayed,
        ),
        "Put the list into its old order",
        says(lines=json.dumps([WIDGET, PUMP])),
    ),
    Asked(
        "refund.split",
        both(sells, shipped_out, gives_back(1000, '[{"sku": "WIDGET-001", "quantity": 5}]')),
        "Correct refund_lines in its metadata",
        says(refund_lines=""),
    ),
    Asked(
        "node.split_refund",
        both(sells, shipped_out, gives_back(1000, "two")),
        "Correct it in Stripe",
        says(refund_lines=""),
    ),
    Asked(
        "write.conflict",
        twice_paid,
        "Refund or enter the second by hand",
        lambda world: world.stripe_account.refund(charge_of(world, parked(world).subject)),
    ),
    Asked(
        "write.unanswered",
        lost_in_p21,
        "Find out why the other system does not keep it",
        lambda world: world.p21_tenant.faults.clear(),
        (REST,),
    ),
    Asked(
        "p21.reference_in_use",
        both(connect(reference_fields={"order": "po_no"}), lines_of(ONE_LINE, po_number="PO 1")),
        "let another column carry the reference",
        connect(reference_fields={}),
        (REST, WINDOW),
    ),
    Asked(
        "customer.ambiguous",
        two_alike,
        "Put the right number into the Stripe metadata as p21_customer_id",
        says(p21_customer_id=known("Ada Byron South")),
    ),
    Asked(
        "customer.gone",
        lines_of(ONE_LINE, p21_customer_id="999999"),
        "Correct p21_customer_id in the Stripe metadata",
        says(p21_customer_id=known("Ginkgo Controls")),
    ),
    Asked(
        "customer.gone",
        both(
            lambda world: lines_of(
                ONE_LINE, p21_customer_id=str(world.p21_tenant.add_customer(BUYER, place="OR", active=False))
            )(world)
        ),
        "activate the customer in P21",
        in_p21("customer", {"delete_flag": "N"}, customer_name=BUYER),
    ),
    Asked(
        "node.webstore_fetch",
        lambda world: pay_for(world, 4711, 2500),
        "Correct ecommerceorderid in the Stripe metadata",
        says(ecommerceorderid=lambda world: str(world.web_store.add_order([WIDGET], billing=BILLING))),
    ),
    Asked("stripe.metadata", lines_of(TWO), "Correct it in Stripe", says(lines=ONE_LINE)),
    Asked(
        "node.stripe_fetch",
        lines_of(ONE_LINE.replace("1250", "1200")),
        "Correct its quantities or amounts where they come from",
        says(lines=ONE_LINE),
    ),
    Asked(
        "p21.currency_mismatch",
        a_buyer(currency_id=2),
        "Set p21_customer_id in the metadata of the Stripe customer",
        customer_says("Ginkgo Controls"),
    ),
    Asked(
        "p21.refused.over_payment",
        both(
            connect(bank_no=99),
            lines_of(ONE_LINE, p21_document="invoice"),
            parks,
            in_p21("invoice_hdr", {"amount_paid": Decimal(20)}, order_no="1000001"),
            connect(bank_no=2),
            replayed,
        ),
        "Take off what was applied",
        in_p21("invoice_hdr", {"amount_paid": Decimal(0)}, order_no="1000001"),
        (REST,),
        {"overpayment": "refuse"},
    ),
    Asked(
        "p21.refused.invoice",
        both(feeds("write_receipt", invoice_no="'999999'"), lines_of(ONE_LINE, p21_document="invoice")),
        "Correct the invoice number",
        feeds("write_receipt"),
        (REST,),
    ),
    Asked(
        "p21.receipt_not_with_order",
        payment_lost,
        "set receipts_by to window",
        connect(receipts_by="window"),
        (WINDOW,),
    ),
    Asked(
        "p21.gateway_names",
        both(connect(gateway={"paths": {"customers": "/api/v2/clients"}}), a_buyer()),
        "Correct the gateway's paths",
        connect(gateway={}),
        (GATEWAY,),
    ),
    Asked(
        "p21.not_offered",
        without_a_column,
        "let an administrator run Refresh OData API service in SOA Admin",
        lambda world: world.p21_tenant.faults.clear(),
        (REST, WINDOW),
    ),
    Asked(
        "webstore.read_only",
        both(changes("update_store", when_refused="park"), may_only_read(True), with_freight),
        "Give them write access",
        may_only_read(False),
    ),
    Asked(
        "webstore.moved", both(moves, with_freight), "Enter the address it really has", store_at("http://127.0.0.1:2")
    ),
    Asked(
        "webstore.refused",
        both(changes("update_store", when_refused="park"), locked("processing"), with_freight),
        "An order that is processing is changed no more. Correct it, then replay",
        store_status("on-hold"),
    ),
    Asked(
        "write.replaced",
        cancelled_each_time,
        "give the money back in Stripe, then replay",
        gives_all_back,
        (REST,),
    ),
    Asked("write.vanished", deleted_before_its_approval, "replay to have it written again", nothing),
    Asked("write.cancelled", before_its_approval({"cancel_flag": "Y"}), "Replay to have it written anew", nothing),
)
CASES = (*OF_RUNS, *SITE_RULES)


@pytest.mark.parametrize(
    ("case", "dialect"),
    [
        pytest.param(case, dialect, id=f"{case.code} {case.words} {dialect}")
        for case in CASES
        for dialect in case.dialects
    ],
)
def test_what_a_sentence_tells_is_done_and_the_run_goes_on(case: Asked, dialect: str) -> None:
    world = SimulatedWorld(1, shape=Shape(p21_settings=DIALECTS[dialect], p21_options=case.options or {}))
    case.cause(world)
    world.settle()
    asked = parked(world)
    assert code_of(world, asked.run) == case.code, asked.sentence
    assert case.words in asked.sentence
    case.obey(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert {line.state for line in ends(world)} == {"applied"}, ends(world)


def parking() -> set[str]:
    """Every code with which a run may park, a family by the name that the list gives it."""
    return {code.name for name in RUNS for code in areas()[name].codes if code.itself == PARKED}


def listed(code: str) -> str:
    known = code_named(code)
    assert known is not None, code
    return known.name


def test_every_code_of_a_parked_run_is_obeyed_by_a_test_or_says_why_not() -> None:
    obeyed = {listed(case.code) for case in CASES}
    assert obeyed | ELSEWHERE.keys() | NOT_YET.keys() == parking()
    assert not obeyed & NOT_YET.keys() and not ELSEWHERE.keys() & NOT_YET.keys(), (
        "obeyed by now: take it out of NOT_YET"
    )


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_the_test_that_obeys_a_sentence_elsewhere_is_there(code: str) -> None:
    path, _, name = ELSEWHERE[code].partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_no_sentence_of_p21_sends_a_person_to_a_field_map() -> None:
    """What the buyer, the store or P21 said wrongly no field map mends; the store that has one names it as a setting."""
    assert [one.name for one in KNOWN if "field map" in one.remedy] == []
    sources = (ROOT / "src" / "tieout" / "connectors" / "p21").rglob("*.py")
    assert [path.name for path in sources if "field map" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("code", NO_RUN_PARKS)
def test_what_is_told_stops_no_run(code: str) -> None:
    assert code not in parking() and parking_places(code) == []


def test_what_stops_a_run_is_seen_as_such() -> None:
    assert parking_places("webstore.moved") and parking_places("write.cancelled") and parking_places("p21.not_offered")
