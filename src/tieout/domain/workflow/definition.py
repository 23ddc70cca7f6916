"""What a workflow is: a trigger and nodes, each with settings and the way on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FORMAT = 1
Setting = bool | int | str | list["Setting"] | dict[str, "Setting"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which fact starts a run, and an expression over that fact that must be true (empty: always).

    ``also`` are further kinds of facts that start one: a thing that changes has one drawing for all its changes.
    """

    fact: str
    when: str = ""
    also: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Every kind of fact that starts a run."""
        return (self.fact, *self.also)


@dataclass(frozen=True, slots=True)
class Node:
    """One drawn step. ``into`` is the root under which later expressions see its outcome; ``next`` may be empty."""

    id: str
    type: str
    title: str = ""
    into: str = ""
    next: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The name that expressions of later nodes use."""
        return self.into or self.id


@dataclass(frozen=True, slots=True)
class Workflow:
    """One version of a workflow, or a draft: the first node is where a run starts."""

    name: str
    title: str
    trigger: Trigger
    nodes: tuple[Node, ...]
    note: str = ""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def node(self, node_id: str) -> Node | None:
        """The node with that id, or None."""
        return next((node for node in self.nodes if node.id == node_id), None)


def ways(node: Node) -> Iterator[tuple[str, str]]:
    """Every way out of a node as (field, node id): ``next``, the cases of a branch, the body of a loop."""
    if node.next:
        yield "next", node.next
    cases = node.settings.get("cases", [])
    for i, case in enumerate(cases if isinstance(cases, list) else []):
        if isinstance(case, dict) and isinstance(case.get("next"), str):
            yield f"cases[{i}].next", str(case["next"])
    if isinstance(node.settings.get("body"), str):
        yield "body", str(node.settings["body"])
