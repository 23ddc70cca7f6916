"""Copies one installation while it works: the books first, the inbox after them, the key last.

The order is what makes the set consistent. Every event that the books know is in an inbox that was copied later; what came
in between is only not taken up yet, and is taken up after a restore. The other way round, the books would know events whose
words the inbox does not have, and new events would get their numbers. The engine's file is left out: it says what is under
way, which the books say too. ``backup.json`` is written last: a set without it is not whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tieout.app.house import House
from tieout.app.installation import BOOKS, INBOX, KEY, read_manifest, write_whole
from tieout.domain.audit.act import Act
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_alone
from tieout.store import damage
from tieout.store.schema import copy_file, copy_plain

LIST = "backup.json"
ORDER = (BOOKS, INBOX, KEY)
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole set: of which installation, when (ISO, UTC), and the SHA-256 of each file."""

    installation: str
    made_at: str
    files: dict[str, str]


def make_backup(house: House, target: Path) -> Backup:
    """Copy the installation into an empty or new folder. Failed(Fix) when that cannot be, with nothing half made left as whole."""
    manifest = read_manifest(house.settings.folder)
    assert manifest is not None, "an open house is bound"
    at = house.ports.clock()
    try:
        _empty_folder(target)
        record_alone(house.books, house.ports.who, Act("backup", str(target)), at)
        for name in ORDER:
            copy = copy_plain if name == KEY else copy_file
            copy(house.settings.folder / name, target / name)
        for name in (BOOKS, INBOX):
            damage.check(target / name)
        made = Backup(manifest.id, iso(at), {name: digest(target / name) for name in ORDER})
        write_whole(target / LIST, json.dumps(asdict(made), indent=1))
    except OSError as error:
        raise Failed(_not_made(target, error.strerror or str(error))) from None
    return made


def read_backup(source: Path) -> Backup:
    """The set in a folder, each file as it was copied. Failed(Fix) when it is not whole."""
    try:
        found = Backup(**json.loads((source / LIST).read_text(encoding="utf-8")))
        wrong = [name for name in ORDER if digest(source / name) != found.files.get(name)]
    except (OSError, ValueError, TypeError) as error:
        sentence = (
            f"{source} holds no whole backup ({error}). Name a folder that tieout backup made and ended; it holds {LIST} "
            f"and {', '.join(ORDER)}."
        )
        raise Failed(Fix("backup.none", sentence, field=str(source))) from None
    if wrong:
        sentence = f"{', '.join(wrong)} in {source} is not as it was copied: its disk failed, or somebody changed it. Take another backup."
        raise Failed(Fix("backup.changed", sentence, field=str(source)))
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            whole.update(chunk)
    return whole.hexdigest()


def _empty_folder(target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()):
        sentence = f"{target} is not empty. Name a new folder for each backup, for example with the day in its name."
        raise Failed(Fix("backup.folder", sentence, field=str(target)))


def _not_made(target: Path, why: str) -> Fix:
    sentence = f"The backup in {target} could not be made ({why}). Make room or correct the permissions, then name a new folder."
    return Fix("backup.not_made", sentence, field=str(target))
