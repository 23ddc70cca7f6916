"""Calls a REST gateway in front of P21: lists by cursor, exact numbers, errors in its own shape (synthetic by default)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from tieout.connectors._wire import Broken, NotReached, Rate, Reply, Wire
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import WEB_PAGE, json_of, kind_of, said, text_of, to_json
from tieout.connectors.p21.settings import P21Settings, checked_secret
from tieout.kernel.failures import Failed, Fix

PAGES_MAX = 200
Record = Mapping[str, Any]


class GatewayClient:
    """``listed`` and ``one`` raise Failed; ``write`` raises NotReached, Broken, or Failed before it sends."""

    def __init__(
        self, settings: P21Settings, secrets: Mapping[str, str], transport: httpx2.BaseTransport | None
    ) -> None:
        self.settings, self.names, self._secrets = settings, settings.gateway, secrets
        self.host = urlsplit(settings.base_url).netloc
        self._wire = Wire(
            settings.base_url,
            rate=Rate(settings.calls_per_second),
            transport=transport,
            read_seconds=settings.read_seconds,
            ca_file=settings.ca_file,
        )

    def listed(self, collection: str, **asked: str) -> list[Record]:
        """Every record that fits, page by page; ``asked`` are query names of ours (reference, number, email)."""
        found: list[Record] = []
        for number, rows in enumerate(self.pages(collection, **asked), 1):
            found += rows
            if number > PAGES_MAX:
                raise failures.unreadable(collection, f"more than {PAGES_MAX} pages for {asked}")
        return found

    def pages(self, collection: str, **asked: str) -> Iterator[list[Record]]:
        """The same records page by page, however many there are."""
        query = [(self.names.query(name), value) for name, value in asked.items()]
        query.append((self.names.query("limit"), str(self.names.page_size)))
        cursor, seen = "", set[str]()
        while True:
            page = [*query, (self.names.query("cursor"), cursor)] if cursor else query
            rows, cursor = self._page(collection, page)
            yield rows
            if not cursor:
                return
            if cursor in seen:
                raise failures.unreadable(collection, f"the cursor {cursor!r} came twice")
            seen.add(cursor)

    def one(self, collection: str, key: str) -> Record | None:
        """The record of that number, or None when the gateway says in its own words that there is none."""
        path = self.path_of(collection, key)
        reply = self._read(path, ())
        if reply.status == 404 and self.complaint(reply)[1]:
            return None
        return self._object(path, reply)

    def path_of(self, collection: str, key: str) -> str:
        """The path of one record: its number stands for itself, whatever characters it has (security S36)."""
        return f"{self.names.path(collection)}/{quote(key, safe='').replace('.', '%2E')}"

    def write(self, method: str, path: str, body: object) -> Reply:
        """POST or PUT once, whatever comes back."""
        headers = {**self._headers(), "Content-Type": "application/json"}
        return self._wire.call("p21.write", method, path, headers=headers, content=to_json(body))

    def complaint(self, reply: Reply) -> tuple[str, str, str]:
        """(code, message, field) of an error body; empty texts when it is none."""
        try:
            body = json_of(reply)
        except ValueError:
            return "", "", ""
        error = body.get(self.names.answer("error")) if isinstance(body, dict) else None
        if not isinstance(error, dict):
            return "", "", ""
        code, message, field = (text_of(error.get(self.names.answer(name))) for name in ("code", "message", "field"))
        return code, message, field

    def _page(self, collection: str, query: list[tuple[str, str]]) -> tuple[list[Record], str]:
        path = self.names.path(collection)
        body = self._object(path, self._read(path, tuple(query)))
        rows = body.get(self.names.answer("value"))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise failures.unreadable(path, f"no list called {self.names.answer('value')}")
        return rows, text_of(body.get(self.names.answer("next")))

    def _object(self, path: str, reply: Reply) -> Record:
        if reply.status != 200:
            raise Failed(self._refused(path, reply))
        try:
            body = json_of(reply)
        except ValueError as error:
            raise failures.cut_short(path, reply, error) from None
        if not isinstance(body, dict):
            raise failures.unreadable(path, said(reply))
        return body

    def _refused(self, path: str, reply: Reply) -> Fix:
        _, message, field = self.complaint(reply)
        told = f": {message.rstrip('.')}" if message else ""
        sentence = (
            f"The gateway does not understand a question at {path} (HTTP {reply.status}){told}. Correct the gateway's "
            "paths, queries or fields in the P21 connection."
        )
        return Fix("p21.gateway_names", sentence, said(reply), field=field)

    def _read(self, path: str, query: tuple[tuple[str, str], ...]) -> Reply:
        try:
            reply = self._wire.call("p21.read", "GET", path, headers=self._headers(), query=query)
        except NotReached as error:
            raise Failed(failures.not_reached(self.host, str(error))) from error
        except Broken as error:
            raise Failed(failures.broken(self.host, error)) from error
        if reply.status == 401:
            raise Failed(failures.refused_credentials("gateway key", reply))
        if reply.status == 403:
            raise Failed(failures.forbidden(path, reply))
        if reply.status == 429:
            raise Failed(failures.busy(reply))
        if reply.status >= 500 or 300 <= reply.status < 400:
            raise Failed(failures.failing(path, reply))
        if reply.status == 200 and kind_of(reply) == WEB_PAGE:
            raise Failed(failures.web_page(path, reply))
        return reply

    def _headers(self) -> dict[str, str]:
        key = checked_secret(self._secrets, "gateway_key")
        return {"Accept": "application/json", self.names.key_header: f"{self.names.key_prefix}{key}"}
