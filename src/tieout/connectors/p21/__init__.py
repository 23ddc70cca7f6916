"""Prophet 21 in both dialects behind one face."""

from __future__ import annotations

import time
from collections.abc import Mapping

import httpx2

from tieout.connectors._connector import Connector
from tieout.connectors.p21._face import (
    AccountRecord,
    CustomerRecord,
    DocumentRecord,
    ItemRecord,
    LedgerLine,
    OpenReceivable,
    PeriodRecord,
    Prophet21,
)
from tieout.connectors.p21.gateway import GatewayP21
from tieout.connectors.p21.middleware import MiddlewareP21
from tieout.connectors.p21.settings import P21Settings, needed_secrets, parse_settings
from tieout.kernel.clock import Clock

__all__ = [
    "CONNECTOR",
    "AccountRecord",
    "CustomerRecord",
    "DocumentRecord",
    "ItemRecord",
    "LedgerLine",
    "OpenReceivable",
    "P21Settings",
    "PeriodRecord",
    "Prophet21",
    "open_p21",
    "parse_settings",
]


CONNECTOR = Connector("p21", "Epicor Prophet 21", P21Settings, needed_secrets)


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
