"""Whoever logs, web server, engine or database: one redacted line of JSON (security S41, S51)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from tieout.engine.durable_engine import _sqlite
from tieout.store.database import Database, open_file, open_memory
from tieout.store.tables import inbox_tables

CARD = "4242424242424242"
WEB_SERVER = """
import threading, time, urllib.error, urllib.request
import uvicorn
from tieout.app.serving import config_of
from tieout.cli._shared import start_logging

async def app(scope, receive, send):
    raise RuntimeError("card 4242424242424242")

start_logging("INFO")
server = uvicorn.Server(config_of(app, "127.0.0.1", 0))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
try:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
except urllib.error.HTTPError:
    pass
"""
ENGINE = """
import logging, sys
from pathlib import Path
from tieout.cli._shared import start_logging
from tieout.engine.durable_engine import DurableEngine

start_logging("INFO")
engine = DurableEngine(Path(sys.argv[1]) / "engine.sqlite", "worker-1", lambda argument: None)
engine.launch()
logging.getLogger("dbos").warning("card 4242424242424242")
engine.close()
"""


def logged(program: str, argument: str = "") -> list[dict[str, object]]:
    ended = subprocess.run(
        [sys.executable, "-c", program, argument], capture_output=True, text=True, timeout=60, check=True
    )
    assert CARD not in ended.stderr + ended.stdout
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_a_failure_in_the_web_server_is_logged_as_ours() -> None:
    assert any("[card number …4242]" in str(line.get("traceback")) for line in logged(WEB_SERVER))


def test_what_the_engine_logs_is_logged_as_ours(tmp_path: Path) -> None:
    assert any("[card number …4242]" in str(line["event"]) for line in logged(ENGINE, str(tmp_path)))


@pytest.mark.parametrize("opened", ["file", "memory", "engine"])
def test_a_database_error_does_not_tell_what_was_to_be_kept(tmp_path: Path, opened: str) -> None:
    database = {
        "file": lambda: open_file(tmp_path / "box.sqlite", inbox_tables),
        "memory": lambda: open_memory(inbox_tables),
        "engine": lambda: Database(_sqlite(f"sqlite:///{tmp_path / 'engine.sqlite'}")),
    }[opened]()
    with pytest.raises(SQLAlchemyError) as told, database.reading() as db:
        db.execute(sa.text("INSERT INTO nowhere VALUES (:name)"), {"name": "Pat Lee, 1 Main St"})
    assert "Pat Lee" not in str(told.value)
    database.close()
