"""Keeps a configured connection with its secrets sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.kernel.names import checked_name
from tieout.operations.record_act import record_act
from tieout.store import connections
from tieout.store.database import Database
from tieout.vault.cipher import Vault


def keep_connection(
    books: Database,
    vault: Vault,
    name: str,
    connector: str,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    at: float = 0.0,
    who: Actor = PROGRAM,
    reason: str = "",
) -> None:
    """Keep a connection, new or changed. Failed(Fix) for a name that breaks the rule for names."""
    checked_name(name, "a connection", "--name")
    with books.transaction() as db:
        before = connections.get(db, name)
        version = before.version + 1 if before else 1
        connections.put(db, name, connector, dict(settings), vault.seal(name, connector, settings, secrets, version))
        was = _shown(before.connector, before.settings, ()) if before else {}
        record_act(
            db, who, Act("connect", name, was, {**_shown(connector, settings, secrets), "version": version}, reason), at
        )


def _shown(connector: str, settings: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, object]:
    """What a reader may know: the settings, and which secrets were given, never what they are."""
    return {"connector": connector, "settings": dict(settings), "secrets given": sorted(secrets)}
