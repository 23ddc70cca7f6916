"""Changes by hand which P21 customer a buyer is: the newest link counts, the earlier ones stay beneath it (case A2)."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.audit.act import Act, Actor
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import intents
from tieout.store.database import Database

CUSTOMER = "customer"
BY_HAND = "by hand "


def change_link(
    books: Database, connection: str, origin: str, subject: str, key: str, who: Actor, reason: str, at: float
) -> None:
    """From now on the subject (a Stripe customer, or ``email:…``) is that P21 customer. Failed(Fix) without a reason."""
    _require_reason(reason)
    with books.transaction() as db:
        before = intents.linked(db, connection, origin, subject, CUSTOMER)
        intents.link(db, [_row(db, connection, origin, subject, key, at)])
        record_act(db, who, Act("link.change", subject, {"customer": before}, {"customer": key}, reason), at)


def undo_link(books: Database, connection: str, origin: str, subject: str, who: Actor, reason: str, at: float) -> str:
    """Take the newest link away; the answer is the customer that counts now, or an empty text. Failed(Fix) for none."""
    _require_reason(reason)
    with books.transaction() as db:
        before = intents.linked(db, connection, origin, subject, CUSTOMER)
        if not before:
            sentence = f"No P21 customer is linked to {subject}. See what is there: tieout links show {subject}"
            raise Failed(Fix("link.unknown", sentence, field="subject", value=subject))
        intents.unlink(db, connection, origin, subject, CUSTOMER)
        now = intents.linked(db, connection, origin, subject, CUSTOMER)
        record_act(db, who, Act("link.undo", subject, {"customer": before}, {"customer": now}, reason), at)
    return now


def _require_reason(reason: str) -> None:
    if not reason.strip():
        sentence = "Say why: --reason '...'. It is kept with your name in the audit trail."
        raise Failed(Fix("link.reason", sentence, field="reason"))


def _row(db: sa.Connection, connection: str, origin: str, subject: str, key: str, at: float) -> dict[str, object]:
    """A link that no write proves: it has a name of its own in place of a reference."""
    number = intents.links_by_hand(db, BY_HAND) + 1
    return {
        "connection": connection,
        "reference": f"{BY_HAND}{number}",
        "entity": CUSTOMER,
        "key": key,
        "origin": origin,
        "subject": subject,
        "run": "",
        "at": at,
    }
