"""Calls to a web store: JSON in, JSON out, and refusals in words for a person. Amounts never become floats."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieout.connectors._json import NotReadable, read_json
from tieout.connectors._wire import Broken, NotReached, Reply, Wire
from tieout.domain.writing import Indeterminate, NotSent, Rejected, Sent
from tieout.kernel.failures import Failed, Failure, Fix, Retry
from tieout.kernel.redact import printable

LOOKED_AT_MAX = 4_096
DOWN = frozenset((500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526))

_READ_ONLY = re.compile(r"write permission|cannot_edit|cannot_update", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StoreCalls:
    """One store: ``named`` is how sentences call it, ``keys`` how they call its secrets."""

    wire: Wire
    headers: Mapping[str, str]
    named: str
    keys: str

    def get(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> Any:
        """The JSON below ``path``; None when the store has nothing there. Raises Failed."""
        try:
            reply = self.wire.call("webstore.read", "GET", path, headers=self.headers, query=query)
        except (NotReached, Broken) as error:
            raise Failed(self._away(error)) from error
        if reply.status in (404, 410):
            return None
        if not 200 <= reply.status < 300:
            raise Failed(self._refusal(reply))
        return self._json(reply)

    def send(self, method: str, path: str, body: Mapping[str, object]) -> Reply | Sent:
        """Write; an answer of 2xx comes back as it is, anything else as what is known about the write."""
        headers = {**self.headers, "content-type": "application/json"}
        content = json.dumps(body).encode()
        try:
            reply = self.wire.call("webstore.write", method, path, headers=headers, content=content)
        except NotReached as error:
            return NotSent(self._away(error))
        except Broken as error:
            return Indeterminate(printable(str(error)))
        return reply if 200 <= reply.status < 300 else self._unwritten(reply)

    def _unwritten(self, reply: Reply) -> Sent:
        if reply.status == 403 or (reply.status == 401 and _READ_ONLY.search(reply.text)):
            sentence = f"{self.named} does not let the {self.keys} write. Give them write access, then replay."
            return Rejected(Fix("webstore.read_only", sentence, _detail(reply)))
        if reply.status in (401, 429):
            failure = self._refusal(reply)
            assert isinstance(failure, Retry), "both come before anything is written and pass by themselves"
            return NotSent(failure)
        if reply.status in (400, 404, 410, 422):
            return Rejected(self._rejection(reply))
        return Indeterminate(_detail(reply))

    def _rejection(self, reply: Reply) -> Fix:
        if reply.status in (404, 410):
            sentence = f"{self.named} has no such order any more. Correct the order id, then replay."
        else:
            sentence = f"{self.named} refused the change: {_words(reply)} Correct it, then replay."
        return Fix("webstore.refused", sentence, _detail(reply))

    def _refusal(self, reply: Reply) -> Failure:
        if reply.status == 401 or reply.status == 403:
            return self._forbidden(reply)
        if reply.status == 429:
            sentence = f"{self.named} asks for fewer calls. Tieout slows down and tries again."
            return Retry("webstore.rate", sentence, _detail(reply), reply.retry_after_seconds, outage=True)
        if reply.status in DOWN:
            sentence = f"{self.named} is down (status {reply.status}). Work goes on by itself when it is back."
            return Retry("webstore.down", sentence, _detail(reply), reply.retry_after_seconds, outage=True)
        if 300 <= reply.status < 400:
            sentence = f"{self.named} answers at another address. Enter the address it really has in the connection, then replay."
            return Fix(
                "webstore.moved",
                sentence,
                _detail(reply),
                field="url",
                value=printable(reply.headers.get("location", ""))[:80],
            )
        sentence = f"{self.named} refused to be read (status {reply.status}): {_words(reply)} Correct the connection, then replay."
        return Fix("webstore.refused", sentence, _detail(reply))

    def _forbidden(self, reply: Reply) -> Retry:
        """Waits as an outage: the sentence says what a person must fix, and nothing is lost until then."""
        why = "does not accept" if reply.status == 401 else "does not let orders be read with"
        return Retry(
            "webstore.unauthorized",
            f"{self.named} {why} the {self.keys}. Make new ones with read access to orders and enter them in this "
            "connection. Nothing is lost; work goes on by itself.",
            _detail(reply),
            outage=True,
        )

    def _away(self, error: Exception) -> Retry:
        reached = isinstance(error, Broken)
        how = "did not answer whole" if reached else "cannot be reached from this machine"
        sentence = f"{self.named} {how}. Check that it is up; work goes on by itself when it answers."
        return Retry("webstore.unreachable", sentence, printable(str(error))[:300], outage=True)

    def _json(self, reply: Reply) -> Any:
        try:
            return read_json(reply.body)
        except NotReadable:
            sentence = (
                f"{self.named} answered with something that is not JSON. Check the address and what stands before it."
            )
            raise Failed(Retry("webstore.broken", sentence, _detail(reply))) from None


def _words(reply: Reply) -> str:
    """The store's own words: WordPress and most others have them in ``message``."""
    try:
        answer = read_json(reply.body)
    except NotReadable:
        answer = None
    found = answer.get("message") or answer.get("error") if isinstance(answer, dict) else None
    words = found if isinstance(found, str) else reply.text
    return printable(words[:LOOKED_AT_MAX])[:200] or "no reason given."


def _detail(reply: Reply) -> str:
    return f"status {reply.status}: {printable(reply.text[:LOOKED_AT_MAX])[:300]}"
