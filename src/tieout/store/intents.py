"""Intents: what we are about to write, kept before the first byte leaves; and links: the proof that it is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from tieout.domain.writing import DOCUMENTS, SALES, Intent, State
from tieout.kernel.canonical import canonical, fingerprint
from tieout.kernel.redact import printable
from tieout.store import dialect
from tieout.store.tables import intents, links

_GET = sa.select(intents).where(
    intents.c.connection == sa.bindparam("of"), intents.c.reference == sa.bindparam("named")
)

MAILBOX = "email:"
MAY_STAND = tuple(state.value for state in (State.SENDING, State.QUARANTINED, State.REJECTED))


@dataclass(frozen=True, slots=True)
class Claim:
    """Who keeps an intent: the run, the step of it, and the leg, at a time."""

    run: str
    path: str
    epoch: int
    at: float


@dataclass(frozen=True, slots=True)
class KeptIntent:
    """An intent, and the run and step that hold it, since when (epoch seconds)."""

    intent: Intent
    run: str
    path: str
    shown: Mapping[str, str]
    at: float = 0.0


def get(db: sa.Connection, connection: str, reference: str) -> KeptIntent | None:
    """The intent with that reference, or None."""
    row = db.execute(_GET, {"of": connection, "named": reference}).one_or_none()
    return _kept(row) if row else None


def left_open(db: sa.Connection, run: str) -> list[KeptIntent]:
    """The documents of that run of which a record may stand that was never settled: on its way, in quarantine, refused."""
    found = sa.select(intents).where(
        intents.c.run == run, intents.c.state.in_(MAY_STAND), intents.c.entity.in_(DOCUMENTS)
    )
    return [_kept(row) for row in db.execute(found.order_by(intents.c.at))]


def written_as(db: sa.Connection, connection: str, key: str) -> KeptIntent | None:
    """The order or invoice of that number which was written, by whatever run, or None."""
    found = sa.select(intents).where(
        intents.c.connection == connection, intents.c.key == key, intents.c.entity.in_(SALES),
        intents.c.state == State.CONFIRMED.value,
    )  # fmt: skip
    row = db.execute(found.order_by(intents.c.at.desc()).limit(1)).one_or_none()
    return _kept(row) if row else None


def in_the_way(db: sa.Connection, run: str, wanted: Intent) -> list[KeptIntent]:
    """What must be known not to stand before ``wanted`` is written: what the run left open, and what is the same sale."""
    found = left_open(db, run)
    if wanted.subject and wanted.entity in SALES:
        same = sa.select(intents).where(
            intents.c.connection == wanted.connection,
            intents.c.subject == wanted.subject,
            intents.c.entity.in_(SALES - {wanted.entity}),
            intents.c.state != State.VOIDED.value,
        )
        found += [_kept(row) for row in db.execute(same.order_by(intents.c.at))]
    own = wanted.connection, wanted.reference
    return [one for one in found if (one.intent.connection, one.intent.reference) != own]


def set_state(db: sa.Connection, intent: Intent) -> None:
    """Keep how far a write has come; who holds it stays as it is."""
    change = {
        "state": intent.state.value,
        "attempt": intent.attempt,
        "looks": intent.looks,
        "looked_at": intent.looked_at,
    }
    of = sa.and_(intents.c.connection == intent.connection, intents.c.reference == intent.reference)
    db.execute(sa.update(intents).where(of).values(**change, settles_from=intent.settles_from, key=intent.key))


def put(db: sa.Connection, intent: Intent, claim: Claim, shown: Mapping[str, str] | None = None) -> None:
    """Keep an intent as it now stands."""
    row = {
        "connection": intent.connection,
        "reference": intent.reference,
        "entity": intent.entity,
        "document": canonical(intent.document),
        "fingerprint": fingerprint(intent.document),
        "state": intent.state.value,
        "attempt": intent.attempt,
        "settles_from": intent.settles_from,
        "looks": intent.looks,
        "looked_at": intent.looked_at,
        "key": intent.key,
        "subject": intent.subject,
        "said": printable(intent.said),
        "shown": canonical(dict(shown or {})),
        "run": claim.run,
        "path": claim.path,
        "epoch": claim.epoch,
        "at": claim.at,
    }
    dialect.put(db, intents, [row])


def link(db: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the proof that a record stands for its subjects; the same proof twice is one."""
    dialect.add_new(db, links, [{**row, "subject": pseudonym(row["subject"])} for row in rows])


