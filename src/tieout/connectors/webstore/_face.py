"""What Tieout asks of a web store, whichever it is (M17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from tieout.connectors._connector import Connector, Probe, Secret
from tieout.connectors.webstore._settings import parse
from tieout.domain.sale import Order
from tieout.domain.writing import Writer
from tieout.kernel.clock import Clock


class OrderSource(Protocol):
    """A store that knows its orders by id. Reads raise Failed; writes go through a Writer and never raise."""

    def order(self, order_id: str) -> Order | None:
        """The order with that id, or None."""
        ...

    def probe(self) -> Probe:
        """Harmless calls that say whether the store can be read."""
        ...

    def order_writer(self) -> Writer:
        """Sets fields of an order: ``{"order_id": "17", "meta": {"p21_order_no": "1001"}}``. Failed when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """What a store is opened with; ``transport`` replaces the sockets in simulations."""

    settings: Mapping[str, object]
    secrets: Mapping[str, str]
    transport: httpx2.BaseTransport | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class StoreConnector(Connector[Any]):
    """One kind of web store."""

    open: Callable[[Opening], OrderSource]

    def needed_secrets(self, given: Mapping[str, object]) -> tuple[Secret, ...]:
        """The secrets that a store with these settings needs. Failed(Fix) for unusable settings."""
        return self.secrets(parse(self.settings, given))
