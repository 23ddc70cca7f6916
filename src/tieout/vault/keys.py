"""The key file of an installation: made once, whole, and readable by its owner alone (security S38, S39).

It holds one key; while the key is being rotated, two: the new one first. Whoever has it opens all secrets.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tieout.kernel.failures import Failed, Fix
from tieout.vault.cipher import KEY_BYTES

NAME = "vault.key"
KEYS_MAX = 2
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(slots=True)
class KeyFile:
    """The keys of a data folder, the newest first. Read again when the file is another: a rotation needs no restart."""

    folder: Path
    _seen: tuple[int, int, int] | None = field(default=None, init=False)
    _keys: tuple[bytes, ...] = field(default=(), init=False)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / NAME

    def __call__(self) -> Sequence[bytes]:
        """The keys, made when missing. Failed(Fix) when others can read the file, or it holds no key."""
        if not self.path.exists():
            _make(self.path)
        shown = self.path.stat()
        seen = (shown.st_ino, shown.st_mtime_ns, shown.st_mode)
        if seen != self._seen:
            self._keys, self._seen = _read(self.path), seen
        return self._keys

    def add(self) -> None:
        """Put a new key before the one that is there; where a rotation has not ended, its new key is there already."""
        if len(self()) == 1:
            _replace(self.path, os.urandom(KEY_BYTES) + self()[0])

    def drop_old(self) -> None:
        """Only the newest key stays."""
        _replace(self.path, self()[0])


def key_of(folder: Path) -> bytes:
    """The key of a data folder, made when missing. Failed(Fix) when others can read it, or it is no key."""
    return KeyFile(folder)()[0]


def _make(path: Path) -> None:
    """Put a new key there, whole or not at all; when another process was first, its key stays."""
    with _written(path, os.urandom(KEY_BYTES)) as temporary, suppress(FileExistsError):
        os.link(temporary, path)
    _flush(path.parent)


def _replace(path: Path, keys: bytes) -> None:
    with _written(path, keys) as temporary:
        os.rename(temporary, path)
    _flush(path.parent)


@contextmanager
def _written(path: Path, keys: bytes) -> Iterator[str]:
    """A file beside it with these keys, gone afterwards unless it was moved."""
    descriptor, temporary = tempfile.mkstemp(prefix=f"{NAME}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(keys)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        Path(temporary).unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(path: Path) -> tuple[bytes, ...]:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        keys = file.read(KEYS_MAX * KEY_BYTES + 1)
    if mode & OTHERS:
        raise _unfit(path, f"can be read by others (mode {mode:o})", f"Run: chmod 600 {path}")
    if len(keys) not in (KEY_BYTES, KEYS_MAX * KEY_BYTES):
        what = "is empty" if not keys else f"is broken: it does not have {KEY_BYTES} bytes"
        raise _unfit(path, what, "Put the original back from your backup; without it the secrets cannot be opened")
    return tuple(keys[begin : begin + KEY_BYTES] for begin in range(0, len(keys), KEY_BYTES))


def _unfit(path: Path, what: str, act: str) -> Failed:
    return Failed(Fix("vault.key_file", f"The key file {path} {what}. {act}.", field=str(path)))
