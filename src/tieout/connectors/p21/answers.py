"""Reads answers: exact numbers, P21's error envelope, and what a person should see of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from html import unescape
from typing import Any

from tieout.connectors._json import NotReadable, limited, read_json
from tieout.connectors._wire import Reply
from tieout.kernel.redact import printable

SHOWN_MAX = 300
WEB_PAGE = "a web page"
LOOKED_AT_MAX = 4_096
WHOLE_DIGITS_MAX = 18


def json_of(reply: Reply) -> Any:
    """The body as JSON with every fraction a Decimal; ValueError when it is none (HTML, XML, empty) or without measure."""
    return read_json(reply.body)


def to_json(value: object) -> bytes:
    """JSON in which a Decimal stands digit by digit; nothing passes through binary fractions."""
    return _written(value).encode()


def shown(text: str) -> str:
    """The other side's words on one line, cut, without secrets and card numbers."""
    one_line = printable(text.strip()[:LOOKED_AT_MAX])
    return one_line if len(one_line) <= SHOWN_MAX else one_line[: SHOWN_MAX - 1] + "…"


def kind_of(reply: Reply) -> str:
    """In one word what kind of body came: JSON, a web page, XML, nothing, or text."""
    start = reply.body[:200].lstrip().lower()
    if not start:
        return "nothing"
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return WEB_PAGE
    if start.startswith(b"<"):
        return "XML"
    return "JSON" if start[:1] in b"{[" else "text"


def said(reply: Reply) -> str:
    """Status and body in a form fit for a detail."""
    return f"{outline(reply)}: {shown(reply.text)}"


def outline(reply: Reply) -> str:
    """What came back from a login: status and kind only, because the body may hold a token or repeat the password."""
    return f"HTTP {reply.status}, {kind_of(reply)}"


def envelope(reply: Reply) -> tuple[str, str]:
    """(error type, message) of the REST families' error body; empty texts when it is none (P21 facts §2.5)."""
    try:
        body = json_of(reply)
    except ValueError:
        return "", ""
    if not isinstance(body, Mapping):
        return "", ""
    return text_of(body.get("ErrorType")), text_of(body.get("ErrorMessage"))


def xml_value(text: str, name: str) -> str:
    """The text of the first element of that name, whatever its namespace."""
    found = re.search(rf"<(?:\w+:)?{re.escape(name)}(?:\s[^<>]*)?>([^<]*)</", text)
    return unescape(found[1]).strip() if found else ""


def text_of(value: object) -> str:
    """A value as text: nothing is empty, a number has no exponent and no needless zeros."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value != value.to_integral_value() else format(value, ".0f")
    return str(value).strip()


def whole_of(text: str) -> int | None:
    """A number of a record, or None: a text of thousands of digits is no number either (case D9)."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= WHOLE_DIGITS_MAX else None


def decimal_of(value: object, name: str) -> Decimal:
    """A number out of a record; ValueError naming the field when it is none."""
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{name} is {value!r}, not a number")
    try:
        return limited(Decimal(str(value)))
    except (ArithmeticError, NotReadable):
        raise ValueError(f"{name} is {value!r}, not a number") from None


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(name))}: {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    return json.dumps(value)
