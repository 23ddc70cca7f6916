"""What nodes may reach, opened once and passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tieout.domain.audit.act import PROGRAM, Actor
from tieout.domain.retrying import RetryPolicy
from tieout.kernel.clock import Clock
from tieout.operations.settling import Settling
from tieout.store.chain import Keys
from tieout.store.database import Database

if TYPE_CHECKING:  # heavy, and wanted by name only
    from tieout.connectors.p21._face import Prophet21
    from tieout.connectors.stripe.client import Stripe
    from tieout.connectors.webstore import OrderSource


class Connections(Protocol):
    """The configured connections by name; Failed(Fix) names one that is missing. An empty name means the only one."""

    def stripe(self, name: str) -> Stripe:
        """A Stripe account."""
        ...

    def p21(self, name: str = "") -> tuple[str, Prophet21]:
        """A Prophet 21 and the name of its connection."""
        ...

    def store(self, name: str = "") -> tuple[str, OrderSource]:
        """A web store and the name of its connection."""
        ...

    def settle_seconds(self, name: str) -> float:
        """How long a write of unknown outcome is left alone on that connection before it is looked up."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The world of a run: the inbox, the books, the clock, dice in [0, 1), the connections, the retry policy, who acts,
    which settle windows this process counts, the keys of the books' chain, and after how many days who somebody is is erased."""

    box: Database
    books: Database
    clock: Clock
    dice: Callable[[], float]
    connections: Connections
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    who: Actor = PROGRAM
    settling: Settling = field(default_factory=Settling)
    keys: Keys | None = None
    personal_days: int = 0
