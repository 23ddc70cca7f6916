"""A PostgreSQL server for tests: Debian's own, in a folder of its own, on a socket alone, and gone when the tests are."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from tieout.store.database import Database, open_server
from tieout.store.tables import book_tables, inbox_tables

ROOT = Path(__file__).parents[1]
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=32MB -c max_connections=60"
READY_SECONDS_MAX = 60.0
NOBODY = "nobody"  # the server refuses to run as root


@dataclass
class Server:
    """A running server: its socket's folder, and the names of the databases that were made."""

    folder: Path

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self._ask("CREATE DATABASE empty")
        for database in self._open("empty"):
            database.close()

    def databases(self) -> tuple[Database, Database]:
        """An empty inbox and empty books, of their own for each who asks."""
        name = f"test{next(self._numbers)}"
        self._ask(f"CREATE DATABASE {name} TEMPLATE empty")
        return self._open(name)

    def _open(self, name: str) -> tuple[Database, Database]:
        url = f"postgresql+psycopg://tieout@/{name}?host={self.folder}"
        return open_server(url, inbox_tables, threads=4), open_server(url, book_tables, threads=4)

    def _ask(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="tieout", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def served() -> Iterator[Server]:
    """Start a server."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="tieout-pg-"))  # a socket's path may not be long
    try:
        user = _user(folder)
        made = f"{programs}/initdb -D {folder}/data -U tieout -A trust -E UTF8 --locale=C --no-sync"
        subprocess.run(made.split(), check=True, capture_output=True, user=user, cwd=folder)
        command = f"{programs}/postgres -D {folder}/data -k {folder} -c listen_addresses= {QUICK}"
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command.split(), stdout=log, stderr=log, user=user, cwd=folder)
        try:
            _wait_until_ready(programs, folder, server)
            yield Server(folder)
        finally:
            server.send_signal(signal.SIGINT)  # it cuts off whoever is connected
            server.wait(READY_SECONDS_MAX)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> str:
    answer = subprocess.run([ROOT / "ensure", "postgresql"], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"there is no PostgreSQL to test with: {answer.stderr}")
    return answer.stdout.strip()


def _user(folder: Path) -> str | None:
    """As whom it runs: anybody but root."""
    if os.getuid() != 0:
        return None
    shutil.chown(folder, NOBODY)
    return NOBODY


def _wait_until_ready(programs: str, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS_MAX
    while subprocess.run([f"{programs}/pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"PostgreSQL does not start: {(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)
