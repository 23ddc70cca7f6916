"""Changes a look-up table: every change is a version with a reason, and an act in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from tieout.domain.audit.act import Act, Actor
from tieout.domain.lookup_table import Row, checked, differing, replayed, require_name
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import lookups
from tieout.store.database import Database

SHOWN_MAX = 20


def set_rows(
    books: Database,
    name: str,
    changes: Mapping[str, Row | None],
    who: Actor,
    reason: str,
    at: float,
    *,
    what: str = "set",
) -> int:
    """Set rows, or take them away (None); answers the version, 0 where nothing changed. Failed(Fix) without a reason."""
    require_name(name)
    kept = {key: row and checked(name, key, row) for key, row in changes.items()}
    with books.transaction() as db:
        before = lookups.rows(db, name)
        changed = {key: row for key, row in kept.items() if before.get(key) != row}
        return _changed(db, name, changed, before, Act(f"tables.{what}", name, reason=_reason(reason)), who, at)


def replace_rows(books: Database, name: str, rows: Mapping[str, Row], who: Actor, reason: str, at: float) -> int:
    """Let a table hold exactly these rows; answers the version, 0 where nothing changed."""
    kept = {key: checked(name, key, row) for key, row in rows.items()}
    with books.transaction() as db:
        before = lookups.rows(db, name)
        act = Act("tables.replace", name, reason=_reason(reason))
        return _changed(db, name, differing(before, kept), before, act, who, at)


def restore_rows(books: Database, name: str, version: int, who: Actor, reason: str, at: float) -> int:
    """Let a table be what it was in a version (0: empty); that is a new version. Failed(Fix) when there was none."""
    with books.transaction() as db:
        found = lookups.versions(db, name)
        if version != 0 and version not in {one.version for one in found}:
            last = found[-1].version if found else 0
            sentence = f"Table {name} has no version {version}; it has 1 to {last}. List them with: tieout tables history {name}"
            raise Failed(Fix("tables.version", sentence, field="version", value=str(version)))
        then = replayed(one.changes for one in found if one.version <= version)
        before = lookups.rows(db, name)
        act = Act("tables.restore", name, {}, {"restored": version}, _reason(reason))
        return _changed(db, name, differing(before, then), before, act, who, at)


def _changed(
    db: sa.Connection,
    name: str,
    changes: Mapping[str, Row | None],
    before: Mapping[str, Row],
    act: Act,
    who: Actor,
    at: float,
) -> int:
    if not changes:
        return 0
    number = lookups.change(db, name, changes, who, act.reason, at)
    shown = list(changes)[:SHOWN_MAX]
    was = {key: _text(before.get(key)) for key in shown}
    now = {**act.after, "version": number, "rows": len(changes), **{key: _text(changes[key]) for key in shown}}
    record_act(db, who, Act(act.what, name, was, now, act.reason), at)
    return number


def _text(row: Row | None) -> str:
    return "" if row is None else f"{row.value} ({row.unit})" if row.unit else row.value


def _reason(reason: str) -> str:
    if reason.strip():
        return reason.strip()
    raise Failed(Fix("tables.reason", "A change of a table needs a reason; say it with --reason.", field="--reason"))
