"""The web process: the webhook door and the page, each on its own port, in one event loop."""

from __future__ import annotations

import asyncio

import uvicorn

from tieout.api.page import page_app
from tieout.api.webhooks import webhook_app
from tieout.app.bounded_http import BoundedHttp
from tieout.app.house import House
from tieout.app.receivers import Receivers
from tieout.processes.intake import Intake

KEEP_ALIVE_SECONDS = 15


def serve(house: House) -> None:
    """Serve until interrupted."""
    asyncio.run(_serve(house))


async def _serve(house: House) -> None:
    settings, intake, receivers = house.settings, Intake(house.box), Receivers(house)
    door = webhook_app(intake, receivers.known, house.ports.clock)
    own = f"[{settings.page_host}]" if ":" in settings.page_host else settings.page_host
    page = page_app(house.books, (own, *settings.page_names.split()))
    servers = [
        uvicorn.Server(_config(door, settings.host, settings.webhook_port)),
        uvicorn.Server(_config(page, settings.page_host, settings.page_port)),
    ]
    looking = asyncio.create_task(receivers.keep_looking())
    try:
        await asyncio.gather(*(server.serve() for server in servers))
    finally:
        looking.cancel()
        intake.close()


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
