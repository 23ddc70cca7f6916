"""Keeps the opening list: one entry for each document, all of them or none; the same list again changes nothing (case B3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.audit.act import Act, Actor
from tieout.domain.ledger.opening import OpeningDocument, opening_entry
from tieout.domain.ledger.valuing import NoRate
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import journal, ledgers
from tieout.store.database import Database


@dataclass(frozen=True, slots=True)
class KeptList:
    """How many documents are new, and how many were in the books already."""

    fresh: int
    known: int


def keep_opening_list(
    books: Database, connection: str, listed: Sequence[OpeningDocument], who: Actor, reason: str, at: float
) -> KeptList:
    """Post the documents on the first day of the books. Failed(Fix) names the one that cannot be, and keeps none of them."""
    with books.transaction() as db:
        book = ledgers.book(db, connection)
        if not book.policy.starts:
            sentence = "The ledger has no first day, so nothing was open before it. Keep it with: tieout ledger keep --starts DAY"
            raise Failed(Fix("ledger.opening", sentence, field="starts"))
        try:
            wanted = [opening_entry(one, book) for one in listed]
        except NoRate as missing:
            sentence = f"The opening list cannot be valued: {missing}. Enter the rate: tieout ledger rates"
            raise Failed(Fix("ledger.opening", sentence, field="currency", value=missing.currency)) from None
        _check_once(db, connection, listed)
        known = journal.sources(db, connection, [one.source for one in wanted])
        if conflicts := journal.add(db, connection, wanted, who.name or "tieout", at):
            raise Failed(_other(conflicts[0]))
        fresh = [one.source for one in wanted if one.source not in known]
        if fresh:
            record_act(db, who, Act("ledger.opening", connection, {}, {"documents": fresh}, reason), at)
    return KeptList(len(fresh), len(known))


def _check_once(db: sa.Connection, connection: str, listed: Sequence[OpeningDocument]) -> None:
    """One document, or one Stripe object, is listed once; a payment that has rows here is no opening document."""
    seen: set[str] = set()
    for one in listed:
        for name in filter(None, (one.source, one.stripe_id)):
            if name in seen:
                sentence = f"{one.kind} {one.document} is listed twice ({name}). Keep one of the lines."
                raise Failed(Fix("ledger.opening", sentence, field="document", value=one.document))
            seen.add(name)


def _other(found: journal.Conflict) -> Fix:
    sentence = (
        f"{found.wanted.source.removeprefix('opening:').replace(':', ' ')} is in the books already with another amount, as entry "
        f"{found.kept.seq}. Nothing was kept: give it as it was, or correct it with an entry."
    )
    return Fix("ledger.opening", sentence, field="open", value=found.wanted.source)
