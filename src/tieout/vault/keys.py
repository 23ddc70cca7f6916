"""The key file of an installation: made once, whole, and readable by its owner alone (security S38)."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from tieout.kernel.failures import Failed, Fix
from tieout.vault.cipher import KEY_BYTES

NAME = "vault.key"
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_of(folder: Path) -> bytes:
    """The key of a data folder, made when missing. Failed(Fix) when others can read it, or it is no key."""
    path = folder / NAME
    if not path.exists():
        _make(path)
    return _read(path)


def _make(path: Path) -> None:
    """Put a new key there, whole or not at all; when another process was first, its key stays."""
    descriptor, temporary = tempfile.mkstemp(prefix=f"{NAME}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        os.unlink(temporary)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        key = file.read(KEY_BYTES + 1)
    if mode & OTHERS:
        raise _unfit(path, f"can be read by others (mode {mode:o})", f"Run: chmod 600 {path}")
    if len(key) != KEY_BYTES:
        what = "is empty" if not key else f"is broken: it does not have {KEY_BYTES} bytes"
        raise _unfit(path, what, "Put the original back from your backup; without it the secrets cannot be opened")
    return key


def _unfit(path: Path, what: str, act: str) -> Failed:
    return Failed(Fix("vault.key_file", f"The key file {path} {what}. {act}.", field=str(path)))
