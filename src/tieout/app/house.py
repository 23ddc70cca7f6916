"""The house of one installation: its folder, databases, key and connections."""

from __future__ import annotations

import os
import random
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tieout.app.chain_keys import ChainKeys
from tieout.app.connection_book import ConnectionBook, Transports, sockets
from tieout.app.installation import BOOKS, INBOX, bind, check_files, check_key, failed_file
from tieout.domain.audit.act import PROGRAM, Actor
from tieout.domain.retrying import RetryPolicy
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.definition import Workflow
from tieout.kernel.clock import Clock, steady
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.publish_workflow import publish_workflow
from tieout.processes.keep_heads import FILE
from tieout.settings import Settings
from tieout.store import workflows
from tieout.store.chain import Chain
from tieout.store.database import Database, open_file
from tieout.store.tables import book_tables, inbox_tables
from tieout.vault.cipher import Vault
from tieout.vault.keys import KeyFile

TEMPLATES = Path(__file__).parent.parent / "templates"
SHIPPED = ("order_to_cash", "refund", "dispute")


@dataclass(frozen=True, slots=True)
class House:
    """What every process of one installation shares: files, not memory."""

    settings: Settings
    box: Database
    books: Database
    vault: Vault
    ports: Ports

    @property
    def head_files(self) -> tuple[Path, ...]:
        """Where the head of the chain is kept: in the folder, and where the user says."""
        named = self.settings.heads_file
        return (self.settings.folder / FILE, *((named,) if named else ()))

    def close(self) -> None:
        """Close the databases."""
        self.box.close()
        self.books.close()


def open_house(settings: Settings, *, transports: Transports = sockets, who: Actor = PROGRAM) -> House:
    """Open the installation in its folder, made when nothing is in it. Failed(Fix) when others than its owner can read it, or
    when one of its files is missing, empty or of another installation."""
    os.umask(0o077)
    _own_folder(settings.folder)
    check_files(settings.folder)
    try:
        return _opened(settings, transports, who)
    except Exception as error:
        if known := failed_file(settings.folder, error):
            raise known from error
        raise


def _opened(settings: Settings, transports: Transports, who: Actor) -> House:
    with ExitStack() as open_until_bound:
        box = open_file(settings.folder / INBOX, inbox_tables)
        open_until_bound.callback(box.close)
        books = open_file(settings.folder / BOOKS, book_tables, threads=16)
        open_until_bound.callback(books.close)
        bind(settings.folder, box, books)
        house = _furnished(settings, box, books, transports, who)
        publish_shipped(books, house.ports.clock)
        open_until_bound.pop_all()
    return house


def _furnished(settings: Settings, box: Database, books: Database, transports: Transports, who: Actor) -> House:
    vault, clock = Vault(KeyFile(settings.folder)), steady()
    keys = ChainKeys(books, vault)
    check_key(settings.folder, books, keys.named)
    books.keep_chain(Chain(keys, clock))
    book = ConnectionBook(books, vault, clock, transports)
    retries = RetryPolicy(
        settings.retry_first_seconds, settings.retry_delay_seconds_max, 30.0, settings.retry_attempts_max
    )
    ports = Ports(box, books, clock, random.random, book, retries, who, keys=keys, personal_days=settings.personal_days)
    return House(settings, box, books, vault, ports)


def _own_folder(folder: Path) -> None:
    """Make the folder. One that is there is not changed: it may serve somebody else too."""
    folder.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        sentence = (
            f"The folder {folder} can be read by others (mode {mode:o}), and secrets are kept in it. "
            f"If it is for Tieout alone, run: chmod 700 {folder}; otherwise name another."
        )
        raise Failed(Fix("house.folder", sentence, field="folder", value=str(folder)))


def publish_shipped(books: Database, clock: Clock) -> None:
    """Publish the shipped workflows as version 1, unless a version of one is there (or was, and is retired)."""
    for name in SHIPPED:
        with books.reading() as db:
            there = workflows.version(db, name, 1)
        if there is None:
            publish_workflow(books, template(name), clock())


def template(name: str) -> Workflow:
    """A shipped workflow by name."""
    return workflow_file.read((TEMPLATES / f"{name}.toml").read_text(encoding="utf-8"))


def shipped() -> list[Path]:
    """The files of the shipped templates."""
    return sorted(TEMPLATES.glob("*.toml"))
