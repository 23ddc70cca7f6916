"""Publishes an immutable version of a workflow and makes it the active one."""

from __future__ import annotations

from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Workflow
from tieout.kernel.canonical import fingerprint
from tieout.store import workflows
from tieout.store.database import Database


def publish_workflow(books: Database, workflow: Workflow, at: float) -> workflows.Published:
    """The published version; publishing the same content again answers the version that is there."""
    text = workflow_file.write(workflow)
    with books.transaction() as db:
        return workflows.publish(db, workflow.name, text, fingerprint(text), at)
