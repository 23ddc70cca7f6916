"""How a command prints for people or machines, and how it ends."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass

import typer
from rich.console import Console
from rich.text import Text

from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Failure, Retry
from tieout.kernel.redact import printable

WIDTH_WHEN_PIPED = 160
out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_WHEN_PIPED)
err = Console(stderr=True, soft_wrap=True)

REFUSED, NEEDS_A_PERSON, NO_SUCH_THING, TRY_AGAIN = 1, 3, 4, 5
"""Exit statuses, beside 0 (all is well) and 2 (wrong usage); docs/reference/exit-statuses.md."""
MISSING = (".unknown", "connection.missing", "payout.missing", "bank.line", "exception.unknown")
PACKED = ("outcome", "document")


def ended(error: Failed) -> typer.Exit:
    """Say what happened and what to do; the exit says of what kind it is."""
    failure = error.failure
    err.print(_plain_text(failure.sentence, "bold red"))
    if failure.detail and failure.detail != failure.sentence:
        err.print(_plain_text(failure.detail, "dim"))
    return typer.Exit(_status(failure))


def _status(failure: Failure) -> int:
    if isinstance(failure, Retry):
        return TRY_AGAIN
    return NO_SUCH_THING if failure.code.endswith(MISSING) else REFUSED


def say(text: str, style: str = "") -> None:
    """Print a text for people. Nothing in it is markup, and none of its control characters reaches the terminal."""
    out.print(_plain_text(text, style))


def say_hash(words: str, digest: str) -> None:
    """Print a hash of our own after some words: it is compared letter by letter, and some of its digits may look like a card's."""
    line = _plain_text(words)
    out.print(line.append(f" {digest}") if re.fullmatch("[0-9a-f]{64}", digest) else line)


def print_json(value: object) -> None:
    """Print dataclasses and plain values as JSON: moments in ISO form, what was kept packed as JSON unpacked."""
    out.print_json(json.dumps(_shown(value)), ensure_ascii=True)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], styles: dict[str, str] | None = None) -> None:
    """Print rows as a table; a cell whose text is a key of ``styles`` takes that style."""
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_plain_text(cell, (styles or {}).get(cell, "")) for cell in row))
    out.print(table)


def _plain_text(text: str, style: str = "") -> Text:
    return Text("\n".join(printable(line) for line in text.split("\n")), style)


def _shown(value: object, name: str = "") -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _shown(getattr(value, one.name), one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _shown(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(one) for one in value]
    if isinstance(value, float) and (name == "at" or name.endswith("_at")):
        return iso(value) if value else None
    if isinstance(value, str) and name in PACKED:
        return _unpacked(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _unpacked(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
