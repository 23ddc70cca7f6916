"""``tieout serve`` and ``tieout work``: the two processes of an installation."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import Annotated

import typer

from tieout.cli._shared import Folder, err, house_of, start_logging
from tieout.settings import read_settings


def serve(folder: Folder = None) -> None:
    """Serve the webhook door and the page (ports: TIEOUT_WEBHOOK_PORT, TIEOUT_PAGE_PORT)."""
    from tieout.app.server import serve as serve_house

    with house_of(folder, new=True) as house:
        settings = house.settings
        start_logging(settings.log_level)
        err.print(f"Webhooks: http://{settings.host}:{settings.webhook_port}/webhooks/stripe/<connection>")
        err.print(f"Page:     http://{settings.page_host}:{settings.page_port}/")
        serve_house(house)


def work(
    folder: Folder = None,
    worker: Annotated[str, typer.Option(help="Name of this worker; no two at once may have the same.")] = "",
) -> None:
    """Work: take up events and write what they ask for, until stopped."""
    from tieout.app.worker import work as work_house

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with house_of(folder, new=True) as house:
        start_logging(house.settings.log_level)
        named = read_settings(**house.settings.model_dump() | ({"worker": worker} if worker else {}))
        work_house(replace(house, settings=named), stop)
