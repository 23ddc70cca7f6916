"""Keys of the books' chain at rest."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from tieout.kernel.failures import Failed, Fix
from tieout.vault.cipher import Vault

PURPOSE = "the chain of the books"


def sealed(vault: Vault, name: str, key: bytes) -> bytes:
    """A key of the chain as bytes for the database."""
    return vault.seal_bytes(key, [PURPOSE, name])


def opened(vault: Vault, name: str, kept: bytes) -> bytes:
    """It again; Failed(Fix) when the vault's key is another."""
    try:
        return vault.open_bytes(kept, [PURPOSE, name])
    except InvalidTag:
        sentence = f"The key {name} of the chain does not open with this vault.key. Put the original vault.key back."
        raise Failed(Fix("vault.key", sentence, field="vault.key")) from None
