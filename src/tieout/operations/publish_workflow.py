"""Publishes an immutable version of a workflow and makes it the active one."""

from __future__ import annotations

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Workflow
from tieout.kernel.canonical import fingerprint
from tieout.operations.record_act import record_act
from tieout.store import workflows
from tieout.store.database import Database

SHOWN = 12  # characters of a fingerprint: fewer than a card number has digits


def publish_workflow(
    books: Database, workflow: Workflow, at: float, who: Actor = PROGRAM, reason: str = ""
) -> workflows.Published:
    """The published version; publishing the same content again answers the version that is there."""
    text = workflow_file.write(workflow)
    with books.transaction() as db:
        before = workflows.active(db, workflow.name)
        published = workflows.publish(db, workflow.name, text, fingerprint(text), at)
        if published != before:
            act = Act("workflow.publish", workflow.name, _named(before), _named(published), reason)
            record_act(db, who, act, at)
    return published


def _named(version: workflows.Published | None) -> dict[str, object]:
    return {"version": version.version, "content": version.fingerprint[:SHOWN]} if version else {}
