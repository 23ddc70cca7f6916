"""Prophet 21 in both dialects behind one face."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
from pydantic import BaseModel

from tieout.connectors.p21._face import CustomerRecord, ItemRecord, Prophet21
from tieout.connectors.p21.gateway import PROBED, GatewayP21
from tieout.connectors.p21.middleware import WRITTEN, MiddlewareP21
from tieout.connectors.p21.settings import P21Settings, parse_settings
from tieout.kernel.clock import Clock

__all__ = [
    "CONNECTOR",
    "Connector",
    "CustomerRecord",
    "ItemRecord",
    "P21Settings",
    "Prophet21",
    "open_p21",
    "parse_settings",
]


@dataclass(frozen=True, slots=True)
class Connector:
    """What a connector says of itself before it is configured; ``secrets`` are names with their titles."""

    name: str
    title: str
    settings: type[BaseModel]
    secrets: tuple[tuple[str, str], ...]
    capabilities: tuple[str, ...]


CONNECTOR = Connector(
    "p21",
    "Epicor Prophet 21",
    P21Settings,
    (
        ("password", "Password of the P21 user"),
        ("client_secret", "Consumer key"),
        ("gateway_key", "Key of the REST gateway"),
    ),
    tuple(dict.fromkeys((*WRITTEN, *PROBED))),
)


def open_p21(
    settings: P21Settings,
    secrets: Mapping[str, str],
    *,
    transport: httpx2.BaseTransport | None = None,
    clock: Clock = time.time,
) -> Prophet21:
    """One company of one Prophet 21 in the dialect of its settings. Nothing is called yet.

    ``secrets`` holds ``password``, ``client_secret`` or ``gateway_key``. ``transport`` replaces sockets.
    """
    if settings.dialect == "gateway":
        return GatewayP21.opened(settings, secrets, transport)
    return MiddlewareP21.opened(settings, secrets, transport, clock)
