"""Settings and secrets that every web store has, checked in the same words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from tieout.connectors._mistakes import parsed
from tieout.kernel.failures import Failed, Fix

Settings = TypeVar("Settings", bound="StoreSettings")


class StoreSettings(BaseModel):
    """What every store has. ``settle_seconds`` is how long a write of unknown outcome is left alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls_per_second: int = Field(default=10, ge=1, le=1_000_000, title="Calls per second")
    settle_seconds: int = Field(default=30, ge=0, le=86_400, title="Seconds before a write is looked up")
    ca_file: str | None = Field(default=None, title="PEM file of a private certificate authority")


def parse(model: type[Settings], given: Mapping[str, object]) -> Settings:
    """The settings as they were entered. Failed(Fix) names field, value and what to do."""
    return parsed(model, given, "web-store", "webstore.settings")


def secret(secrets: Mapping[str, str], name: str, title: str) -> str:
    """A secret that must be there and fit into a header. Failed(Fix) names it (security S36)."""
    value = secrets.get(name, "").strip()
    if not value or not value.isascii() or not value.isprintable():
        why = "is missing" if not value else "holds characters that no header may hold"
        raise Failed(Fix("webstore.secret", f"The {title} {why}. Enter it in the connection.", field=name))
    return value


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
