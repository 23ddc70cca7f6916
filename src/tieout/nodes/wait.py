"""Wait: lets time pass before the run goes on."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, Pausing, unfit

WAIT_SECONDS_MAX = 31 * 24 * 3600


def _run(context: Context) -> Done:
    seconds = context.evaluate("seconds")
    if not isinstance(seconds, Decimal) or not 0 <= seconds <= WAIT_SECONDS_MAX:
        raise unfit(
            context,
            f"seconds must be between 0 and {WAIT_SECONDS_MAX}. Correct it in the workflow and publish it, then replay",
            "seconds",
            str(seconds),
        )
    until = _until(context, context.ports.clock() + int(seconds))
    if context.ports.clock() < until:
        raise Pausing(until)
    return Done({"seconds": seconds})


def _until(context: Context, longest: float) -> float:
    """When it has waited enough: never later than were it to begin now, also when the clock was put back meanwhile."""
    return min(context.run.wake_at, longest) if _waited(context) else longest


def _waited(context: Context) -> bool:
    return context.run.node == context.path and context.run.wake_at > 0


NODE = NodeType(
    NodeForm(
        "wait",
        "Wait",
        "pure",
        (SettingField("seconds", "expression", "Seconds", required=True, type="number"),),
        lambda settings: {"seconds": "number"},
    ),
    _run,
)
