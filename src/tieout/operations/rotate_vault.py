"""Rotates the key of the vault while everything goes on: a new key, every secret sealed anew, the chain handed over (S39; case D12)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.operations.record_act import record_act
from tieout.store import chain, chain_keys, connections
from tieout.store.chain import Chain, Keys
from tieout.store.database import Database
from tieout.vault import chain_keys as at_rest
from tieout.vault.chain_keys import PURPOSE
from tieout.vault.cipher import Vault
from tieout.vault.keys import KeyFile


@dataclass(frozen=True, slots=True)
class Installation:
    """What a rotation touches: the key file, the vault that reads it, the books and the keys of their chain."""

    file: KeyFile
    vault: Vault
    books: Database
    keys: Keys


def rotate_vault(house: Installation, at: float, who: Actor = PROGRAM, reason: str = "") -> int:
    """Answers how many connections were sealed anew. One that was cut short is taken to its end by the next.

    The file holds both keys until every secret is sealed with the new one: other processes open whatever they find.
    """
    house.file.add()
    with house.books.transaction() as db:
        (new_name, _), *_ = house.vault.derived(PURPOSE)
        count = _reseal(db, house, who, reason, at)
        before = chain.follows(chain.last_row(db))
        if before != new_name:
            _hand_over(db, house, before, new_name)
            Chain(house.keys, lambda: at).rotate(db, new_name)
    house.file.drop_old()
    return count


def _reseal(db: sa.Connection, house: Installation, who: Actor, reason: str, at: float) -> int:
    rows = connections.every(db)
    for row in rows:
        bound = (row.name, row.connector, row.settings)
        secrets = house.vault.open(*bound, row.sealed, row.version)
        version = row.version + 1
        connections.reseal(db, row.name, house.vault.seal(*bound, secrets, version))
        act = Act("vault.rotate", row.name, {"version": row.version}, {"version": version}, reason)
        record_act(db, who, act, at)
    return len(rows)


def _hand_over(db: sa.Connection, house: Installation, before: str, new_name: str) -> None:
    """The keys that old rows are sealed with stay readable, sealed with the new key."""
    for name, sealed in chain_keys.every(db).items():
        chain_keys.put(db, name, at_rest.sealed(house.vault, name, at_rest.opened(house.vault, name, sealed)))
    key = house.keys.named(before)
    assert key is not None, "the chain goes on with it"
    chain_keys.put(db, before, at_rest.sealed(house.vault, before, key))
