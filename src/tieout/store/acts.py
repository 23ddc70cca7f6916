"""Acts of people, only ever added to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tieout.domain.audit.act import Act, Actor
from tieout.kernel.canonical import canonical
from tieout.kernel.redact import printable, redact
from tieout.store.tables import acts

READ_ACTS = 500
WORDS_MAX = 500
VALUE_CHARACTERS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class KeptAct:
    """One act as kept: its number, when (epoch seconds), the operating-system user, the stated names, and what was done."""

    seq: int
    at: float
    user: str
    name: str
    approver: str
    what: str
    about: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str


def add(db: sa.Connection, who: Actor, act: Act, at: float) -> None:
    """Keep an act; what looks like a card number or a secret in it is not kept."""
    db.execute(
        sa.insert(acts).values(
            at=at, user=who.user, name=_words(who.name), approver=_words(who.approver), what=act.what,
            about=_words(act.about), before=canonical(_clean(act.before)), after=canonical(_clean(act.after)),
            reason=_words(act.reason),
        )
    )  # fmt: skip


def newest(db: sa.Connection, limit: int, *, what: str = "", about: str = "", name: str = "") -> list[KeptAct]:
    """The newest acts first; of one kind (or its beginning), about one thing, or of one person, by either name."""
    found = sa.select(acts)
    found = found.where(acts.c.what.startswith(what, autoescape=True)) if what else found
    found = found.where(acts.c.about == about) if about else found
    found = found.where(sa.or_(acts.c.user == name, acts.c.name == name, acts.c.approver == name)) if name else found
    return [_kept(row) for row in db.execute(found.order_by(acts.c.seq.desc()).limit(limit))]


def walk(db: sa.Connection) -> Iterator[KeptAct]:
    """Every act, the oldest first; a few hundred in memory at a time."""
    after = 0
    while page := db.execute(sa.select(acts).where(acts.c.seq > after).order_by(acts.c.seq).limit(READ_ACTS)).all():
        yield from (_kept(row) for row in page)
        after = page[-1].seq


def _clean(value: object) -> object:
    if isinstance(value, str):
        return redact(value)[:VALUE_CHARACTERS_MAX]
    if isinstance(value, Mapping):
        return {str(name): _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def _words(text: str) -> str:
    return printable(text.strip())[:WORDS_MAX]


def _kept(row: sa.Row[Any]) -> KeptAct:
    return KeptAct(**{**row._mapping, "before": json.loads(row.before), "after": json.loads(row.after)})
