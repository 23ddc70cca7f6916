"""Web-store update: writes P21's order number into the web store's order."""

from __future__ import annotations

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.domain.writing import Document
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType
from tieout.nodes._noting import WHEN_REFUSED, Note, note_once
from tieout.nodes._writing import Target


def _run(context: Context) -> Done:
    name, store = context.ports.connections.store(context.text("connection"))
    order_id = str(context.evaluate("id"))
    fields = context.node.settings["fields"]
    assert isinstance(fields, dict), "checked before a version is published"
    values = {key: str(context.value_of(str(source))) for key, source in fields.items()}
    document: Document = {"order_id": order_id, "meta": dict(values)}
    target = Target(name, f"store_order:{context.path}", f"{order_id} by {context.run.id}", store.order_writer())
    return note_once(context, target, document, Note({"order_id": order_id}, "meta", values, "webstore.note_refused"))


NODE = NodeType(
    NodeForm(
        "webstore_update",
        "Write back to the web store",
        "write",
        (
            CONNECTION,
            SettingField("id", "expression", "Order id", required=True, type="text"),
            SettingField("fields", "fields", "Order fields", required=True),
            WHEN_REFUSED,
        ),
        lambda settings: {"order_id": "text", "meta": "object", "reference": "text"},
    ),
    _run,
)
