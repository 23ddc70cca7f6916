"""What a node gets, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tieout.domain.mapping.expression import Expression
from tieout.domain.remark import Remark
from tieout.domain.workflow.definition import Node, Workflow
from tieout.domain.workflow.form import NodeForm
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.rest_run import Unsaved
from tieout.store.runs import RunRow

Value = object
Reason = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """A node's outcome. ``way`` is the node a branch chose. ``reasons`` are (field, expression, value) for people.

    ``remarks`` say what was found and not used.
    """

    value: Value
    wrote: bool = False
    way: str | None = None
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Pausing(Exception):
    """The run must not go on before ``until`` (epoch seconds); what was done so far stays done."""

    def __init__(self, until: float) -> None:
        super().__init__(f"wait until {until}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Context:
    """What a node may see and reach. ``walk`` walks a chain of nodes for one element of a loop.

    ``tables`` are the look-up tables.

    ``take_unsaved`` hands out the steps that are done and not yet stored: an intent is kept together with them.
    """

    run: RunRow
    workflow: Workflow
    node: Node
    path: str
    inputs: Mapping[str, Value]
    ports: Ports
    take_unsaved: Callable[[], Unsaved]
    walk: Callable[[str, str, Mapping[str, Value]], Value]
    tables: Mapping[str, Mapping[str, str]]

    def text(self, setting: str, default: str = "") -> str:
        """A setting that is a plain text."""
        value = self.node.settings.get(setting, default)
        return value if isinstance(value, str) else default

    def evaluate(self, setting: str, default: str = "null") -> Value:
        """The value of a setting that is an expression; ExpressionError passes through."""
        return self.value_of(self.text(setting) or default)

    def value_of(self, source: str) -> Value:
        """The value of an expression over what the run has so far."""
        return Expression.parse(source).value(self.inputs, self.tables)


@dataclass(frozen=True, slots=True)
class NodeType:
    """A node type: its form for the drawing and what it does. ``run`` raises Failed or Pausing."""

    form: NodeForm
    run: Callable[[Context], Done]


def unfit(context: Context, sentence: str, field_name: str, value: str = "") -> Failed:
    """A failure of this node that a person must fix; the sentence, without its full stop, follows the node's title."""
    title = context.node.title or context.node.id
    return Failed(Fix(f"node.{context.node.type}", f"{title}: {sentence}.", field=field_name, value=value[:80]))
