"""How one pretend tenant differs from another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from simulators.option_texts import seconds_of, whole_of

_CHOICES = {
    "build": ("25.2", "26.1"),
    "dialect_orders": ("classic", "short"),
    "token_format": ("json", "xml"),
    "unknown_item": ("refuse", "drop"),
    "overpayment": ("prepaid", "refuse"),
    "query_names": ("both", "api", "db"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that may differ between tenants (P21 facts §12, §13).

    ``dialect_orders``: which spellings the orders family knows, classic (Terms, SourceLocationId, OeHdrShip2State) or
    short (TermsId, SourceLocId, ShipToState). ``unknown_item``: a line with an unknown item is refused with an
    ImportReturn or dropped silently. ``honour_price``: whether UnitPrice with ManualPriceOveride "Y" counts.
    ``overpayment``: what a receipt beyond the invoice does. ``branch_debit_equal_credit``: whether an entry must balance
    for every branch of its accounts. ``services``: names of the synthetic windows, see
    windows.SYNTHETIC. ``single_session``: a new login kills earlier tokens. ``tax_rates``: state to per cent,
    instead of the built-in table. ``gateway_put_orders``: whether the gateway changes sales orders.
    ``ships_at_once``: an approved order is shipped and invoiced the moment it is approved. ``async_seconds``: how
    long a queued transaction takes.
    """

    build: str = "26.1"
    username: str = "tieout"
    password: str = "prophet-password"
    client_secret: str = "6f1d3c1e-0000-4000-8000-000000000021"
    company: str = "ACME"
    dialect_orders: str = "classic"
    token_format: str = "json"
    token_seconds: int = 86_400
    single_session: bool = False
    unknown_item: str = "refuse"
    honour_price: bool = True
    overpayment: str = "prepaid"
    branch_debit_equal_credit: bool = False
    query_names: str = "both"
    gateway_key: str = "gateway-key"
    gateway_put_orders: bool = True
    ships_at_once: bool = False
    async_seconds: float = 0.0
    async_capacity: int = 2
    services: Mapping[str, Any] = field(default_factory=dict)
    tax_rates: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"option {name}: {getattr(self, name)!r} is none of {', '.join(allowed)}")

    @classmethod
    def of_texts(cls, texts: Mapping[str, str]) -> Options:
        """Options from a command line; ``services`` and ``tax_rates`` are JSON. ValueError names what is wrong."""
        kinds = {one.name: str(one.type) for one in fields(cls)}
        unknown = sorted(set(texts) - set(kinds))
        if unknown:
            raise ValueError(f"unknown option {unknown[0]!r}; known: {', '.join(sorted(kinds))}")
        return cls(**{name: _read(name, kinds[name], value) for name, value in texts.items()})


def _read(name: str, kind: str, value: str) -> Any:
    if kind == "bool":
        return value.lower() in ("yes", "true", "1", "on")
    if kind == "int":
        return whole_of(name, value)
    if kind == "float":
        return seconds_of(name, value)
    return _object(name, value) if kind.startswith("Mapping") else value


def _object(name: str, value: str) -> Any:
    try:
        found = json.loads(value)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"option {name}: {value!r} is not a JSON object, such as {{}}")
    return found
