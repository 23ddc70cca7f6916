"""Reads tables and views of P21; an error is never "no rows" (P21 facts §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import json_of, said
from tieout.connectors.p21.filters import Filter, gt
from tieout.connectors.p21.session import Session
from tieout.kernel.failures import Failed

PAGE_ROWS = 200
PAGES_MAX = 500
PREFIX = "/odataservice/odata"
Row = Mapping[str, Any]


class OData:
    """The read service of one P21."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rows(self, source: str, where: Filter, select: Sequence[str], key: str) -> list[Row]:
        """Every row of ``table/<name>`` or ``view/<name>`` that fits, ordered by ``key``.

        ``key`` must be unique among the rows: pages are cut by it. Raises Failed, with code ``p21.not_offered`` when
        the source or a column does not exist.
        """
        found: list[Row] = []
        for page in self.pages(source, where, select, key):
            found += page
            if len(found) > PAGES_MAX * PAGE_ROWS:
                raise failures.unreadable(source, f"more than {PAGES_MAX * PAGE_ROWS} rows for {where.text}")
        return found

    def pages(self, source: str, where: Filter, select: Sequence[str], key: str) -> Iterator[list[Row]]:
        """The same rows page by page, however many there are."""
        after: Filter | None = None
        while True:
            page = self.page(source, after & where if after else where, select, key)
            yield page
            if len(page) < PAGE_ROWS:
                return
            after = gt(key, _last(source, page, key))

    def first(self, source: str, where: Filter, select: Sequence[str], key: str) -> Row | None:
        """The first such row, or None."""
        return next(iter(self.rows(source, where, select, key)), None)

    def page(self, source: str, where: Filter, select: Sequence[str], key: str) -> list[Row]:
        """The first rows that fit, ordered by ``key``: PAGE_ROWS of them at most."""
        query = (
            ("$filter", where.text),
            ("$select", ",".join(dict.fromkeys((*select, key)))),
            ("$orderby", key),
            ("$top", str(PAGE_ROWS)),
        )
        reply = self._session.read(f"OData {source}", f"{PREFIX}/{source}", query)
        if reply.status in (400, 404, 405):
            raise Failed(failures.wrong_path(f"OData {source}", f"{PREFIX}/{source}", reply))
        if reply.status != 200:
            raise Failed(failures.failing(f"OData {source}", reply))
        return _rows(source, reply)


def _rows(source: str, reply: Reply) -> list[Row]:
    try:
        body = json_of(reply)
    except ValueError as error:
        raise failures.cut_short(f"OData {source}", reply, error) from None
    rows = body.get("value") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise failures.unreadable(f"OData {source}", said(reply))
    return rows


def _last(source: str, page: Sequence[Row], key: str) -> str | int | Decimal:
    last, first = page[-1].get(key), page[0].get(key)
    if not isinstance(last, str | int | Decimal) or last == first:
        raise failures.unreadable(f"OData {source}", f"a full page whose {key} ends with {last!r}")
    return last
