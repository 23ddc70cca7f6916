"""Seals and opens secrets: AES-256-GCM, bound to the place they are kept in (security S38)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tieout.kernel.failures import Failed, Fix

KEY_BYTES = 32
NONCE_BYTES = 12
VERSION = b"\x01"


class Vault:
    """Seals the secrets of a connection; a sealed text moved to another connection does not open."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes, it needs {KEY_BYTES}")
        self._cipher = AESGCM(key)

    def seal(self, place: str, secrets: Mapping[str, str]) -> bytes:
        """The secrets as bytes for the database."""
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(dict(secrets), sort_keys=True).encode()
        return VERSION + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> dict[str, str]:
        """The secrets again; Failed(Fix) when the key or the place is not the one they were sealed with."""
        nonce, ciphered = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            opened: dict[str, str] = json.loads(self._cipher.decrypt(nonce, ciphered, place.encode()))
        except InvalidTag:
            raise Failed(
                Fix(
                    "vault.key",
                    f"The secrets of {place} do not open with this key. Put the original key file back, "
                    f"or enter the secrets again with: tieout connect",
                    field=place,
                )
            ) from None
        return opened


def key_of(folder: Path) -> bytes:
    """The key file of a data folder, made when missing; only its owner can read it."""
    path = folder / "vault.key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
    return path.read_bytes()
