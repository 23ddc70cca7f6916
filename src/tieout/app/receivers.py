"""The Stripe connections that the webhook door accepts events for, as they are now."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from tieout.api.webhooks import Receiver
from tieout.app.house import House
from tieout.kernel.failures import Failed
from tieout.kernel.log import log
from tieout.store import connections
from tieout.store.connections import ConnectionRow

LOOK_SECONDS = 2.0


class Receivers:
    """Read beside the door, so that it never waits for them; a new connection is seen without a restart."""

    def __init__(self, house: House) -> None:
        self._house, self._rows = house, list[ConnectionRow]()
        self._known: Mapping[str, Receiver] = {}
        self.look()

    def known(self) -> Mapping[str, Receiver]:
        """The receivers by connection, as last read."""
        return self._known

    def look(self) -> None:
        """Read them again if a connection has changed. One that cannot be opened is left out, the others stay."""
        with self._house.books.reading() as db:
            rows = [row for row in connections.every(db) if row.connector == "stripe"]
        if rows != self._rows:
            found = (self._opened(row) for row in rows)
            self._rows, self._known = rows, {receiver.connection: receiver for receiver in found if receiver}

    async def keep_looking(self) -> None:
        """Look every two seconds, until cancelled; what cannot be read now is read the next time."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await asyncio.to_thread(self.look)
            except Exception as error:
                log("connections not read", logging.ERROR, error=str(error))

    def _opened(self, row: ConnectionRow) -> Receiver | None:
        try:
            secrets = self._house.vault.open(row.name, row.connector, row.settings, row.sealed, row.version)
        except Failed as error:
            log("connection left out", logging.ERROR, connection=row.name, sentence=error.failure.sentence)
            return None
        signing = tuple(secrets.get("webhook_secrets", "").split())
        livemode, account = bool(row.settings.get("livemode")), str(row.settings.get("account_id", ""))
        return Receiver(row.name, signing, livemode, account)
