"""Reads Stripe's form encoding: ``metadata[order]=7&expand[0]=customer`` becomes nested dictionaries and lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from simulators.stripe.errors import invalid


def read_form(body: bytes) -> dict[str, Any]:
    """The parameters of a form-encoded body; Refusal when it is not text."""
    try:
        return nested(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    except UnicodeDecodeError:
        raise invalid("", "Invalid request body: not UTF-8.") from None


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Pairs with bracketed names as one tree; all leaves are strings."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _place(tree, _steps(name), value)
    return {name: _with_lists(value) for name, value in tree.items()}


def _steps(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    if not bracket:
        return [name]
    if not rest.endswith("]"):
        raise invalid(name, f"Invalid parameter name: {name}")
    return [head, *rest[:-1].split("][")]


def _place(tree: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise invalid(steps[0], f"Invalid parameter: {steps[0]} is given as a value and as a hash.")
    last = steps[-1]
    tree[str(len(tree)) if last == "" else last] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(child) for name, child in value.items()}
    return list(inner.values()) if inner and all(name.isdigit() for name in inner) else inner
