"""Conditions that hold in no run, or in every one, whatever happens."""

from __future__ import annotations

from tieout.domain.mapping import grammar
from tieout.domain.mapping.constants import constant
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.nodes import Chain, Comparison, Literal, Name, Node, Path, walk
from tieout.domain.workflow.definition import Trigger


def never(tree: Node, trigger: Trigger) -> str:
    """Why the condition holds in no run; empty when it may. What depends on a setting may."""
    if _written_out(tree) is False:
        return "its condition is never true"
    conditions = tree.operands if isinstance(tree, Chain) and tree.level == grammar.AND else (tree,)
    return next((why for one in conditions if (why := _no_such_fact(one, trigger))), "")


def always(tree: Node) -> bool:
    """Whether the condition holds in every run."""
    return _written_out(tree) is True


def _written_out(tree: Node) -> bool | None:
    if any(isinstance(one, Name) for one in walk(tree)):
        return None
    try:
        found = constant(tree, {})
    except ExpressionError:
        return None
    return found.value if found is not None and isinstance(found.value, bool) else None


def _no_such_fact(tree: Node, trigger: Trigger) -> str:
    if not isinstance(tree, Comparison) or tree.operator != "=":
        return ""
    for path, word in ((tree.left, tree.right), (tree.right, tree.left)):
        if _is_kind(path) and isinstance(word, Literal) and word.value not in trigger.facts:
            return f"fact.kind is never {word.value!r}, since runs start at {', '.join(trigger.facts)} only"
    return ""


def _is_kind(node: Node) -> bool:
    return (
        isinstance(node, Path)
        and isinstance(node.base, Name)
        and node.base.name == "fact"
        and [(step.name, step.index) for step in node.steps] == [("kind", None)]
    )
