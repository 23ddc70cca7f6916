"""``expand[]``: puts whole objects where ids stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulators.stripe.errors import Refusal
from simulators.stripe.resources import PERMISSIONS
from simulators.stripe.state import Books
from simulators.stripe.tables import Row
from simulators.stripe.versions import inline_lines, is_old, listed, shown

DEPTH_MAX = 4


class Expansion:
    """Expands answers of one API version; ``require`` refuses kinds the key may not read."""

    def __init__(self, books: Books, version: str, require: Callable[[str], None]) -> None:
        self._books, self._version, self._require = books, version, require

    def expand(self, answer: Row, paths: list[str]) -> Row:
        """The answer with every path opened; Refusal when one cannot be."""
        for path in paths:
            steps = path.split(".")
            if len(steps) > DEPTH_MAX:
                raise Refusal(400, f"You cannot expand more than {DEPTH_MAX} levels of a property. Property: {path}")
            self._open(answer, steps, path)
        return answer

    def _open(self, here: Row, steps: list[str], path: str) -> None:
        name, rest = steps[0], steps[1:]
        value = self._opened(here, name, path, bool(rest))
        if value is None:
            return
        here[name] = value
        for each in value if isinstance(value, list) else [value]:
            # A source may be of many kinds: what some of them do not have is left out, not refused.
            if rest and (name != "source" or rest[0] in each):
                self._open(each, rest, path)

    def _opened(self, here: Row, name: str, path: str, more: bool) -> Any:
        if name not in here:
            return self._included(here, name, path)
        value = here[name]
        if isinstance(value, str):
            return self._object(value, name)
        if isinstance(value, list) and more:
            return [dict(each) for each in value]
        if isinstance(value, dict) and (more or "object" in value):
            return dict(value)
        if value is None:
            return None
        raise cannot(path)

    def _object(self, object_id: str, name: str) -> Row | None:
        row, source = self._books.find(object_id), name == "source"
        if row is None and source:
            return None  # of a kind this account does not show: it stays an id
        if row is None:
            raise cannot(name)
        self._require("balance_transaction_source_read" if source else f"{PERMISSIONS[row['object']]}_read")
        return shown(self._books, row, self._version)

    def _included(self, here: Row, name: str, path: str) -> Row:
        kind, object_id = here.get("object"), here.get("id", "")
        row = self._books.find(object_id) or {}
        if (kind, name) == ("checkout.session", "line_items"):
            return inline_lines(self._books, row, self._version, f"/v1/checkout/sessions/{object_id}/line_items")
        if (kind, name) == ("invoice", "payments") and not is_old(self._version):
            rows, more = self._books.tables["invoice_payment"].page({"invoice": object_id}, [], 10)
            return listed([shown(self._books, each, self._version) for each in rows], "/v1/invoice_payments", more)
        if (kind, name) == ("charge", "refunds"):
            rows, more = self._books.tables["refund"].page({"charge": object_id}, [], 10)
            seen = [shown(self._books, each, self._version) for each in rows]
            return listed(seen, f"/v1/charges/{object_id}/refunds", more)
        raise cannot(path)


def cannot(path: str) -> Refusal:
    """The property holds no id."""
    return Refusal(400, f"This property cannot be expanded ({path}).")
