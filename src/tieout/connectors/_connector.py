"""What every connector can say of itself: what it can do here, and whether a harmless call worked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from tieout.kernel.failures import Failure

Settings = TypeVar("Settings", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a connection: ``name`` in the vault, ``title`` on the screen, ``variable`` of the environment.

    One that is not ``required`` is not asked for: it is taken when its variable is set.
    """

    name: str
    title: str
    variable: str
    note: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Connector(Generic[Settings]):
    """What a connector says of itself before it is connected; ``secrets`` answers those that such settings need."""

    name: str
    title: str
    settings: type[Settings]
    secrets: Callable[[Settings], tuple[Secret, ...]]


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing the connector could do; ``reason`` says why it is off, in words that tell what to change.

    ``alone`` is false for what only travels with another record, as a payment does that is taken with its order.
    """

    name: str
    title: str
    on: bool
    reason: str = ""
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a probe: what was asked, what was found; ``failure`` is None when it is as it should be."""

    title: str
    found: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """The result of harmless calls: a connection works when no finding has a failure."""

    findings: tuple[Finding, ...]
    capabilities: tuple[Capability, ...] = ()

    @property
    def works(self) -> bool:
        """Whether nothing stands in the way of using the connection."""
        return all(finding.failure is None for finding in self.findings)
