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
    reaching: set[str] = set()
    grown = True
    while grown:
        more = {n.id for n in workflow.nodes if any(to == node_id or to in reaching for _, to in ways(n))}
        grown = not more <= reaching
        reaching |= more
    return tuple(node for node in workflow.nodes if node.id in reaching)


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
