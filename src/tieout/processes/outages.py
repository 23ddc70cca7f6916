"""Watches which connections a leg uses: an outage pauses the connection for all runs, an answer lets it go on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tieout.connectors.p21._face import Prophet21
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.webstore import OrderSource
from tieout.kernel.failures import Retry
from tieout.nodes._ports import Connections, Ports
from tieout.operations.pause_connection import pause_connection, resume_connection
from tieout.store import connections as connection_store


@dataclass(slots=True)
class Watched:
    """The connections of one leg; remembers all it used, and by which name each kind was used last."""

    inner: Connections
    last: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def stripe(self, name: str) -> Stripe:
        """A Stripe account."""
        self._use("stripe", name)
        return self.inner.stripe(name)

    def p21(self, name: str = "") -> tuple[str, Prophet21]:
        """A Prophet 21 and the name of its connection."""
        found, p21 = self.inner.p21(name)
        self._use("p21", found)
        return found, p21

    def store(self, name: str = "") -> tuple[str, OrderSource]:
        """A web store and the name of its connection."""
        found, store = self.inner.store(name)
        self._use("webstore", found)
        return found, store

    def settle_seconds(self, name: str) -> float:
        """How long a write of unknown outcome is left alone on that connection before it is looked up."""
        return self.inner.settle_seconds(name)

    def _use(self, kind: str, name: str) -> None:
        self.last[kind] = name
        self.used.add(name)


def watched(ports: Ports) -> tuple[Ports, Watched]:
    """The ports of one leg, with its connections watched."""
    watch = Watched(ports.connections)
    return replace(ports, connections=watch), watch


def pause_if_away(ports: Ports, watch: Watched, failure: Retry) -> str:
    """Pause the connection that is away; answers its name, or an empty text when it cannot be told which."""
    if failure.connection:
        return failure.connection
    name = watch.last.get(failure.code.partition(".")[0], "")
    if name:
        pause_connection(ports.books, name, failure, ports.clock())
    return name


def resume_what_answered(ports: Ports, watch: Watched) -> None:
    """The connections that this leg used have answered: end their outage, if there was one."""
    with ports.books.reading() as db:
        away = {row.name for row in connection_store.every(db) if row.outages}
    for name in away & watch.used:
        resume_connection(ports.books, name)
