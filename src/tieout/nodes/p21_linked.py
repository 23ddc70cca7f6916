"""Linked record: what was written to P21 for a subject, when something was."""

from __future__ import annotations

from decimal import Decimal

from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.failures import Failed, Retry
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType
from tieout.nodes.p21_write import RECORDS
from tieout.queries.originals import written_for

WAIT = "wait"


def _run(context: Context) -> Done:
    name, p21 = context.ports.connections.p21(context.text("connection"))
    entity, subject = context.text("entity"), str(context.evaluate("of") or "")
    capability = p21.capability(entity)
    found = written_for(context.ports.books, name, context.run.connection, subject, entity) if subject else ()
    last = found[-1] if found else None
    if last is None and context.text("when_missing") == WAIT:
        words = f"P21 has no {entity.replace('_', ' ')} for {subject} yet, which this goes back on. Tieout looks again."
        raise Failed(Retry("original.unseen", words, steps_aside=True))
    outcome = {
        "key": last.key if last else None,
        "run": last.run if last else None,
        "total": Decimal(str(last.document["total"])) if last and "total" in last.document else None,
        "tax": Decimal(str(last.document.get("tax") or "0")) if last else None,
        "can_write": capability.on,
        "alone": capability.on and capability.alone,
        "reason": capability.reason,
    }
    return Done(outcome, reasons=(("key", subject, last.key if last else ""),))


NODE = NodeType(
    NodeForm(
        "p21_linked",
        "Look up what was written",
        "read",
        (
            CONNECTION,
            SettingField("entity", "choice", "Record", required=True, choices=RECORDS),
            SettingField("of", "expression", "What it stands for", required=True, type="text"),
            SettingField("when_missing", "choice", "When there is none (empty: go on)", choices=("go_on", WAIT)),
        ),
        lambda settings: {
            "key": "text",
            "run": "text",
            "total": "number",
            "tax": "number",
            "can_write": "bool",
            "alone": "bool",
            "reason": "text",
        },
        note="Asks Tieout's own proofs, not P21. can_write says whether the connection writes such records at all, alone "
        "whether it writes them without another record that they travel with.",
    ),
    _run,
)
