"""What the Transaction API of this P21 offers: its services, and what their windows have (P21 facts §4.7, §13).

The receipts window's name and fields are published nowhere: they are configuration, checked here before any use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import json_of, text_of
from tieout.connectors.p21.session import Session
from tieout.kernel.failures import Failed

Fields = Mapping[str, bool]
Definition = Mapping[str, Fields]
Listed = TypeVar("Listed")


class Windows:
    """Services and definitions, asked for once and then remembered until ``forget``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._services: Mapping[str, str] | None = None
        self._definitions: dict[str, Definition] = {}
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Ask anew: an upgrade of P21 changes windows."""
        with self._lock:
            self._services, self._definitions = None, {}

    def services(self) -> Mapping[str, str]:
        """Every service with its title."""
        with self._lock:
            if self._services is None:
                self._services = self._listed("the list of services", "/api/v2/services", _services)
            return self._services

    def definition(self, service: str) -> Definition:
        """Every element of a window with its fields, and whether each is enabled."""
        known = self._definitions.get(service)
        if known is None:
            path = f"/api/v2/definition/{service}"
            known = self._definitions[service] = self._listed(f"the definition of {service}", path, _elements)
        return known

    def lacks(
        self, service: str, needed: Mapping[str, tuple[str, ...]], read_only: tuple[str, ...] = (), *, remedy: str
    ) -> str:
        """Why the window cannot be filled in like that, or an empty text; ``remedy`` is for one that is not there."""
        if service not in self.services():
            return f"P21 has no service {service!r}. {remedy}"
        definition = self.definition(service)
        for element, fields in needed.items():
            known = definition.get(element)
            if known is None:
                return f"The window {service} has no element {element!r}; it has {_some(definition)}."
            for field in fields:
                if field not in known:
                    return f"Element {element} of {service} has no field {field!r}; it has {_some(known)}."
                if not known[field] and field not in read_only:
                    return f"Field {field} of {element} in {service} is disabled for the API user; enable it in P21."
        return ""

    def _listed(self, what: str, path: str, read: Callable[[Any], Iterable[tuple[str, Listed]]]) -> dict[str, Listed]:
        """What is asked for. An answer that lists nothing is a session gone wrong: it is asked again, never remembered."""
        reply = self._read(what, path)
        try:
            body = json_of(reply)
        except ValueError as error:
            raise failures.cut_short(what, reply, error) from None
        if listed := dict(read(body)):
            return listed
        raise Failed(failures.failing(what, reply))

    def _read(self, what: str, path: str) -> Reply:
        reply = self._session.read(what, self._session.ui_path() + path)
        if reply.status in (404, 405):
            raise Failed(failures.wrong_path(what, path, reply))
        if reply.status != 200:
            raise Failed(failures.failing(what, reply))
        return reply


def _services(body: Any) -> Iterator[tuple[str, str]]:
    listed = body.get("list") or body.get("Services") if isinstance(body, dict) else body
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield text_of(one.get("Name") or one.get("ServiceName")), text_of(one.get("Title"))
        else:
            yield text_of(one), ""


def _elements(body: Any) -> Iterator[tuple[str, Fields]]:
    definition = body.get("TransactionDefinition") if isinstance(body, dict) else None
    listed = definition.get("DataElementDefinitions") if isinstance(definition, dict) else None
    for element in listed if isinstance(listed, list) else ():
        fields = element.get("FieldDefinitions") or ()
        yield (
            text_of(element.get("Name")),
            {text_of(one.get("Name")): one.get("Enabled") is not False for one in fields},
        )


def _some(names: Mapping[str, Any]) -> str:
    shown = sorted(names)[:12]
    return ", ".join(shown) + (" …" if len(names) > len(shown) else "") if shown else "none"
