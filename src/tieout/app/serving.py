"""How our servers serve: with limits, without words about themselves."""

from __future__ import annotations

import uvicorn

from tieout.app.bounded_http import BoundedHttp

KEEP_ALIVE_SECONDS = 15


def config_of(app: object, host: str, port: int) -> uvicorn.Config:
    """Of one application on one address."""
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