def pseudonym(subject: str) -> str:
    """Under what a subject is linked: an e-mail address never in clear, because the chain keeps for good what a link is found by."""
    kind, _, address = subject.partition(":")
    return (
        f"{MAILBOX}{sha256(subject.encode()).hexdigest()[:32]}" if f"{kind}:" == MAILBOX and "@" in address else subject
    )


def forms_of(subject: str) -> tuple[str, ...]:
    """Under what it may be linked: as now, and as links were kept before."""
    return tuple(dict.fromkeys((pseudonym(subject), subject)))


def unlink(db: sa.Connection, connection: str, origin: str, subject: str, entity: str) -> None:
    """Take the newest link of a subject away."""
    of = sa.and_(
        links.c.connection == connection,
        links.c.origin == origin,
        links.c.subject.in_(forms_of(subject)),
        links.c.entity == entity,
    )
    newest = sa.select(links.c.reference).where(of).order_by(links.c.at.desc()).limit(1).scalar_subquery()
    db.execute(sa.delete(links).where(of, links.c.reference == newest))


def links_by_hand(db: sa.Connection, prefix: str) -> int:
    """The highest number of a link that a person set: numbers of what was undone are given out again only as the last."""
    found = sa.select(links.c.reference).where(links.c.reference.startswith(prefix, autoescape=True))
    numbers = (row.reference.removeprefix(prefix) for row in db.execute(found))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def linked(db: sa.Connection, connection: str, origin: str, subject: str, entity: str) -> str:
    """The key of the record of that kind that stands for a subject, or an empty text."""
    found = (
        sa.select(links.c.key)
        .where(
            links.c.connection == connection,
            links.c.origin == origin,
            links.c.subject.in_(forms_of(subject)),
            links.c.entity == entity,
        )
        .order_by(links.c.at.desc())
        .limit(1)
    )
    return db.execute(found).scalar() or ""


@dataclass(frozen=True, slots=True)
class Link:
    """The record that stands for a subject: its key in the other system, and the reference it was written under."""

    key: str
    reference: str


def linked_many(
    db: sa.Connection, connection: str, origin: str, subjects: Sequence[str], entity: str
) -> dict[str, list[Link]]:
    """The records of that kind for each of these subjects that has any, oldest first."""
    found = sa.select(links.c.subject, links.c.key, links.c.reference).where(
        links.c.connection == connection,
        links.c.origin == origin,
        links.c.subject.in_(subjects),
        links.c.entity == entity,
    )
    whole: dict[str, list[Link]] = {}
    for row in db.execute(found.order_by(links.c.at)):
        whole.setdefault(row.subject, []).append(Link(row.key, row.reference))
    return whole


def documents_of(db: sa.Connection, connection: str, wanted: Iterable[Link]) -> dict[str, dict[str, Any]]:
    """The documents that were written under these references."""
    references = [link.reference for link in wanted]
    found = sa.select(intents.c.reference, intents.c.document).where(
        intents.c.connection == connection, intents.c.reference.in_(references)
    )
    return {row.reference: json.loads(row.document) for row in db.execute(found)}


def _kept(row: sa.Row[Any]) -> KeptIntent:
    intent = Intent(
        row.connection,
        row.reference,
        row.entity,
        json.loads(row.document),
        State(row.state),
        row.attempt,
        row.settles_from,
        row.looks,
        row.looked_at,
        row.key,
        row.said,
        row.subject,
    )
    return KeptIntent(intent, row.run, row.path, json.loads(row.shown), row.at)
