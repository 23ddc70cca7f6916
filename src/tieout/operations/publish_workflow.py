"""Publishes an immutable version of a workflow and makes it the active one."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Workflow
from tieout.domain.workflow.doubling import doubled_by
from tieout.kernel.canonical import fingerprint
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import workflows
from tieout.store.database import Database

SHOWN = 12  # characters of a fingerprint: fewer than a card number has digits


def publish_workflow(
    books: Database,
    workflow: Workflow,
    at: float,
    who: Actor = PROGRAM,
    reason: str = "",
    *,
    beside: Collection[str] = (),
    instead_of: str = "",
) -> workflows.Published:
    """The published version; publishing the same content again answers the version that is there.

    Failed(Fix) when an active workflow writes the same kinds of records for the same fact, unless it is named in ``beside``;
    ``instead_of`` is retired in the same transaction.
    """
    text = workflow_file.write(workflow)
    with books.transaction() as db:
        before = workflows.active(db, workflow.name)
        _retire(db, instead_of, workflow.name, who, reason, at)
        _require_no_double(db, workflow, beside)
        published = workflows.publish(db, workflow.name, text, fingerprint(text), at)
        if published != before:
            act = Act("workflow.publish", workflow.name, _named(before), _named(published), reason)
            record_act(db, who, act, at)
    return published


def _retire(db: sa.Connection, name: str, successor: str, who: Actor, reason: str, at: float) -> None:
    if not name:
        return
    before = workflows.active(db, name)
    if before is None or name == successor:
        sentence = f"{name!r} is no other active workflow, so nothing can be published instead of it."
        raise Failed(Fix("workflow.unknown", sentence, field="--instead-of", value=name))
    workflows.retire(db, name)
    after = {"version": None, "instead": successor}
    record_act(db, who, Act("workflow.retire", name, {"version": before.version}, after, reason), at)


def _require_no_double(db: sa.Connection, workflow: Workflow, beside: Collection[str]) -> None:
    others = [workflow_file.read(one.text) for one in workflows.all_active(db) if one.name not in beside]
    for other, fact, kinds in doubled_by(workflow, others):
        sentence = (
            f"{other} is active and writes records ({kinds}) for {fact.replace('_', ' ')} too: every one would be written twice. "
            f"Publish with --instead-of {other}, which retires it, or with --beside {other} when their conditions exclude each "
            "other."
        )
        raise Failed(Fix("workflow.doubled", sentence, field="trigger.fact", value=other))


def _named(version: workflows.Published | None) -> dict[str, object]:
    return {"version": version.version, "content": version.fingerprint[:SHOWN]} if version else {}
