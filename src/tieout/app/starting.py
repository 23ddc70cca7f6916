"""What the door and a worker see to before they begin: whole files, none of them older than the others, a clock that goes on.

An older file is mended, not refused, because that is safe: nothing is sent that was not looked for first, and what Stripe
told meanwhile is caught up. It is told by an alert, because what people did meanwhile may be lost.
"""

from __future__ import annotations

import logging

from tieout.app.house import House
from tieout.app.installation import BOOKS, ENGINE, INBOX, Manifest, bind_engine, locked, read_manifest, write_manifest
from tieout.kernel.clock import iso
from tieout.kernel.log import log
from tieout.operations.mend_files import mend_books, mend_inbox, shorten_waits
from tieout.operations.raise_alert import raise_alert
from tieout.store import damage, inbox, installation, lanes
from tieout.store.installation import Belongs

OLDER = "installation.older"
CLOCK = "clock.put_back"
BACK_SECONDS = 5.0


def see_to_files(house: House) -> None:
    """Check the files, mend what is older, and count this start. Failed(Fix) when one is damaged or of another installation."""
    folder = house.settings.folder
    with locked(folder):
        for name in (INBOX, BOOKS, ENGINE):
            if (folder / name).exists():
                damage.check(folder / name)
        bind_engine(folder)
        _mend_older(house)
        _see_to_clock(house)
        _count_start(house)


def _mend_older(house: House) -> None:
    manifest = read_manifest(house.settings.folder)
    of_box, of_books = _belongs(house)
    counted = manifest.generation if manifest else 0
    with house.box.reading() as db:
        given, taken = inbox.last_number(db), inbox.last_taken(db)
    with house.books.reading() as db:
        known = lanes.last_number(db)
    if of_box.generation < counted or known > given:
        mend_inbox(house.box, known)
        _tell(house, INBOX, _older_inbox(house))
    if of_books.generation < counted or taken > known:
        mend_books(house.box, house.books, known)
        _tell(house, BOOKS, _older_books(house))


def _see_to_clock(house: House) -> None:
    now, (_, of_books) = house.ports.clock(), _belongs(house)
    if now >= of_books.seen_at - BACK_SECONDS:
        return
    shorten_waits(house.books, now)
    sentence = (
        f"The clock of this machine says {iso(now)}, but a worker was at work at {iso(of_books.seen_at)}: it was put back. What "
        "waits goes on as if the wait began now. Correct the clock, and let it be kept by a time server."
    )
    raise_alert(house.books, CLOCK, sentence, iso(of_books.seen_at), now)
    log("clock put back", logging.ERROR, seen_at=of_books.seen_at)


def _count_start(house: House) -> None:
    """The manifest last: were it first, a process that dies here would make the databases look older than they are."""
    manifest = read_manifest(house.settings.folder)
    of_box, of_books = _belongs(house)
    counted = 1 + max(of_box.generation, of_books.generation, manifest.generation if manifest else 0)
    for database in (house.box, house.books):
        with database.transaction() as db:
            installation.count(db, counted)
    write_manifest(house.settings.folder, Manifest(of_books.id, counted))


def _belongs(house: House) -> tuple[Belongs, Belongs]:
    with house.box.reading() as db:
        of_box = installation.get(db)
    with house.books.reading() as db:
        of_books = installation.get(db)
    assert of_box and of_books, "an open house is bound"
    return of_box, of_books


def _tell(house: House, name: str, sentence: str) -> None:
    at = house.ports.clock()
    raise_alert(house.books, OLDER, sentence, f"{name} {iso(at)}", at)
    log("older file", logging.ERROR, file=name, sentence=sentence)


def _older_inbox(house: House) -> str:
    return (
        f"{house.settings.folder / INBOX} is older than the books: somebody put back an older copy, or another one. Numbers go on "
        "after those that the books know, and what Stripe sent meanwhile is caught up from its list. To go back in time, use: "
        "tieout restore"
    )


def _older_books(house: House) -> str:
    return (
        f"{house.settings.folder / BOOKS} is older than the other files: somebody put back an older copy. What was written to P21 "
        "since is looked for there before anything is sent, and what Stripe told since is worked on again. What people did since "
        "(replays, resolutions, approvals, imports, settings) is not in it: do that again. To go back in time, use: tieout restore"
    )
