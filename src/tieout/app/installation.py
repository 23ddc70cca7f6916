"""Binds the files of one installation to each other, so that none is lost, swapped or older without a word (cases T2, T3).

``installation.json`` names the installation; the inbox and the books carry the same name in a table, the engine's file in its
header, and the chain of the books is sealed with the key. A file that is missing, empty or of another installation is refused: it is
never made anew in silence. One that is older is mended where that is safe, and told.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tieout.kernel.failures import Failed, Fix
from tieout.store import chain, damage, installation
from tieout.store.database import Database
from tieout.store.installation import Belongs

INBOX, BOOKS, ENGINE, KEY = "inbox.sqlite", "books.sqlite", "engine.sqlite", "vault.key"
MANIFEST, RESTORING, LOCK = "installation.json", "restoring.json", "installation.lock"
KEY_LOST = f"{KEY}.lost"
NEEDED = (INBOX, BOOKS, KEY)
_WORTH = {  # what would be lost if the first were made anew although the second is there
    INBOX: (BOOKS, "SELECT EXISTS (SELECT 1 FROM events)"),
    BOOKS: (INBOX, "SELECT EXISTS (SELECT 1 FROM inbox)"),
    KEY: (BOOKS, "SELECT EXISTS (SELECT 1 FROM connections)"),
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the folder says of itself: see store/installation.py."""

    id: str
    generation: int


def check_files(folder: Path) -> None:
    """Before anything is opened: is what must be there there? Failed(Fix) names the file that is not."""
    if (folder / RESTORING).exists():
        raise Failed(_half_restored(folder))
    bound = read_manifest(folder) is not None
    for name in NEEDED:
        if _is_there(folder / name) or (name == KEY and (folder / KEY_LOST).exists()):
            continue
        if bound or _is_missed(folder, name):
            raise Failed(_missing(folder, name))


def bind(folder: Path, box: Database, books: Database) -> None:
    """See that all belong together, and bind what is not bound yet. Failed(Fix) names the one that does not belong."""
    with box.reading() as db:
        of_box = installation.get(db)
    with books.reading() as db:
        of_books = installation.get(db)
    manifest = read_manifest(folder)
    _check_names(folder, {MANIFEST: manifest, INBOX: of_box, BOOKS: of_books})
    if manifest and of_box and of_books:
        return
    with locked(folder):
        _bind_rest(folder, box, books)


def _bind_rest(folder: Path, box: Database, books: Database) -> None:
    """The inbox first, the manifest last: what is found without a later one was being bound when a process died."""
    manifest = read_manifest(folder)
    with box.transaction() as db:
        of_box = installation.get(db)
        with books.reading() as also:
            of_books = installation.get(also)
        known = manifest or of_box or of_books
        name = known.id if known else secrets.token_hex(16)
        if of_box is None:
            installation.put(db, Belongs(name))
    if of_books is None:
        with books.transaction() as db:
            if installation.get(db) is None:
                installation.put(db, Belongs(name))
    if manifest is None:
        write_manifest(folder, Manifest(name, 0))


def bind_engine(folder: Path) -> None:
    """The engine's file carries the installation's name as a number in its header. Failed(Fix) when it is of another one."""
    path, manifest = folder / ENGINE, read_manifest(folder)
    if manifest is None or not _is_there(path):
        return
    mine = int(manifest.id[:7], 16)
    with closing(sqlite3.connect(path, timeout=30)) as file:
        (there,) = file.execute("PRAGMA application_id").fetchone()
        if there not in (0, mine):
            raise Failed(_swapped(folder, ENGINE))
        if not there:
            file.execute(f"PRAGMA application_id = {mine}")


def failed_file(folder: Path, error: Exception) -> Failed | None:
    """What an error of a database means, with the name of the file where it can be told; None when it means something else."""
    fix = damage.trouble(error)
    if fix is None:
        return None
    if fix.code == damage.DAMAGED:
        try:
            for name in (INBOX, BOOKS, ENGINE):
                if _is_there(folder / name):
                    damage.check(folder / name)
        except Failed as named:
            return named
    return Failed(fix)


def check_key(folder: Path, books: Database, named: Callable[[str], bytes | None]) -> None:
    """Is the key the one that the books are sealed with? Failed(Fix) when it is another, and nobody said that it is lost."""
    with books.reading() as db:
        sealed_with = chain.follows(chain.last_row(db))
    if sealed_with and named(sealed_with) is None and not (folder / KEY_LOST).exists():
        raise Failed(_other_key(folder))


def read_manifest(folder: Path) -> Manifest | None:
    """What the folder says of itself, or None when it says nothing. Failed(Fix) when that cannot be read."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        sentence = f"{folder / MANIFEST} cannot be read. Delete it: it is made again from the databases, when these belong together."
        raise Failed(Fix("installation.manifest", sentence, field=MANIFEST)) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put it there, whole or not at all."""
    write_whole(folder / MANIFEST, json.dumps(asdict(manifest), indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that after a crash it is the old one or the new one, on the disk when this returns."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone among the processes of this folder; the kernel frees the lock when a process dies."""
    with (folder / LOCK).open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_there(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _is_missed(folder: Path, name: str) -> bool:
    """Whether a folder that says nothing of itself holds what only the missing file could complete."""
    other, asked = _WORTH[name]
    if not _is_there(folder / other):
        return False
    try:
        with closing(sqlite3.connect(folder / other, timeout=30)) as file:
            return bool(file.execute(asked).fetchone()[0])
    except sqlite3.OperationalError:
        return False  # it has no such table yet: it was being made


def _check_names(folder: Path, found: dict[str, Manifest | Belongs | None]) -> None:
    names = [one.id for one in found.values() if one]
    most = max(names, key=names.count, default="")
    for file, one in found.items():
        if one and one.id != most:
            raise Failed(_swapped(folder, file))


def _missing(folder: Path, name: str) -> Fix:
    what = "is empty" if (folder / name).exists() else "is missing"
    lost = {
        INBOX: "the events that Stripe sent",
        BOOKS: "what was written to P21, the ledger and the connections",
        KEY: "the only key to the secrets of the connections",
    }[name]
    sentence = (
        f"{folder / name} {what}, and it held {lost}. It is not made anew. Put it back where it was, or the last backup: "
        f"tieout restore. To begin a new installation, name an empty folder."
    )
    if name == KEY:
        sentence += f" {_without_key(folder)}"
    return Fix("installation.missing", sentence, field=name, value=str(folder))


def _swapped(folder: Path, name: str) -> Fix:
    sentence = (
        f"{folder / name} belongs to another installation than the other files there. Put the right one back, or the last "
        "backup: tieout restore"
    )
    if name == ENGINE:
        sentence = (
            f"{folder / name} belongs to another installation. Move it away: it only says what is under way, and is made "
            "again from the books."
        )
    return Fix("installation.swapped", sentence, field=name, value=str(folder))


def _other_key(folder: Path) -> Fix:
    sentence = (
        f"{folder / KEY} is not the key that this installation was sealed with. Put the original back from your backup. "
        + _without_key(folder)
    )
    return Fix("installation.key", sentence, field=KEY, value=str(folder))


def _without_key(folder: Path) -> str:
    return (
        f"Only if no copy of it exists: make an empty file {folder / KEY_LOST}, and connect every system again; the seals on the "
        "books from before cannot be proven any more."
    )


def _half_restored(folder: Path) -> Fix:
    sentence = (
        f"A restore into {folder} was not finished. Run it again: tieout restore. What was there before is in the folders "
        "called before-restore inside it."
    )
    return Fix("installation.restoring", sentence, field=RESTORING, value=str(folder))
