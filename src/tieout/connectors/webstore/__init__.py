"""Web stores: one folder for each kind, found by its constant CONNECTOR, all behind one face."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from functools import cache

import httpx2

from tieout.connectors.webstore._face import Opening, OrderSource, StoreConnector
from tieout.kernel.clock import Clock
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.plugs import plugs

__all__ = ["OrderSource", "StoreConnector", "open_store", "store_of", "stores"]


def open_store(
    settings: Mapping[str, object],
    secrets: Mapping[str, str],
    *,
    transport: httpx2.BaseTransport | None = None,
    clock: Clock = time.time,
) -> OrderSource:
    """The store that ``settings["kind"]`` names. Failed(Fix) for an unknown kind or unusable settings or secrets."""
    rest = {name: value for name, value in settings.items() if name != "kind"}
    return store_of(str(settings.get("kind", ""))).open(Opening(rest, secrets, transport, clock))


def store_of(kind: str) -> StoreConnector:
    """The connector of a kind of web store. Failed(Fix) names the kinds there are."""
    found = stores().get(kind)
    if found is None:
        sentence = f"There is no web store of the kind {kind[:40]!r}. Choose one of {', '.join(stores())}."
        raise Failed(Fix("webstore.kind", sentence, field="kind", value=kind[:40]))
    return found


@cache
def stores() -> Mapping[str, StoreConnector]:
    """Every kind of web store that has a folder here, by name."""
    return {one.name: one for one in plugs(sys.modules[__name__], "CONNECTOR", StoreConnector)}
