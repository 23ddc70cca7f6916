"""Seals and opens secrets: AES-256-GCM, bound to the connection they are for, to all its settings and to their version (S38)."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tieout.kernel.canonical import canonical
from tieout.kernel.failures import Failed, Fix

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
UNVERSIONED, VERSIONED = b"\x01", b"\x02"

Ring = Callable[[], Sequence[bytes]]


class Vault:
    """Seals the secrets of a connection, with the first key of a ring; opens them with any key of it.

    They open for a connection of the same name, connector and settings alone, and only those that were sealed last: whoever
    can write the database can neither move them to another connection, nor let them be sent to another address, nor put old
    ones back.
    """

    def __init__(self, key: bytes | Ring) -> None:
        """A key, or a ring that is read each time: another process may rotate it."""
        self._ring: Ring = key if callable(key) else lambda: (key,)
        self._keys()

    def seal(
        self, name: str, connector: str, settings: Mapping[str, Any], secrets: Mapping[str, str], version: int = 1
    ) -> bytes:
        """The secrets as bytes for the database; ``version`` counts from 1 how often those of the connection were sealed."""
        plain = json.dumps(dict(secrets), sort_keys=True).encode()
        return self.seal_bytes(plain, [name, connector, dict(settings), version])

    def open(
        self, name: str, connector: str, settings: Mapping[str, Any], sealed: bytes, version: int = 1
    ) -> dict[str, str]:
        """The secrets again; Failed(Fix) when the key or the connection is not the one they were sealed for, or they are old.

        Version 0 opens what was sealed before versions were counted.
        """
        bound = [name, connector, dict(settings), version] if version else [name, connector, dict(settings)]
        try:
            plain = self.open_bytes(sealed, bound, VERSIONED if version else UNVERSIONED)
        except InvalidTag:
            raise Failed(
                Fix(
                    "vault.key",
                    f"The secrets of {name} do not open with this key and these settings: one of them was replaced, or "
                    "older secrets were put back. Put the original vault.key back, or connect again with: tieout connect",
                    field=name,
                )
            ) from None
        opened: dict[str, str] = json.loads(plain)
        return opened

    def seal_bytes(self, plain: bytes, bound: Sequence[Any]) -> bytes:
        """Anything, bound to what only its reader knows."""
        key, nonce = self._keys()[0], os.urandom(NONCE_BYTES)
        return VERSIONED + nonce + AESGCM(key).encrypt(nonce, plain, _bound(VERSIONED, bound))

    def open_bytes(self, sealed: bytes, bound: Sequence[Any], form: bytes = VERSIONED) -> bytes:
        """It again; InvalidTag when the key or what it is bound to is another."""
        nonce, ciphered = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != form or len(ciphered) < TAG_BYTES:
            raise InvalidTag
        for key in self._keys():
            try:
                return AESGCM(key).decrypt(nonce, ciphered, _bound(form, bound))
            except InvalidTag:
                continue
        raise InvalidTag

    def derived(self, purpose: str) -> tuple[tuple[str, bytes], ...]:
        """A key for another purpose from each key of the ring, with a name that gives nothing of it away."""
        return tuple((_name(key, purpose), hmac.digest(key, purpose.encode(), "sha256")) for key in self._keys())

    def _keys(self) -> Sequence[bytes]:
        keys = self._ring()
        for key in keys:
            if len(key) != KEY_BYTES:
                raise ValueError(f"the key has {len(key)} bytes, it needs {KEY_BYTES}")
        return keys


def _name(key: bytes, purpose: str) -> str:
    return hmac.digest(key, f"name of {purpose}".encode(), "sha256").hex()[:16]


def _bound(form: bytes, bound: Sequence[Any]) -> bytes:
    return form + canonical(list(bound)).encode("utf-8", "surrogatepass")
