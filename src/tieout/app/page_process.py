"""The page in a process of its own: whatever its readers ask for, the door answers Stripe (case D6; security S26).

It ends with the process that started it, is started again when it dies, and stands back where both want the machine.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tieout.api.page import page_app
from tieout.app.hardening import harden
from tieout.app.house import House, open_house
from tieout.app.serving import config_of
from tieout.kernel.log import JsonLines, log
from tieout.settings import Settings

NICER = 5  # steps below the door in the machine's favour
AGAIN_SECONDS = 1.0
START = """
import os, sys, threading
def end_with_parent():  # our standard input is a pipe that nobody writes to: it ends when the other side does, however that died
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=end_with_parent, daemon=True).start()
from tieout.app.page_process import serve_page
serve_page(int(sys.argv[1]))
"""


@contextmanager
def page_process(settings: Settings, listening: socket.socket) -> Iterator[None]:
    """The page is served on that socket while this block lasts."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(settings, listening, over), name="page", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep(settings: Settings, listening: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        with _started(settings, listening) as process:
            while process.poll() is None and not over.wait(0.2):
                pass
        if not over.is_set():
            log("page ended", logging.ERROR, status=process.returncode, again_seconds=AGAIN_SECONDS)
            over.wait(AGAIN_SECONDS)


@contextmanager
def _started(settings: Settings, listening: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the page; told to end, and then made to."""
    words = [sys.executable, "-P", "-c", START, str(listening.fileno())]
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, pass_fds=[listening.fileno()], env={**os.environ, **_variables(settings)}
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdin is not None, "it was asked for"
        process.stdin.close()


def _variables(settings: Settings) -> dict[str, str]:
    chosen = settings.model_dump(mode="json", exclude_none=True)
    return {f"TIEOUT_{name.upper()}": str(value) for name, value in chosen.items()}


def serve_page(number: int) -> None:
    """Serve the page on the socket of that number, until told to end or the process that started it is gone."""
    harden()
    settings = Settings()
    _log_lines(settings.log_level)
    os.nice(NICER)
    house = open_house(settings)
    try:
        asyncio.run(_serve(house, socket.socket(fileno=number)))
    finally:
        house.close()


async def _serve(house: House, listening: socket.socket) -> None:
    settings = house.settings
    own = f"[{settings.page_host}]" if ":" in settings.page_host else settings.page_host
    page = page_app(house.books, (own, *settings.page_names.split()), settings.page_proxy.split())
    await uvicorn.Server(config_of(page, settings.page_host, settings.page_port)).serve([listening])


def _log_lines(level: str) -> None:
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(JsonLines())
    logging.getLogger().handlers[:] = [stream]
    logging.getLogger("tieout").setLevel(level)
