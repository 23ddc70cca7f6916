"""Send alert: tells people something, once per run and node."""

from __future__ import annotations

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.log import log
from tieout.kernel.redact import printable
from tieout.nodes._node import Context, Done, NodeType
from tieout.operations.raise_alert import raise_alert


def _run(context: Context) -> Done:
    message = printable(str(context.evaluate("message", "''") or ""))
    raise_alert(
        context.ports.books, "workflow.alert", message, f"{context.run.id} {context.path}", context.ports.clock()
    )
    log("alert", run=context.run.id, node=context.path, sentence=message)
    return Done({"message": message}, wrote=True)


NODE = NodeType(
    NodeForm(
        "send_alert",
        "Send alert",
        "write",
        (SettingField("message", "expression", "Message", required=True, type="text"),),
        lambda settings: {"message": "text"},
        note="The alert goes to the log and to the list of alerts.",
    ),
    _run,
)
