"""Listening: whether a published workflow listens to a kind of fact, so that two never write the same sale."""

from __future__ import annotations

from tieout.domain.facts import KINDS
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType
from tieout.store import workflows


def _run(context: Context) -> Done:
    with context.ports.books.reading() as db:
        published = workflows.all_active(db)
    kind = context.text("fact")
    names = [one.name for one in published if kind in workflow_file.read(one.text).trigger.facts]
    return Done({"yes": bool(names)}, reasons=(("yes", kind, ", ".join(names)),))


NODE = NodeType(
    NodeForm(
        "listening",
        "Does a workflow listen?",
        "read",
        (SettingField("fact", "choice", "Kind of fact", required=True, choices=KINDS),),
        lambda settings: {"yes": "bool"},
        note="While stripe_invoice is published, the payments of invoices are applied by it, and order_to_cash leaves them to it.",
    ),
    _run,
)
