"""Write a journal: brings one journal of the ledger into P21's general ledger, in a period that is open (C2, C4)."""

from __future__ import annotations

from typing import Any

from tieout.connectors.p21._face import Prophet21
from tieout.domain.ledger.period import Booked, Calendar, Period
from tieout.domain.workflow.form import NodeForm
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.nodes._writing import Target, write_once
from tieout.operations.mark_written import mark_written
from tieout.queries.postings import journal_and_policy
from tieout.store.postings import WRITTEN

ENTITY = "journal_entry"


def _run(context: Context) -> Done:
    number = int(context.run.subject.removeprefix("journal_"))
    row, policy = journal_and_policy(context.ports.books, number)
    if row is None:
        raise unfit(context, f"the ledger has no journal {number}", "journal", str(number))
    if row.state == WRITTEN:
        return Done(_outcome(row.key, row.document), wrote=True)
    name, p21 = context.ports.connections.p21(row.p21)
    document = _dated(dict(row.document), p21, policy.closed_period)
    subject = f"{row.connection}:{row.name}"  # the same journal of the same rows, even from a new installation
    written = write_once(context, Target(name, ENTITY, subject, p21.writer(ENTITY)), document)
    mark_written(context.ports.books, number, written.key, document)
    return Done(_outcome(written.key, document), wrote=True)


def _dated(document: dict[str, Any], p21: Prophet21, closed_period: str) -> Document:
    """The document with its fiscal period; into the next open one when its own was closed meanwhile and the policy says so."""
    calendar = Calendar([Period(one.year, one.period, one.begins, one.ends, one.closed) for one in p21.periods()])
    booked = calendar.booked(document["date"], closed_period)
    if not isinstance(booked, Booked):
        raise Failed(Fix("p21.closed_period", f"{booked.sentence} Then replay.", field="date", value=document["date"]))
    period = calendar.period_of(booked.day)
    late = f" (of {document['date']})" if booked.day != document["date"] else ""
    said = {**document, "date": booked.day, "description": f"{document['description']}{late}"}
    return {**said, "period": period.number, "year": period.year} if period else said


def _outcome(key: str, document: Any) -> dict[str, str]:
    return {"journal_entry_id": key, "key": key, "date": str(document["date"])}


NODE = NodeType(
    NodeForm(
        "write_journal",
        "Write the journal",
        "write",
        (),
        lambda settings: {"journal_entry_id": "text", "key": "text", "date": "text"},
        note="One journal of the ledger, written once into P21's general ledger and read back.",
    ),
    _run,
)
