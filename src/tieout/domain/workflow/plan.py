"""Which node comes next: the only place that knows how a drawing is walked."""

from __future__ import annotations

from collections.abc import Collection

from tieout.domain.workflow.definition import Node, Workflow, ways


def first(workflow: Workflow) -> str:
    """Where a run starts."""
    return workflow.nodes[0].id


def onward(node: Node, chosen: str | None) -> str:
    """The next node's id after ``node``: a branch says which way it chose, any other node has one way."""
    return node.next if chosen is None else chosen


def before(workflow: Workflow, node_id: str) -> tuple[Node, ...]:
    """All nodes from which ``node_id`` can be reached, in the order of the file."""
    reaching, waiting, leading = set[str](), [node_id], _leading(workflow)
    while waiting:
        for earlier in leading.get(waiting.pop(), ()):
            if earlier not in reaching:
                reaching.add(earlier)
                waiting.append(earlier)
    return tuple(node for node in workflow.nodes if node.id in reaching)


def _leading(workflow: Workflow) -> dict[str, list[str]]:
    """Which nodes lead to each."""
    found: dict[str, list[str]] = {}
    for node in workflow.nodes:
        for _, to in ways(node):
            found.setdefault(to, []).append(node.id)
    return found


def loop_of(workflow: Workflow, node_id: str) -> tuple[Node, ...]:
    """The loops (outermost first) in whose body ``node_id`` stands."""
    return tuple(
        node
        for node in workflow.nodes
        if isinstance(body := node.settings.get("body"), str) and node_id in reached(workflow, body)
    )


def reached(workflow: Workflow, *starts: str, without: Collection[tuple[str, str]] = ()) -> set[str]:
    """The nodes at which a walk from ``starts`` may come, these included. ``without``: (node id, field) of ways not taken."""
    seen, waiting, nodes = set[str](), list(starts), {node.id: node for node in workflow.nodes}
    while waiting:
        node = nodes.get(waiting.pop())
        if node and node.id not in seen:
            seen.add(node.id)
            waiting.extend(to for field, to in ways(node) if (node.id, field) not in without)
    return seen


def round_trip(workflow: Workflow, node_id: str) -> tuple[str, ...]:
    """The shortest way from a node of a circle back to itself: its id first and last."""
    nodes = {node.id: node for node in workflow.nodes}
    paths, seen = list[tuple[str, ...]]([(node_id,)]), set[str]()
    for path in paths:
        for _, to in ways(nodes[path[-1]]):
            if to == node_id:
                return (*path, to)
            if to not in seen:
                seen.add(to)
                paths.append((*path, to))
    raise AssertionError(f"{node_id} is in no circle")
