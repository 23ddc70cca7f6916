"""Which node comes next: the only place that knows how a drawing is walked."""

from __future__ import annotations

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
        if isinstance(body := node.settings.get("body"), str) and node_id in _chain(workflow, body)
    )


def _chain(workflow: Workflow, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        node = workflow.node(waiting.pop())
        if node and node.id not in seen:
            seen.add(node.id)
            waiting.extend(to for _, to in ways(node))
    return seen
