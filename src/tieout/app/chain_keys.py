"""The keys of the chain: derived from the vault's key; those of before a rotation are kept, sealed with the key of now."""

from __future__ import annotations

from dataclasses import dataclass, field

from tieout.kernel.failures import Failed
from tieout.store import chain_keys
from tieout.store.database import Database
from tieout.vault.chain_keys import PURPOSE, opened
from tieout.vault.cipher import Vault


@dataclass(slots=True)
class ChainKeys:
    """Implements what the chain asks of keys. A key that was opened once is remembered: it never becomes another."""

    books: Database
    vault: Vault
    _known: dict[str, bytes] = field(default_factory=dict)

    def current(self) -> tuple[str, bytes]:
        """The key that a chain begins with."""
        return self.vault.derived(PURPOSE)[0]

    def named(self, name: str) -> bytes | None:
        """A key of now or before, or None when it is not here."""
        if name not in self._known:
            self._known |= dict(self.vault.derived(PURPOSE))
        if name not in self._known and (key := self._before(name)):
            self._known[name] = key
        return self._known.get(name)

    def _before(self, name: str) -> bytes | None:
        with self.books.reading() as db:
            sealed = chain_keys.get(db, name)
        try:
            return opened(self.vault, name, sealed) if sealed else None
        except Failed:
            return None
