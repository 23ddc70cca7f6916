"""Edit words: every gesture on a drawing is one of these, and gives a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from tieout.domain.workflow.definition import Node, Setting, Trigger, Workflow, ways
from tieout.kernel.failures import Failed, Fix


@dataclass(frozen=True, slots=True)
class AddNode:
    """Put a node at the end of the file, or right behind another in its chain."""

    node: Node
    after: str = ""


@dataclass(frozen=True, slots=True)
class RemoveNode:
    """Take a node away; what led to it leads to where it went."""

    id: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Let one node's ``next`` lead to another; an empty ``to`` ends the chain there."""

    id: str
    to: str


@dataclass(frozen=True, slots=True)
class SetTitle:
    """Name a node in a person's words."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class SetSetting:
    """Set one setting of a node; None takes it away."""

    id: str
    key: str
    value: Setting | None


@dataclass(frozen=True, slots=True)
class MapField:
    """Set the expression that feeds one target field of a node; empty takes the wire away."""

    id: str
    field: str
    expression: str


@dataclass(frozen=True, slots=True)
class SetRow:
    """Set one row of a look-up table; None takes it away. The table is made when missing."""

    table: str
    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class SetTrigger:
    """Change what starts a run."""

    trigger: Trigger


T = TypeVar("T")
Edit = AddNode | RemoveNode | Connect | SetTitle | SetSetting | MapField | SetRow | SetTrigger


def apply(draft: Workflow, edit: Edit) -> Workflow:
    """The draft after the edit. Failed(Fix) when it speaks of a node that is not there, or adds one that is."""
    match edit:
        case AddNode(node, after):
            return _added(draft, node, after)
        case RemoveNode(node_id):
            return _removed(draft, _known(draft, node_id))
        case Connect(node_id, to):
            return _changed(draft, replace(_known(draft, node_id), next=_known(draft, to).id if to else ""))
        case SetTitle(node_id, title):
            return _changed(draft, replace(_known(draft, node_id), title=title))
        case SetSetting(node_id, key, value):
            return _set(draft, _known(draft, node_id), key, value)
        case MapField(node_id, field, expression):
            return _mapped(draft, _known(draft, node_id), field, expression)
        case SetRow(table, key, value):
            return replace(draft, tables={**draft.tables, table: _with(draft.tables.get(table, {}), key, value)})
        case SetTrigger(trigger):
            return replace(draft, trigger=trigger)


def _known(draft: Workflow, node_id: str) -> Node:
    if node := draft.node(node_id):
        return node
    raise Failed(Fix("workflow.node", f"There is no node {node_id!r} in {draft.name}.", field="id", value=node_id))


def _added(draft: Workflow, node: Node, after: str) -> Workflow:
    if draft.node(node.id):
        raise Failed(Fix("workflow.node", f"{draft.name} already has a node {node.id!r}.", field="id", value=node.id))
    if not after:
        return replace(draft, nodes=(*draft.nodes, node))
    before = _known(draft, after)
    linked = _changed(draft, replace(before, next=node.id))
    place = draft.nodes.index(before) + 1
    return replace(linked, nodes=(*linked.nodes[:place], replace(node, next=before.next), *linked.nodes[place:]))


def _removed(draft: Workflow, gone: Node) -> Workflow:
    rest = tuple(_rerouted(node, gone) for node in draft.nodes if node.id != gone.id)
    return replace(draft, nodes=rest)


def _rerouted(node: Node, gone: Node) -> Node:
    if all(to != gone.id for _, to in ways(node)):
        return node
    settings = dict(node.settings)
    if isinstance(cases := settings.get("cases"), list):
        settings["cases"] = [
            {**case, "next": gone.next} if isinstance(case, dict) and case.get("next") == gone.id else case
            for case in cases
        ]
    if settings.get("body") == gone.id:
        settings["body"] = gone.next
    return replace(node, next=gone.next if node.next == gone.id else node.next, settings=settings)


def _changed(draft: Workflow, node: Node) -> Workflow:
    return replace(draft, nodes=tuple(node if one.id == node.id else one for one in draft.nodes))


def _set(draft: Workflow, node: Node, key: str, value: Setting | None) -> Workflow:
    settings = {k: v for k, v in node.settings.items() if k != key}
    return _changed(draft, replace(node, settings=settings if value is None else {**node.settings, key: value}))


def _mapped(draft: Workflow, node: Node, field: str, expression: str) -> Workflow:
    fields = node.settings.get("fields")
    wires = _with(fields if isinstance(fields, dict) else {}, field, expression or None)
    return _changed(draft, replace(node, settings={**node.settings, "fields": wires}))


def _with(table: Mapping[str, T], key: str, value: T | None) -> dict[str, T]:
    rest = {k: v for k, v in table.items() if k != key}
    return rest if value is None else {**table, key: value}
