"""What a simulator receives and answers: one request, one response, no sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: ``path`` is still percent-encoded, header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
        """Build a request from its target (path and query string) as it stood on the request line."""
        parts = urlsplit(target)
        query = {name: tuple(values) for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return cls(method.upper(), parts.path, query, {k.lower(): v for k, v in headers.items()}, body)

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, (default,))[0]

    def json(self) -> Any:
        """The body as JSON; ValueError when it is not."""
        return json.loads(self.body or b"null")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, and how badly the wire behaves while it travels.

    ``delay_seconds`` passes before the first byte; ``cut`` closes the connection without any byte of an answer.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    cut: bool = False

    @classmethod
    def of_json(cls, value: object, status: int = 200, **headers: str) -> Response:
        """A JSON answer; keyword names become header names with dashes."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(value).encode(), {"content-type": "application/json", **named})


class Simulator(Protocol):
    """Anything that answers requests; state, clock and faults are its own."""

    def respond(self, request: Request) -> Response:
        """Answer one request; may be called from several threads."""
        ...
