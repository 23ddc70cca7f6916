"""Branch: goes the way of the first case whose condition is true, else straight on."""

from __future__ import annotations

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, unfit


def _run(context: Context) -> Done:
    cases = context.node.settings["cases"]
    assert isinstance(cases, list), "checked before a version is published"
    for case in cases:
        assert isinstance(case, dict), "checked before a version is published"
        when = str(case["when"])
        holds = context.value_of(when)
        if not isinstance(holds, bool):
            raise unfit(
                context,
                f"the condition {when} must be true or false, but is {holds!r}. Correct it in the workflow and publish it, then replay",
                "when",
                str(holds),
            )
        if holds:
            return Done({"taken": when}, way=str(case["next"]), reasons=(("taken", when, "true"),))
    return Done({"taken": "otherwise"}, way=context.node.next)


NODE = NodeType(
    NodeForm(
        "branch",
        "Branch",
        "pure",
        (SettingField("cases", "cases", "Cases", required=True, type="bool"),),
        lambda settings: {"taken": "text"},
        note="Each case has a condition and the node to go to; when none holds the run goes on to next.",
    ),
    _run,
)
