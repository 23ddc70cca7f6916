"""Keeps a configured connection with its secrets sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.store import connections
from tieout.store.database import Database
from tieout.vault.cipher import Vault


def keep_connection(
    books: Database, vault: Vault, name: str, connector: str, settings: Mapping[str, Any], secrets: Mapping[str, str]
) -> None:
    """Keep a connection, new or changed."""
    with books.transaction() as db:
        connections.put(db, name, connector, dict(settings), vault.seal(name, connector, settings, secrets))
