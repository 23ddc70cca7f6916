"""Stripe update: writes P21's numbers into the metadata of a Stripe object."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.domain.writing import Document
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.nodes._noting import WHEN_REFUSED, Note, note_once
from tieout.nodes._writing import Target

OBJECTS = ("payment_intent", "charge", "customer", "checkout_session", "invoice")


def _run(context: Context) -> Done:
    kind, object_id = str(context.evaluate("object")), str(context.evaluate("id"))
    if kind not in OBJECTS:
        raise unfit(
            context,
            f"object must be one of {', '.join(OBJECTS)}. Correct it in the workflow and publish it, then replay",
            "object",
            kind,
        )
    metadata = _metadata(context)
    document: Document = {"object": kind, "id": object_id, "metadata": dict(metadata)}
    stripe = context.ports.connections.stripe(context.run.connection)
    subject = f"{object_id} by {context.run.id}"
    target = Target(context.run.connection, f"metadata:{context.path}", subject, stripe.metadata_writer())
    return note_once(context, target, document, Note({"id": object_id}, "metadata", metadata, "stripe.note_refused"))


def _metadata(context: Context) -> dict[str, str]:
    fields = context.node.settings["fields"]
    assert isinstance(fields, dict), "checked before a version is published"
    values = {key: context.value_of(str(source)) for key, source in fields.items()}
    return {key: _text(value) for key, value in values.items() if value not in (None, "")}


def _text(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


NODE = NodeType(
    NodeForm(
        "stripe_update",
        "Write back to Stripe",
        "write",
        (
            SettingField("object", "expression", "Kind of object", required=True, type="text", words=OBJECTS),
            SettingField("id", "expression", "Its id", required=True, type="text"),
            SettingField("fields", "fields", "Metadata", required=True),
            WHEN_REFUSED,
        ),
        lambda settings: {"id": "text", "metadata": "object", "reference": "text"},
        note="Only metadata is written, with an idempotency key, and only where it differs.",
    ),
    _run,
)
