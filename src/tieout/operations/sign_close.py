"""Signs the close of a period: prepared, approved by another person, locked, reopened; every act is kept for good (C9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.close import signing
from tieout.domain.close.checklist import Item
from tieout.domain.close.signing import Refusal, Signed
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import close_log, ledgers
from tieout.store.close_log import APPROVED, LOCKED, PREPARED, REASON, REOPENED, CloseAct
from tieout.store.database import Database
from tieout.store.ledgers import CloseRow

SHOWN = 12  # characters of a hash: fewer than a card number has digits


@dataclass(frozen=True, slots=True)
class Paper:
    """What is signed: the checklist, the fingerprint of the period's figures, the hash of the pack's manifest.

    ``reasons`` are those given now for items that are blocked, by item.
    """

    connection: str
    period: str
    items: Sequence[Item]
    figures: str
    evidence: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


def prepare_close(books: Database, paper: Paper, by: str, at: float, who: Actor = PROGRAM) -> CloseRow:
    """Sign as the preparer; ``paper.evidence`` is what the signature is for. Failed(Fix) while something is in the way."""
    with books.transaction() as db:
        row, signed, reasons = _standing(db, paper)
        _refuse(_unknown(paper) or signing.may_prepare(signed, by, paper.items, reasons, paper.period))
        _keep_reasons(db, paper, by, at)
        kept, row = row, replace(row, prepared_by=by, prepared_at=at, evidence=paper.evidence)
        ledgers.put_close(db, row)
        close_log.add(db, _act(paper, PREPARED, by, at, evidence=paper.evidence, figures=paper.figures))
        _record(db, who, PREPARED, by, kept, row, at, _told(paper))
    return row


def approve_close(books: Database, paper: Paper, by: str, at: float, who: Actor = PROGRAM) -> CloseRow:
    """Sign as the approver, for the preparer's evidence. Failed(Fix) for the same person, or when the books changed since."""
    with books.transaction() as db:
        row, signed, reasons = _standing(db, paper)
        refusal = signing.may_approve(signed, by, paper.items, reasons, paper.figures, paper.period)
        _refuse(_unknown(paper) or refusal)
        _keep_reasons(db, paper, by, at)
        kept, row = row, replace(row, approved_by=by, approved_at=at)
        ledgers.put_close(db, row)
        close_log.add(db, _act(paper, APPROVED, by, at, evidence=row.evidence, figures=paper.figures))
        _record(db, who, APPROVED, by, kept, row, at, _told(paper))
    return row


def lock_close(books: Database, connection: str, period: str, by: str, at: float, who: Actor = PROGRAM) -> CloseRow:
    """Lock a period that is approved: what comes late follows the policy for closed periods (C4). Failed(Fix) otherwise."""
    paper = Paper(connection, period, (), "")
    with books.transaction() as db:
        row, signed, _ = _standing(db, paper)
        ledger = ledgers.get(db, connection)
        known = bool(ledger and ledgers.read_periods(db, ledger.policy.p21))
        _refuse(signing.may_lock(signed, by, period, known))
        kept, row = row, replace(row, locked=True)
        ledgers.put_close(db, row)
        close_log.add(db, _act(paper, LOCKED, by, at, evidence=row.evidence))
        _record(db, who, LOCKED, by, kept, row, at)
    return row


def reopen_close(
    books: Database, connection: str, period: str, by: str, reason: str, at: float, who: Actor = PROGRAM
) -> CloseRow:
    """Take every signature of a period back, and its lock; who, when and why stays in the log. Failed(Fix) without a reason."""
    paper = Paper(connection, period, (), "")
    with books.transaction() as db:
        row, signed, _ = _standing(db, paper)
        _refuse(signing.may_reopen(signed, by, reason, period))
        close_log.add(db, _act(paper, REOPENED, by, at, reason=reason, evidence=row.evidence))
        kept, row = row, CloseRow(connection, period)
        ledgers.put_close(db, row)
        _record(db, who, REOPENED, by, kept, row, at, reason)
    return row


def _standing(db: sa.Connection, paper: Paper) -> tuple[CloseRow, Signed, dict[str, str]]:
    """The close as it is, and the reasons given since it was last reopened, with those given now."""
    rows = [one for one in ledgers.read_closes(db, paper.connection) if one.period == paper.period]
    row = rows[0] if rows else CloseRow(paper.connection, paper.period)
    acts = close_log.since_reopened(close_log.of_period(db, paper.connection, paper.period))
    figures = next((act.figures for act in reversed(acts) if act.act == PREPARED), "")
    reasons = {act.about: act.reason for act in acts if act.act == REASON}
    return row, Signed(row.prepared_by, row.approved_by, row.locked, figures), {**reasons, **paper.reasons}


def _keep_reasons(db: sa.Connection, paper: Paper, by: str, at: float) -> None:
    for item, reason in paper.reasons.items():
        close_log.add(db, _act(paper, REASON, by, at, about=item, reason=reason))


def _record(
    db: sa.Connection, who: Actor, act: str, by: str, before: CloseRow, after: CloseRow, at: float, reason: str = ""
) -> None:
    """In the audit trail too, which names the operating system's user beside the name that was stated."""
    about = f"{after.connection} {after.period}"
    record_act(db, replace(who, name=by), Act(f"close.{act}", about, _shown(before), _shown(after), reason), at)


def _shown(row: CloseRow) -> dict[str, object]:
    signed = {"prepared by": row.prepared_by, "approved by": row.approved_by, "evidence": row.evidence[:SHOWN]}
    return {**{name: value for name, value in signed.items() if value}, **({"locked": True} if row.locked else {})}


def _told(paper: Paper) -> str:
    return "; ".join(f"{item}: {why}" for item, why in paper.reasons.items())


def _act(paper: Paper, act: str, by: str, at: float, **more: str) -> CloseAct:
    return CloseAct(paper.connection, paper.period, act, by, at, **more)


def _unknown(paper: Paper) -> Refusal | None:
    """A reason must be for an item of the checklist, and say something."""
    names = [one.name for one in paper.items]
    for item, reason in paper.reasons.items():
        if item not in names or not reason.strip():
            known = ", ".join(names)
            words = f"--because {item}={reason!r}: give item=reason, with one of the items {known}"
            return Refusal("close.item", words, "--because", item)
    return None


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Failed(Fix(refusal.code, refusal.sentence, field=refusal.field, value=refusal.value))
