"""Map fields: computes a record of named values from what the run has so far."""

from __future__ import annotations

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType


def _run(context: Context) -> Done:
    fields = context.node.settings["fields"]
    assert isinstance(fields, dict), "checked before a version is published"
    values = {name: context.value_of(str(source)) for name, source in fields.items()}
    reasons = tuple((name, str(fields[name]), str(value)[:200]) for name, value in values.items())
    return Done(values, reasons=reasons)


NODE = NodeType(
    NodeForm(
        "map_fields",
        "Map fields",
        "pure",
        (SettingField("fields", "fields", "Fields", required=True),),
        lambda settings: {},
        note="Every field is an expression over the outcomes of earlier nodes.",
    ),
    _run,
)
