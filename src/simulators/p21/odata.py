"""The read service: tables and views of §6.3 with the protocol, and the traps, of §6.1 and §6.2 (P21 facts)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulators.p21.answers import Answer, html_not_found
from simulators.p21.columns import HIDDEN_IN_TABLES, NOT_TABLES, SCHEMAS, VIEWS
from simulators.p21.odata_filter import BadQuery, read_filter
from simulators.p21.state import State
from simulators.p21.tables import Column, Row, Table, fold
from simulators.wire import Request

PREFIX = "/odataservice/odata/"
_OPTIONS = ("$filter", "$select", "$orderby", "$top", "$skip", "$count")
_EDM = {"text": "Edm.String", "number": "Edm.Decimal", "moment": "Edm.DateTimeOffset"}


@dataclass(frozen=True, slots=True)
class Source:
    """A table or view as it is shown: some columns may be hidden or missing."""

    name: str
    table: Table
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column:
        """The column of that name; BadQuery in the service's words."""
        found = self.columns.get(name)
        if found is None:
            raise BadQuery(f"Could not find a property named '{name}' on type 'dbo.{self.name}'.")
        return found


class OData:
    """Answers /odataservice/odata/{table|view}/{name}."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sources = {"table": _tables(state), "view": _views(state)}

    def answer(self, request: Request) -> Answer:
        """Rows as JSON; every mistake in the query is a 404, no rows is 200 (P21 facts §6.1)."""
        if request.method != "GET":
            return Answer(status=405)
        kind, _, name = request.path.removeprefix(PREFIX).strip("/").partition("/")
        sources = self._sources.get(kind)
        if sources is None:
            return html_not_found(request.path)
        if name == "$metadata":
            return Answer(_metadata(sources))
        source = sources.get(name.lower())
        if source is None:
            return Answer(status=404)
        try:
            return self._rows(kind, self._drifted(source), request)
        except BadQuery as mistake:
            return Answer({"error": {"code": "", "message": str(mistake)}}, 404, synthetic=True)

    def _drifted(self, source: Source) -> Source:
        drift = self._state.twist.get("schema_drift")
        if drift is None:
            return source
        gone = drift.detail.get("column", "")
        return Source(source.name, source.table, {name: one for name, one in source.columns.items() if name != gone})

    def _rows(self, kind: str, source: Source, request: Request) -> Answer:
        for option in request.query:
            if option.startswith("$") and option not in _OPTIONS:
                raise BadQuery(f"The query option '{option}' is not supported.")
        rows = self._found(source, request.first("$filter"))
        shown = _page(_sorted(source, rows, request.first("$orderby")), request)
        columns = _selected(source, request.first("$select"))
        extra = self._extra()
        value = {"@odata.context": f"{PREFIX}{kind}/$metadata#{source.name}"}
        counted: dict[str, Any] = {"@odata.count": len(rows)} if request.first("$count") == "true" else {}
        listed = [{column.name: _shown(column, row) for column in columns} | extra for row in shown]
        return Answer({**value, **counted, "value": listed}, headers={"odata-version": "4.0"})

    def _found(self, source: Source, text: str) -> Sequence[Row]:
        seen = self._state.seen
        if not text:
            return [row for row in source.table.rows if seen(row)]
        condition = read_filter(text, source.column, source.table.indexed)
        narrow = condition.column and source.table.indexed(condition.column)
        rows = source.table.among(condition.column, condition.values) if narrow else source.table.rows
        return [row for row in rows if condition.test(row) and seen(row)]

    def _extra(self) -> dict[str, Any]:
        extra = self._state.twist.get("extra_field")
        return {extra.detail.get("column", "site_field"): extra.detail.get("value", "")} if extra else {}


def _tables(state: State) -> dict[str, Source]:
    return {
        name: Source(name, state[name], {
            column: one for column, one in state[name].columns.items() if column not in HIDDEN_IN_TABLES.get(name, ())
        })
        for name in SCHEMAS if name not in NOT_TABLES
    }  # fmt: skip


def _views(state: State) -> dict[str, Source]:
    return {view: Source(view, state[name], state[name].columns) for view, name in VIEWS.items()}


def _metadata(sources: Mapping[str, Source]) -> dict[str, Any]:
    types = {
        name: {"$Kind": "EntityType", **{one.name: {"$Type": _EDM[one.kind]} for one in source.columns.values()}}
        for name, source in sources.items()
    }
    return {"$Version": "4.0", "dbo": types}


def _sorted(source: Source, rows: Sequence[Row], text: str) -> Sequence[Row]:
    for term in reversed([term.split() for term in text.split(",") if term.strip()]):
        name = source.column(term[0]).name
        descending = len(term) > 1 and term[1].lower() == "desc"
        rows = sorted(rows, key=lambda row: _rank(row[name]), reverse=descending)
    return rows


def _rank(value: Any) -> tuple[bool, Any]:
    return (False, 0) if value is None else (True, fold(value))


def _page(rows: Sequence[Row], request: Request) -> Sequence[Row]:
    skip, top = _count(request, "$skip", 0), _count(request, "$top", len(rows))
    return rows[skip : skip + top]


def _count(request: Request, name: str, default: int) -> int:
    text = request.first(name)
    if text and not text.isdigit():
        raise BadQuery(f"Invalid value '{text}' for {name} query option found.")
    return int(text) if text else default


def _selected(source: Source, text: str) -> list[Column]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    return [source.column(name) for name in names] if names and names != ["*"] else list(source.columns.values())


def _shown(column: Column, row: Row) -> Any:
    value = row[column.name]
    return f"{value}Z" if column.kind == "moment" and value is not None else value
