"""Field maps: what is written, why, and what stands in the way."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tieout.domain.mapping.apply import Applied, apply
from tieout.domain.mapping.checks import check
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.field_map import FieldMap, TargetField

TARGETS = (
    TargetField("number", "text", length=8, required=True),
    TargetField("total", "number", decimals=2),
    TargetField("date", "date"),
    TargetField("approved", "bool"),
    TargetField(
        "lines",
        "list",
        fields=(
            TargetField("item_id", "text", length=4, required=True),
            TargetField("quantity", "number", decimals=0),
        ),
    ),
    TargetField("ship_to", "object", fields=(TargetField("city", "text", length=10),)),
)
ORDER: dict[str, object] = {
    "order": {
        "id": "A-1",
        "total": 1250,
        "currency": "usd",
        "created": 1_700_000_000,
        "lines": [{"sku": "x1", "n": Decimal("2.0")}, {"sku": "x2", "n": 1}],
        "city": "Columbus",
        "note": "",
    }
}
GOOD = {
    "number": "order.id",
    "total": "money(order.total, order.currency)",
    "date": "order.created | date('yyyy-MM-dd', 'America/New_York')",
    "approved": "order.total > 1000",
    "lines": "map(order.lines, l => {item_id: upper(l.sku), quantity: l.n})",
    "ship_to": "{city: order.city}",
}


def applied(**fields: str) -> Applied:
    return apply(FieldMap.parse({"number": "'A'", **fields}, TARGETS), ORDER)


def problem(**fields: str) -> tuple[str, str, str]:
    (found,) = applied(**fields).problems
    return found.field, found.rule, found.sentence


def test_the_document_is_ready_to_be_sent() -> None:
    found = apply(FieldMap.parse(GOOD, TARGETS), ORDER)
    assert found.problems == ()
    assert found.document == {
        "number": "A-1",
        "total": "12.50",
        "date": "2023-11-14",
        "approved": True,
        "lines": [{"item_id": "X1", "quantity": "2"}, {"item_id": "X2", "quantity": "1"}],
        "ship_to": {"city": "Columbus"},
    }
    json.dumps(found.document)


def test_every_value_has_its_reason() -> None:
    reasons = {reason.field: reason for reason in apply(FieldMap.parse(GOOD, TARGETS), ORDER).reasons}
    assert reasons["total"].expression == GOOD["total"]
    assert reasons["total"].value == "12.50"
    assert set(reasons) == set(GOOD)


def test_long_values_are_cut_in_reasons_only() -> None:
    found = apply(FieldMap.parse({"a": "b"}), {"b": "x" * 5_000})
    assert len(found.reasons[0].value) <= 200
    assert found.document == {"a": "x" * 5_000}


@pytest.mark.parametrize(
    ("name", "source", "field", "rule", "sentence"),
    [
        ("number", "'123456789'", "number", "length",
         "number is 9 characters long, but takes 8: '123456789'; truncate(…, 8) would cut it."),
        ("number", "order.note", "number", "required", "number is required, but there is nothing to write."),
        ("number", "order.nothing", "number", "required", "number is required, but there is nothing to write."),
        ("number", "true", "number", "kind",
         "number takes text, but this is true or false; if … then 'Y' else 'N' makes a text of true and false."),
        ("total", "1.005", "total", "decimals",
         "total has more than 2 decimals: 1.005; round(…, 2) says how to round it."),
        ("total", "'twelve'", "total", "kind",
         "total takes a number, but this is text ('twelve'); number(…) reads one from a text of digits."),
        ("date", "order.created", "date", "kind",
         "date takes a date such as 2024-03-01, but this is a number (1700000000); date(…) makes one of epoch seconds."),
        ("date", "'01.02.2024'", "date", "kind",
         "date takes a date such as 2024-03-01, but this is text ('01.02.2024'); date(…) makes one of epoch seconds."),
        ("approved", "'Y'", "approved", "kind",
         "approved takes true or false, but this is text ('Y'); compare it: … = 'Y'."),
        ("lines", "{item_id: 'a'}", "lines", "kind",
         "lines takes a list, but this is an object; […] makes a list of one."),
        ("lines", "[{item_id: 'a'}, {item_id: 'toolong'}]", "lines[1].item_id", "length",
         "lines[1].item_id is 7 characters long, but takes 4: 'toolong'; truncate(…, 4) would cut it."),
        ("lines", "[{quantity: 1}]", "lines[0].item_id", "required",
         "lines[0].item_id is required, but there is nothing to write."),
        ("lines", "[null]", "lines[0]", "required", "lines[0] is required, but there is nothing to write."),
        ("lines", "[{item_id: 'a', quantiy: 1}]", "lines[0].quantiy", "unknown",
         "lines[0].quantiy does not exist; did you mean 'quantity'?."),
        ("ship_to", "'Columbus'", "ship_to", "kind",
         "ship_to takes an object, but this is text ('Columbus'); {name: …} makes one."),
        ("total", "1 / 0", "total", "expression", "total cannot be computed: division by zero, in 1 / 0."),
    ],
)  # fmt: skip
def test_problems_name_field_value_and_way_out(name: str, source: str, field: str, rule: str, sentence: str) -> None:
    assert problem(**{name: source}) == (field, rule, sentence)


def test_hidden_characters_are_refused_and_lines_are_not() -> None:
    found = apply(FieldMap.parse({"a": "b"}), {"b": "x\u202ey"})
    assert [one.rule for one in found.problems] == ["characters"]
    assert apply(FieldMap.parse({"a": "b"}), {"b": "x\ny"}).problems == ()
    assert [one.rule for one in apply(FieldMap.parse({"a": "b"}), {"b": "\ud800"}).problems] == ["characters"]


def test_all_problems_come_at_once() -> None:
    found = apply(FieldMap.parse({"total": "'x'", "date": "'y'"}, TARGETS), ORDER)
    assert [(one.field, one.rule) for one in found.problems] == [
        ("total", "kind"),
        ("date", "kind"),
        ("number", "required"),
    ]


def test_nothing_is_left_out_and_exact_zeros_are_dropped() -> None:
    found = applied(total="1.500", date="null", ship_to="{}")
    assert found.problems == ()
    assert found.document == {"number": "A", "total": "1.50", "ship_to": {}}


def test_inputs_that_cannot_be_read_are_one_problem() -> None:
    (found,) = apply(FieldMap.parse({"a": "b"}), {"b": 1.5}).problems
    assert found.rule == "inputs"
    assert found.sentence == (
        "The inputs cannot be read: b is a floating point number, which is not exact (read numbers as Decimal)."
    )


def test_parse_names_the_field() -> None:
    with pytest.raises(ExpressionError, match="the record has no field 'numbr'") as caught:
        FieldMap.parse({"numbr": "1"}, TARGETS)
    assert caught.value.hint == "did you mean 'number'?"
    with pytest.raises(ExpressionError, match="total: unknown function 'mony'"):
        FieldMap.parse({"total": "mony(1)"}, TARGETS)


SCHEMA = {
    "order.id": "text",
    "order.total": "number",
    "order.created": "number",
    "order.paid": "bool",
    "order.lines[].sku": "text",
}


def sentences(fields: dict[str, str]) -> list[str]:
    return [finding.sentence for finding in check(fields, TARGETS, SCHEMA, {"items"})]


def test_check_lists_all_findings() -> None:
    assert sentences({"numbr": "1", "total": "order.totl", "date": "order.created", "approved": "order.id"}) == [
        "the record has no field 'numbr'",
        "order has no field 'totl'",
        "date takes a date as text, but this is a number",
        "approved takes true or false, but this is text",
        "number is required, but nothing feeds it",
    ]


def test_check_looks_into_lists() -> None:
    good = "map(order.lines, l => {item_id: l.sku})"
    assert sentences({"number": "order.id", "lines": good}) == []
    assert sentences({"number": "order.id", "lines": "map(order.lines, l => {item: l.sku, quantity: order.paid})"}) == [
        "lines[] has no field 'item'",
        "lines[].quantity takes a number, but this is true or false",
        "lines[].item_id is required, but nothing feeds it",
    ]
    assert sentences({"number": "order.id", "lines": "map(order.lines, l => l.sku)"}) == [
        "lines[] takes an object, but this is text"
    ]


def test_check_knows_the_tables_and_what_is_always_nothing() -> None:
    assert sentences({"number": "lookup(order.id, 'itms')"}) == ["there is no look-up table 'itms'"]
    assert sentences({"number": "null"}) == ["number is required, but this is always nothing"]
    (finding,) = check({"number": "lookup(order.id, 'itms')"}, TARGETS, SCHEMA, {"items"})
    assert finding.hint == "did you mean 'items'?"
