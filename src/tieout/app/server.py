"""The web process: the webhook door and the page, each on its own port, in one event loop."""

from __future__ import annotations

import asyncio
import os
import socket
import time

import uvicorn

from tieout.api.page import page_app
from tieout.api.webhooks import webhook_app
from tieout.app.bounded_http import BoundedHttp
from tieout.app.house import House
from tieout.app.receivers import Receivers
from tieout.app.restore import serving
from tieout.app.starting import see_to_files
from tieout.kernel.failures import Failed, Fix
from tieout.processes.intake import Intake

KEEP_ALIVE_SECONDS = 15


def serve(house: House) -> None:
    """Serve until interrupted. Failed(Fix) when an address cannot be listened on."""
    settings = house.settings
    see_to_files(house)
    with (
        serving(settings.folder),
        _listening(settings.host, settings.webhook_port, "webhook_port") as door,
        _listening(settings.page_host, settings.page_port, "page_port") as page,
    ):
        asyncio.run(_serve(house, door, page))


async def _serve(house: House, door_socket: socket.socket, page_socket: socket.socket) -> None:
    settings, intake, receivers = house.settings, Intake(house.box), Receivers(house)
    door = webhook_app(intake, receivers.known, time.time)
    own = f"[{settings.page_host}]" if ":" in settings.page_host else settings.page_host
    page = page_app(house.books, (own, *settings.page_names.split()))
    servers = [
        (uvicorn.Server(_config(door, settings.host, settings.webhook_port)), door_socket),
        (uvicorn.Server(_config(page, settings.page_host, settings.page_port)), page_socket),
    ]
    looking = asyncio.create_task(receivers.keep_looking())
    try:
        await asyncio.gather(*(server.serve([listening]) for server, listening in servers))
    finally:
        looking.cancel()
        intake.close()


def _listening(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        sentence = (
            f"Nothing can listen on {host} port {port} ({why}). Stop what listens there (another tieout serve?), "
            f"or choose another port: TIEOUT_{setting.upper()}."
        )
        raise Failed(Fix("serve.port", sentence, field=setting, value=str(port))) from None


def _config(app: object, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        http=BoundedHttp,
        ws="none",
        proxy_headers=False,
    )
