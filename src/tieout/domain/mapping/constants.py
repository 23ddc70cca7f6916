"""What an expression comes to before any run: literals, and the settings of the drawing, never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.mapping.calls import matched
from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.evaluate import compiled
from tieout.domain.mapping.nodes import Call, Lambda, Name, Node, Path, walk
from tieout.domain.mapping.run import Run
from tieout.domain.mapping.signature import TABLE
from tieout.domain.mapping.values import NO_TABLES, Value, admitted

SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is the same in every run. ``settings`` are the names it is made of (none: it is written out)."""

    value: Value
    settings: tuple[str, ...] = ()


def constant(node: Node, settings: Mapping[str, object]) -> Constant | None:
    """The value of ``node`` where it is the same in every run, else None. ExpressionError when it fails in every run."""
    below = list(walk(node))
    roots = {one.name for one in below if isinstance(one, Name)}
    if roots - {SETTINGS} or any(isinstance(one, Lambda) or _looks_up(one) for one in below):
        return None
    try:
        inputs = admitted({SETTINGS: settings}, roots)
        value = compiled(node)(Run(inputs, NO_TABLES), ())
    except Refused as refusal:
        raise refusal.at(node.start, node.end) from None
    except RecursionError:
        return None
    return Constant(value, tuple(name for one in below if (name := setting_named(one))))


def setting_named(node: Node) -> str:
    """The setting that ``node`` is, as in ``settings.time_zone``; empty when it is something else."""
    if not isinstance(node, Path) or not isinstance(node.base, Name) or node.base.name != SETTINGS:
        return ""
    return node.steps[0].name if len(node.steps) == 1 and node.steps[0].index is None else ""


def _looks_up(node: Node) -> bool:
    return isinstance(node, Call) and any(parameter.type is TABLE for parameter, _ in matched(node))
