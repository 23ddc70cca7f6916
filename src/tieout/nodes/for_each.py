"""For each: walks its body once for every element of a list, in order."""

from __future__ import annotations

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, unfit

ELEMENTS_MAX = 1_000


def _run(context: Context) -> Done:
    elements = context.evaluate("over")
    if not isinstance(elements, list):
        raise unfit(
            context,
            "what it goes over is not a list. Let the setting over name a list, then replay",
            "over",
            str(elements)[:80],
        )
    if len(elements) > ELEMENTS_MAX:
        raise unfit(
            context,
            f"the list has {len(elements)} elements, and at most {ELEMENTS_MAX} are walked. Split it where it comes from, then replay",
            "over",
            str(len(elements)),
        )
    body, name = context.text("body"), context.text("as", "element")
    outcomes = [
        context.walk(body, f"{context.path}[{place}].", {name: element}) for place, element in enumerate(elements)
    ]
    return Done(outcomes)


NODE = NodeType(
    NodeForm(
        "for_each",
        "For each",
        "pure",
        (
            SettingField("over", "expression", "List", required=True, type="list"),
            SettingField("as", "name", "Name of the element"),
            SettingField("body", "node", "First node of the body", required=True),
        ),
        lambda settings: {},
        note="The outcome is the list of the last outcomes of the body.",
    ),
    _run,
)
