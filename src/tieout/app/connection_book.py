"""The configured connections, opened when first used and opened anew when they change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from tieout.domain.lookup_table import CURRENCIES
from tieout.kernel.clock import Clock
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.queries.lookups import lookup_tables
from tieout.store import connections
from tieout.store.connections import ConnectionRow
from tieout.store.database import Database
from tieout.vault.cipher import Vault

if TYPE_CHECKING:  # the connectors are imported when one is opened: most commands open none
    from tieout.connectors.p21._face import Prophet21
    from tieout.connectors.stripe.client import Stripe
    from tieout.connectors.webstore import OrderSource

SETTLE_SECONDS = {"p21": 600, "stripe": 30, "woocommerce": 30, "generic": 30}
WEB_STORES = ("woocommerce", "generic")

Transports = Callable[[str], Any]


def sockets(_name: str) -> None:
    """The ordinary transport: real sockets."""


@dataclass(slots=True)
class ConnectionBook:
    """Implements what nodes ask of connections. ``transports`` replaces the wire by name in simulations."""

    books: Database
    vault: Vault
    clock: Clock
    transports: Transports = sockets
    _open: dict[str, tuple[ConnectionRow, object, object]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def stripe(self, name: str) -> Stripe:
        """A Stripe account."""
        from tieout.connectors.stripe.client import Stripe

        found = self._opened(self._row(name, ("stripe",)), self._new_stripe)
        assert isinstance(found, Stripe), "opened as one"
        return found

    def p21(self, name: str = "") -> tuple[str, Prophet21]:
        """A Prophet 21 and the name of its connection."""
        row = self._row(name, ("p21",))
        currencies = lookup_tables(self.books).get(CURRENCIES, {})
        opened: Any = self._opened(row, partial(self._new_p21, currencies), tuple(sorted(currencies.items())))
        return row.name, opened

    def store(self, name: str = "") -> tuple[str, OrderSource]:
        """A web store and the name of its connection."""
        row = self._row(name, WEB_STORES)
        opened: Any = self._opened(row, self._new_store)
        return row.name, opened

    def settle_seconds(self, name: str) -> float:
        """How long a write of unknown outcome is left alone on that connection before it is looked up."""
        with self.books.reading() as db:
            row = connections.get(db, name)
        if row is None:
            raise Failed(_which(name, ("connection",), []))
        return float(row.settings.get("settle_seconds", SETTLE_SECONDS[row.connector]))  # seconds

    def _row(self, name: str, kinds: tuple[str, ...]) -> ConnectionRow:
        with self.books.reading() as db:
            rows = [row for row in connections.every(db) if row.connector in kinds and name in ("", row.name)]
        if len(rows) != 1:
            raise Failed(_which(name, kinds, [row.name for row in rows]))
        self._check_pause(rows[0])
        return rows[0]

    def _check_pause(self, row: ConnectionRow) -> None:
        remaining = row.paused_until - self.clock()
        if remaining > 0:
            raise Failed(
                Retry(
                    "connection.paused", row.paused_because, after_seconds=remaining, outage=True, connection=row.name
                )
            )

    def _opened(
        self, row: ConnectionRow, new: Callable[[ConnectionRow, Mapping[str, str]], object], more: object = None
    ) -> object:
        """The connection as it was opened, unless its row or what else it was opened with has changed."""
        with self._lock:
            kept = self._open.get(row.name)
            if kept and _lock_and_key(kept[0]) == _lock_and_key(row) and kept[2] == more:
                return kept[1]
            opened = new(row, self.vault.open(row.name, row.connector, row.settings, row.sealed, row.version))
            self._open[row.name] = (row, opened, more)
            return opened

    def _new_stripe(self, row: ConnectionRow, secrets: Mapping[str, str]) -> Stripe:
        from tieout.connectors.stripe.client import Stripe
        from tieout.connectors.stripe.settings import parse_settings as parse_stripe

        return Stripe(parse_stripe(row.settings), secrets, transport=self.transports(row.name), clock=self.clock)

    def _new_p21(self, currencies: Mapping[str, str], row: ConnectionRow, secrets: Mapping[str, str]) -> Prophet21:
        from tieout.connectors.p21 import open_p21
        from tieout.connectors.p21.settings import parse_settings as parse_p21

        told = row.settings.get("currencies")
        both = {
            **(told if isinstance(told, dict) else {}),
            **{code.lower(): int(one) for code, one in currencies.items()},
        }
        settings = {**row.settings, "currencies": both} if currencies else row.settings
        return open_p21(parse_p21(settings), secrets, transport=self.transports(row.name), clock=self.clock)

    def _new_store(self, row: ConnectionRow, secrets: Mapping[str, str]) -> OrderSource:
        from tieout.connectors.webstore import open_store

        settings = {"kind": row.connector, **row.settings}
        return open_store(settings, secrets, transport=self.transports(row.name), clock=self.clock)


def _lock_and_key(row: ConnectionRow) -> tuple[object, ...]:
    return row.settings, row.sealed, row.version


def _which(name: str, kinds: tuple[str, ...], found: list[str]) -> Fix:
    kind = {"stripe": "Stripe account", "p21": "Prophet 21", "connection": "system"}.get(kinds[0], "web store")
    if found:
        return Fix(
            "connection.ambiguous",
            f"There are several connections to a {kind}: {', '.join(found)}. Name one in the node.",
        )
    called = f" called {name!r}" if name else ""
    return Fix(
        "connection.missing",
        f"No {kind}{called} is connected. Add it with: tieout connect, then replay.",
        field="connection",
        value=name,
    )
