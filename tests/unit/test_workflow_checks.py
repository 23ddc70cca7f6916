"""Every mistake in a drawing is named with its node, its field and what to do, before it can be published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieout.app.house import template
from tieout.domain.workflow.checks import check
from tieout.domain.workflow.definition import Node, Trigger, Workflow
from tieout.domain.workflow.format import read, write
from tieout.nodes._catalogue import node_forms

READ = Node("read", "stripe_fetch", into="payment", next="tell", settings={"what": "payment"})
TELL = Node("tell", "send_alert", settings={"message": "'paid: ' & payment.id"})
GOOD = Workflow("draft", "A draft", Trigger("payment_succeeded"), (READ, TELL))


def problems(*nodes: Node, **changes: object) -> list[tuple[str, str, str]]:
    workflow = replace(GOOD, nodes=nodes or GOOD.nodes, **changes)  # type: ignore[arg-type]
    return [(problem.node, problem.field, problem.sentence) for problem in check(workflow, node_forms())]


def test_a_sound_drawing_has_no_problem() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("node", "field", "sentence"),
    [
        (replace(TELL, type="send_alarm"), "type", "There is no node type 'send_alarm'; did you mean 'send_alert'?"),
        (replace(TELL, next="nowhere"), "next", "There is no node 'nowhere'; known: read, tell."),
        (replace(TELL, settings={}), "message", "Send alert needs message (message)."),
        (
            replace(TELL, settings={"message": "'x'", "colour": "red"}),
            "colour",
            "There is no setting 'colour'; known: message.",
        ),
        (
            replace(TELL, next="read"),
            "next",
            "'tell' leads back to 'read' (read → tell → read); a run would never end. Lead it elsewhere, or take this way out.",
        ),
        (replace(TELL, id="Tell!"), "id", "'Tell!' must be lower case letters, digits and underscores."),
        (replace(TELL, into="settings"), "into", "'settings' is taken; choose another name."),
    ],
)
def test_a_mistake_in_the_structure(node: Node, field: str, sentence: str) -> None:
    read = replace(READ, next=node.id)
    assert (field, sentence) in [(found[1], found[2]) for found in problems(read, node)]


def test_a_node_that_nothing_leads_to() -> None:
    assert problems(replace(READ, next=""), TELL) == [
        ("tell", "next", "Nothing leads to 'tell'; connect it or take it away.")
    ]


def test_a_field_that_does_not_exist_is_shown_with_a_caret_and_a_guess() -> None:
    ((node, field, sentence),) = problems(READ, replace(TELL, settings={"message": "payment.amonut & 'x'"}))
    assert (node, field) == ("tell", "message")
    assert "amonut" in sentence
    assert "^" in sentence
    assert "did you mean" in sentence
    assert "amount" in sentence


def test_an_expression_of_the_wrong_kind() -> None:
    branch = Node("tell", "branch", settings={"cases": [{"when": "payment.amount", "next": "tell2"}]})
    found = problems(READ, branch, replace(TELL, id="tell2"))
    assert found == [("tell", "cases[0].when", "This must give bool, but gives number: payment.amount")]


def test_outcomes_of_later_nodes_cannot_be_used() -> None:
    early = Node("tell", "send_alert", next="read", settings={"message": "payment.id"})
    ((_, field, sentence),) = problems(early, replace(READ, next=""))
    assert field == "message"
    assert "payment" in sentence


def test_target_fields_of_a_p21_record() -> None:
    write = Node("tell", "p21_write", settings={"entity": "cash_receipt", "fields": {"amont": "1"}})
    found = problems(READ, write)
    assert ("tell", "fields.amont", "There is no field 'amont'; did you mean 'amount'?") in found
    assert ("tell", "fields.amount", "amount is required; connect something to it.") in found


def test_the_workflow_itself() -> None:
    found = problems(name="Bad Name", trigger=Trigger("payment_suceeded"))
    assert [field for _, field, _ in found] == ["name", "trigger.fact"]
    assert "did you mean 'payment_succeeded'?" in found[1][2]


def with_field(node_id: str, name: str, source: str) -> list[tuple[str, str, str]]:
    """The problems of order_to_cash with one field fed otherwise (case P4)."""
    drawn = template("order_to_cash")
    nodes = tuple(
        replace(node, settings={**node.settings, "fields": {**node.settings["fields"], name: source}})  # type: ignore[dict-item]
        if node.id == node_id
        else node
        for node in drawn.nodes
    )
    found = check(replace(drawn, nodes=nodes), node_forms(), ())
    return [(problem.node, problem.field, problem.sentence) for problem in found]


@pytest.mark.parametrize(
    ("node", "field", "source", "part"),
    [
        ("write_order", "total", "'abc'", "total takes a number, but this is text"),
        ("write_order", "total", "[order.total]", "total takes a number, but this is a list"),
        ("write_receipt", "amount", "payment.livemode ?? true", "amount takes a number"),
        ("write_receipt", "amount", "if payment.amount > 5 then 'much' else 1", "amount takes a number"),
        ("write_receipt", "date", "payment.created", "date takes a date as text, but this is a number"),
        ("write_order", "order_date", "'soon'", "order_date takes a date such as 2024-03-01"),
        ("write_order", "lines", "'none'", "lines takes a list, but this is text"),
        ("create_customer", "currency", "'dollars'", "currency is 7 characters long, but takes 3"),
        ("write_receipt", "description", f"coalesce(payment.charge_id, '{'x' * 61}')", "is 61 characters long, but takes 60"),
        ("write_order", "lines", f"[{{item_id: '{'i' * 41}', quantity: 1, unit_price: 1, extended_price: 1}}]", "takes 40"),
        ("write_order", "order_date", "date(payment.created, 'yyyy-MM-dd', 'America/New_Yrok')", "did you mean 'America/New_York'?"),
        ("write_order", "total", "money(order.total, 'dollars')", "'dollars' is not a currency"),
        ("write_order", "po_no", "lookup(order.id, 'numbers')", "There is no look-up table 'numbers'."),
        ("write_order", "terms", "lookup_required(payment.currency, 'item')", "Did you mean 'items'?"),
    ],
)  # fmt: skip
def test_an_expression_that_cannot_fit_what_it_feeds(node: str, field: str, source: str, part: str) -> None:
    ((where, named, sentence),) = with_field(node, field, source)
    assert (where, named) == (node, f"fields.{field}")
    assert part in sentence


@pytest.mark.parametrize(
    ("node", "field", "source"),
    [
        ("write_order", "total", "'12.50'"),
        ("write_order", "ship_to_address1", f"'{'street ' * 10}'"),
        ("write_order", "po_no", "lookup(order.id, 'items')"),
        ("create_customer", "terms", "settings.new_customer_terms"),
        ("write_order", "note", f"'{'careful ' * 60}'"),
    ],
)
def test_what_may_be_right_is_no_problem(node: str, field: str, source: str) -> None:
    assert with_field(node, field, source) == []


def test_a_look_up_in_a_table_that_is_kept_apart() -> None:
    told = replace(TELL, settings={"message": "'at ' & lookup(payment.id, 'branches')"})
    drawn = replace(GOOD, nodes=(READ, told))
    assert check(drawn, node_forms(), ("branches",)) == ()
    assert check(drawn, node_forms()) == ()
    assert [problem.field for problem in check(drawn, node_forms(), ())] == ["message"]


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("time_zone", "Nowhere/None", "unknown time zone 'Nowhere/None'"),
        ("time_zone", "", "unknown time zone ''"),
        ("tax_policy", "p12", "tax_policy has no word 'p12'; use one of p21, charge_item. Did you mean 'p21'?"),
        ("free_orders", "yes", "free_orders has no word 'yes'; use one of tell, order."),
        ("po_no_from", "shop", "po_no_from has no word 'shop'"),
        ("tax_tolerance", "two cents", "tax_tolerance takes a number, but this is text"),
        ("payment_type", "far too long for it", "takes 10"),
    ],
)
def test_a_setting_that_is_none_is_told_once(name: str, value: str, part: str) -> None:
    drawn = template("order_to_cash")
    found = check(replace(drawn, settings={**drawn.settings, name: value}), node_forms(), ())
    assert [(problem.node, problem.field) for problem in found] == [("", f"settings.{name}")]
    assert part in found[0].sentence


def test_a_word_that_the_drawing_itself_asks_for_is_a_policy() -> None:
    branch = Node("tell", "branch", settings={"cases": [{"when": "settings.tax_policy = 'own'", "next": "tell2"}]})
    assert problems(READ, branch, replace(TELL, id="tell2"), settings={"tax_policy": "own"}) == []


def test_a_setting_of_the_wrong_kind_is_told_once_and_names_the_other_places() -> None:
    drawn = template("order_to_cash")
    (found,) = check(replace(drawn, settings={**drawn.settings, "time_zone": 5}), node_forms(), ())
    assert "date needs text as zone, but this is a number" in found.sentence
    assert "The same stands at" in found.sentence


@pytest.mark.parametrize(
    ("when", "part"),
    [
        ("false", "never taken: its condition is never true"),
        ("1 > 2", "never taken: its condition is never true"),
        ("fact.kind = 'refund_made'", "fact.kind is never 'refund_made', since runs start at payment_succeeded only"),
    ],
)
def test_a_case_that_nothing_takes_names_what_it_loses(when: str, part: str) -> None:
    branch = Node("choose", "branch", next="", settings={"cases": [{"when": when, "next": "tell"}]})
    ((node, field, sentence),) = problems(replace(READ, next="choose"), branch, TELL)
    assert (node, field) == ("choose", "cases[0].when")
    assert part in sentence
    assert "nothing reaches 'tell'." in sentence


def test_what_stands_after_a_case_that_is_always_taken_or_asked_twice() -> None:
    def branch(*conditions: str) -> Node:
        return Node(
            "choose",
            "branch",
            next="tell",
            settings={"cases": [{"when": when, "next": "other"} for when in conditions]},
        )

    other = Node("other", "send_alert", settings={"message": "'other'"})
    ((_, field, sentence),) = problems(replace(READ, next="choose"), branch("true"), TELL, other)
    assert field == "cases[0].when"
    assert "nothing reaches 'tell'." in sentence
    twice = branch("payment.amount > 5", "payment.amount > 5")
    ((_, field, sentence),) = problems(replace(READ, next="choose"), twice, TELL, other)
    assert field == "cases[1].when"
    assert "an earlier case has the same condition" in sentence


def test_a_long_circle_and_a_long_chain_that_nothing_leads_to_are_one_problem_each() -> None:
    drawn = template("order_to_cash")
    nodes = tuple(replace(node, next="read_payment") if node.id == "update_store" else node for node in drawn.nodes)
    ((circle),) = check(replace(drawn, nodes=nodes), node_forms(), ())
    assert (circle.node, circle.field) == ("update_store", "next")
    chain = tuple(
        Node(f"n{place}", "send_alert", next=f"n{place + 1}" if place < 5 else "", settings=TELL.settings)
        for place in range(6)
    )
    ((node, _, sentence),) = problems(READ, TELL, *chain)
    assert node == "n0"
    assert "'n1', 'n2', 'n3', 'n4' and 'n5'" in sentence


def test_the_same_problem_is_told_once() -> None:
    twins = problems(READ, TELL, TELL)
    assert len(twins) == len(set(twins))
    first = replace(TELL, next="again", settings={"message": "payment.amonut & ''"})
    again = replace(TELL, id="again", settings={"message": "payment.amonut & ''"})
    ((node, _, sentence),) = problems(READ, first, again)
    assert node == "tell"
    assert "The same stands at 1 more: again.message" in sentence


def test_the_word_for_the_kind_of_a_stripe_object() -> None:
    update = Node(
        "tell", "stripe_update", settings={"object": "'costumer'", "id": "payment.id", "fields": {"a": "'1'"}}
    )
    assert problems(READ, update) == [("tell", "object", "There is no choice 'costumer'; did you mean 'customer'?")]


def test_a_byte_order_mark_at_the_head_of_a_file_is_no_part_of_it() -> None:
    assert read("\ufeff" + write(GOOD)) == GOOD
