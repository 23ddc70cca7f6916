"""The settings that choose a policy by a word, and the words there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tieout.domain.mapping.constants import setting_named
from tieout.domain.mapping.errors import ExpressionError, shortened, suggestion
from tieout.domain.mapping.grammar import parse
from tieout.domain.mapping.nodes import Comparison, ListOf, Literal, Node, walk
from tieout.domain.workflow.definition import Workflow
from tieout.domain.workflow.problem import Problem

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "tax_policy": ("p21", "charge_item"),
    "po_no_from": ("store", "order_number", "buyer"),
    "free_orders": ("tell", "order"),
    "memo_kind": ("money", "return"),
}


def problems(workflow: Workflow, sources: Sequence[str]) -> Iterator[Problem]:
    """Policies whose word is none of those there are, nor one that the drawing itself asks for.

    A setting that no expression reads is the drawing's own affair.
    """
    trees = [tree for source in sources if (tree := _tree(source)) is not None]
    for name, words in WORDS.items():
        if name not in workflow.settings or not any(setting_named(one) == name for tree in trees for one in walk(tree)):
            continue
        known = tuple(dict.fromkeys((*words, *(word for tree in trees for word in _asked(tree, name)))))
        value = workflow.settings[name]
        if value not in known:
            hint = suggestion(str(value), known)
            shown = shortened(value) if isinstance(value, str) else str(value)
            near = f" {hint[0].upper()}{hint[1:]}" if hint else ""
            yield Problem("", f"settings.{name}", f"{name} has no word {shown}; use one of {', '.join(known)}.{near}")


def _asked(tree: Node, name: str) -> Iterator[str]:
    for one in walk(tree):
        if isinstance(one, Comparison) and name in (setting_named(one.left), setting_named(one.right)):
            for side in (one.left, one.right):
                texts = side.elements if isinstance(side, ListOf) else (side,)
                yield from (text.value for text in texts if isinstance(text, Literal) and isinstance(text.value, str))


def _tree(source: str) -> Node | None:
    try:
        return parse(source)
    except ExpressionError:
        return None
