"""Edit words: every gesture gives a new draft, and the old one stays as it was."""

from __future__ import annotations

import pytest

from tieout.domain.workflow.definition import Node, Trigger, Workflow
from tieout.domain.workflow.edits import (
    AddNode,
    Connect,
    MapField,
    RemoveNode,
    SetRow,
    SetSetting,
    SetTitle,
    SetTrigger,
    apply,
)
from tieout.kernel.failures import Failed

A = Node("a", "wait", next="b", settings={"seconds": "1"})
B = Node("b", "branch", next="c", settings={"cases": [{"when": "true", "next": "c"}]})
C = Node("c", "wait", settings={"seconds": "2"})
DRAFT = Workflow("draft", "A draft", Trigger("payment_succeeded"), (A, B, C))


def test_a_node_put_behind_another_takes_its_place_in_the_chain() -> None:
    after = apply(DRAFT, AddNode(Node("x", "wait"), after="a"))
    assert [node.id for node in after.nodes] == ["a", "x", "b", "c"]
    assert (after.nodes[0].next, after.nodes[1].next) == ("x", "b")
    assert DRAFT.nodes == (A, B, C)


def test_what_led_to_a_removed_node_leads_to_where_it_went() -> None:
    assert apply(DRAFT, RemoveNode("b")).nodes[0].next == "c"
    ended = apply(DRAFT, RemoveNode("c"))
    assert ended.nodes[1].next == ""
    assert ended.nodes[1].settings["cases"] == [{"when": "true", "next": ""}]


def test_settings_wires_rows_titles_and_triggers_are_set_and_taken_away() -> None:
    draft = apply(apply(DRAFT, MapField("a", "total", "1 + 1")), SetSetting("a", "seconds", "9"))
    assert draft.nodes[0].settings == {"seconds": "9", "fields": {"total": "1 + 1"}}
    draft = apply(apply(draft, MapField("a", "total", "")), SetSetting("a", "seconds", None))
    assert draft.nodes[0].settings == {"fields": {}}
    draft = apply(apply(draft, SetRow("items", "SKU", "WIDGET")), SetRow("items", "OLD", None))
    assert draft.tables == {"items": {"SKU": "WIDGET"}}
    assert apply(draft, SetTitle("a", "Wait a little")).nodes[0].title == "Wait a little"
    assert apply(draft, SetTrigger(Trigger("payment_succeeded", "true"))).trigger.when == "true"
    assert apply(draft, Connect("a", "c")).nodes[0].next == "c"


@pytest.mark.parametrize(
    "edit", [RemoveNode("zz"), Connect("a", "zz"), SetTitle("zz", ""), AddNode(A), AddNode(C, "zz")]
)
def test_an_edit_of_what_is_not_there_says_so(edit: object) -> None:
    with pytest.raises(Failed, match=r"There is no node 'zz' in draft|draft already has a node 'a'|'c'"):
        apply(DRAFT, edit)  # type: ignore[arg-type]
