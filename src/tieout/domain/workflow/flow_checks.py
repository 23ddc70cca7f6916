"""Finds what no run can reach, and what no run can leave: each told once, where the way should be drawn otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.grammar import parse
from tieout.domain.workflow import plan
from tieout.domain.workflow.definition import Node, Workflow, ways
from tieout.domain.workflow.never import always, never
from tieout.domain.workflow.problem import Problem

NAMED_MAX = 8


def problems(workflow: Workflow) -> Iterator[Problem]:
    """Nodes that nothing leads to, circles, and ways of branches that are never taken."""
    yield from _unreached(workflow)
    yield from _circles(workflow)
    yield from _never_taken(workflow)


def _unreached(workflow: Workflow) -> Iterator[Problem]:
    """The first of each chain that nothing leads to; what stands behind it is named with it."""
    waiting = _order(workflow, {node.id for node in workflow.nodes} - plan.reached(workflow, plan.first(workflow)))
    while waiting:
        begin = next((one for one in waiting if not _leads_to(workflow, one, waiting)), waiting[0])
        chain = plan.reached(workflow, begin)
        behind = [one for one in waiting if one in chain and one != begin]
        more = f" Nothing else leads to {_names(behind)} behind it." if behind else ""
        yield Problem(begin, "next", f"Nothing leads to {begin!r}; connect it or take it away.{more}")
        waiting = [one for one in waiting if one not in chain]


def _leads_to(workflow: Workflow, node_id: str, among: Collection[str]) -> bool:
    return any(to == node_id for node in workflow.nodes if node.id in among for _, to in ways(node))


def _circles(workflow: Workflow) -> Iterator[Problem]:
    """One problem a circle, at the way that closes it."""
    told = set[str]()
    for node in workflow.nodes:
        behind = plan.reached(workflow, *(to for _, to in ways(node)))
        if node.id in behind and node.id not in told:
            told |= {one for one in behind if node.id in plan.reached(workflow, one)}
            yield _circle(workflow, plan.round_trip(workflow, node.id))


def _circle(workflow: Workflow, path: tuple[str, ...]) -> Problem:
    last = workflow.node(path[-2])
    assert last is not None, "it is on the way"
    field = next(field for field, to in ways(last) if to == path[-1])
    shown = " → ".join(path if len(path) <= NAMED_MAX else (*path[: NAMED_MAX - 2], "…", *path[-2:]))
    sentence = f"{last.id!r} leads back to {path[-1]!r} ({shown}); a run would never end. Lead it elsewhere, or take this way out."
    return Problem(last.id, field, sentence)


def _never_taken(workflow: Workflow) -> Iterator[Problem]:
    for node in workflow.nodes:
        if node.type == "branch":
            yield from _branch(workflow, node)


def _branch(workflow: Workflow, node: Node) -> Iterator[Problem]:
    seen, cases = set[str](), _cases(node)
    for place, (when, to) in enumerate(cases):
        field = f"cases[{place}].when"
        try:
            tree = parse(when)
        except ExpressionError:
            continue
        why = "an earlier case has the same condition" if when.strip() in seen else never(tree, workflow.trigger)
        if why:
            lost = _lost(workflow, node, {(f"cases[{place}].next", to)})
            yield Problem(node.id, field, f"This case is never taken: {why}. Correct it, or take the case out.{lost}")
        elif always(tree) and (rest := _after(node, place)):
            lost = _lost(workflow, node, rest)
            yield Problem(
                node.id,
                field,
                f"This case is always taken, so what stands after it never is. Correct it, or take out what follows.{lost}",
            )
            return
        seen.add(when.strip())


def _cases(node: Node) -> list[tuple[str, str]]:
    cases = node.settings.get("cases")
    found = cases if isinstance(cases, list) else []
    return [(str(case["when"]), str(case["next"])) for case in found if isinstance(case, dict)]


def _after(node: Node, place: int) -> set[tuple[str, str]]:
    kept = {f"cases[{before}].next" for before in range(place + 1)}
    return {(field, to) for field, to in ways(node) if field not in kept}


def _lost(workflow: Workflow, node: Node, dead: Collection[tuple[str, str]]) -> str:
    """Names what is reached by no other way than the dead ones."""
    left = {(node.id, field) for field, _ in dead}
    lost = plan.reached(workflow, plan.first(workflow)) - plan.reached(workflow, plan.first(workflow), without=left)
    return f" As it stands, nothing reaches {_names(_order(workflow, lost))}." if lost else ""


def _order(workflow: Workflow, some: Collection[str]) -> list[str]:
    return [node.id for node in workflow.nodes if node.id in some]


def _names(some: list[str]) -> str:
    named = [repr(one) for one in some[:NAMED_MAX]] + (
        [f"{len(some) - NAMED_MAX} more"] if len(some) > NAMED_MAX else []
    )
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
