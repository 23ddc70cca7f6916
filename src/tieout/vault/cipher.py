"""Seals and opens secrets: AES-256-GCM, bound to the connection they are for and to all its settings (security S38)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tieout.kernel.canonical import canonical
from tieout.kernel.failures import Failed, Fix

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = b"\x01"


class Vault:
    """Seals the secrets of a connection.

    They open for a connection of the same name, connector and settings alone: whoever can write the database can
    neither move them to another connection nor let them be sent to another address.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, it needs {KEY_BYTES}")
        self._cipher = AESGCM(key)

    def seal(self, name: str, connector: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> bytes:
        """The secrets as bytes for the database."""
        nonce, plain = os.urandom(NONCE_BYTES), json.dumps(dict(secrets), sort_keys=True).encode()
        return VERSION + nonce + self._cipher.encrypt(nonce, plain, _bound_to(name, connector, settings))

    def open(self, name: str, connector: str, settings: Mapping[str, Any], sealed: bytes) -> dict[str, str]:
        """The secrets again; Failed(Fix) when the key or the connection is not the one they were sealed for."""
        nonce, ciphered = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            if sealed[:1] != VERSION or len(ciphered) < TAG_BYTES:
                raise InvalidTag
            plain = self._cipher.decrypt(nonce, ciphered, _bound_to(name, connector, settings))
        except InvalidTag:
            raise Failed(
                Fix(
                    "vault.key",
                    f"The secrets of {name} do not open with this key and these settings: one of them was replaced. "
                    "Put the original vault.key back, or connect again with: tieout connect",
                    field=name,
                )
            ) from None
        opened: dict[str, str] = json.loads(plain)
        return opened


def _bound_to(name: str, connector: str, settings: Mapping[str, Any]) -> bytes:
    return VERSION + canonical([name, connector, dict(settings)]).encode("utf-8", "surrogatepass")
