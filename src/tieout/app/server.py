"""The web process: the webhook door and the page, each on its own port, in one event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping

import uvicorn

from tieout.api.page import page_app
from tieout.api.webhooks import Receiver, webhook_app
from tieout.app.bounded_http import BoundedHttp
from tieout.app.house import House, receivers
from tieout.processes.intake import Intake

RECEIVERS_SECONDS = 2.0
KEEP_ALIVE_SECONDS = 15


def serve(house: House) -> None:
    """Serve until interrupted."""
    asyncio.run(_serve(house))


async def _serve(house: House) -> None:
    intake = Intake(house.box)
    door = webhook_app(intake, cached(lambda: receivers(house), RECEIVERS_SECONDS), house.ports.clock)
    servers = [
        uvicorn.Server(_config(door, house.settings.host, house.settings.webhook_port)),
        uvicorn.Server(_config(page_app(house.books), house.settings.host, house.settings.page_port)),
    ]
    try:
        await asyncio.gather(*(server.serve() for server in servers))
    finally:
        intake.close()


def cached(load: Callable[[], Mapping[str, Receiver]], seconds: float) -> Callable[[], Mapping[str, Receiver]]:
    """Load at most once in so many seconds: a new connection is seen without a restart."""
    kept: list[tuple[float, Mapping[str, Receiver]]] = []

    def read() -> Mapping[str, Receiver]:
        now = time.monotonic()
        if not kept or now - kept[0][0] > seconds:
            kept[:] = [(now, load())]
        return kept[0][1]

    return read


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
