"""Every mistake in a drawing is named with its node, its field and what to do, before it can be published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieout.domain.workflow.checks import check
from tieout.domain.workflow.definition import Node, Trigger, Workflow
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
        (replace(TELL, next="read"), "next", "'read' leads back to itself; a run would never end."),
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
