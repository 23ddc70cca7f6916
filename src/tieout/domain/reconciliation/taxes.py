"""Ties tax out: what was charged = what our documents say = what P21 keeps, by document and jurisdiction (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

TOLD, SPLIT, NOT_TOLD = "told by the source", "split from the sale", "not told"
TITLES = {
    "sales_order": "order",
    "invoice": "invoice",
    "ar_invoice": "invoice",
    "credit_memo": "credit memo",
}


@dataclass(frozen=True, slots=True)
class Taxed:
    """One document of a period with its three taxes, in minor units; those of a credit memo are negative, None is not known.

    ``how`` says where ``charged`` is from. ``why`` says what differs or cannot be proven; ``allowed`` that it need not be
    cleared.
    """

    entity: str
    key: str
    subject: str
    day: str
    place: str
    currency: str
    charged: int | None
    how: str
    sent: int | None
    at_p21: int | None
    why: str = ""
    allowed: bool = False

    @property
    def named(self) -> str:
        """``order 1000001``."""
        return f"{TITLES.get(self.entity, self.entity)} {self.key}"

    @property
    def proven(self) -> bool:
        """Whether all three are known."""
        return None not in (self.charged, self.sent, self.at_p21)

    @property
    def off(self) -> int:
        """The larger difference of two of them that are known; as an amount, so that two never cancel out."""
        known = [one for one in (self.charged, self.sent, self.at_p21) if one is not None]
        return max(known) - min(known) if known else 0


@dataclass(frozen=True, slots=True)
class PlaceSum:
    """One jurisdiction and currency: sums of the documents that are proven; ``left`` is our tax on the others."""

    place: str
    currency: str
    documents: int
    charged: int
    sent: int
    at_p21: int
    off: int
    differ: int
    unproven: int
    left: int


@dataclass(frozen=True, slots=True)
class TaxProof:
    """The documents of a period; ``unread`` says why nothing could be proven."""

    documents: tuple[Taxed, ...]
    unread: str = ""

    @property
    def differ(self) -> tuple[Taxed, ...]:
        """Those whose taxes differ, beyond what was allowed."""
        return tuple(one for one in self.documents if one.off and not one.allowed)

    @property
    def allowed(self) -> tuple[Taxed, ...]:
        """Those whose taxes differ by what was allowed, or by what was called off and given back."""
        return tuple(one for one in self.documents if one.off and one.allowed)

    @property
    def unproven(self) -> tuple[Taxed, ...]:
        """Those of which one of the three is not known, and the others are the same."""
        return tuple(one for one in self.documents if not one.off and not one.proven)

    def places(self) -> tuple[PlaceSum, ...]:
        """By jurisdiction and currency."""
        found: dict[tuple[str, str], list[Taxed]] = {}
        for one in self.documents:
            found.setdefault((one.place, one.currency), []).append(one)
        return tuple(_sum(place, currency, some) for (place, currency), some in sorted(found.items()))


def _sum(place: str, currency: str, documents: Iterable[Taxed]) -> PlaceSum:
    every = list(documents)
    proven, rest = [one for one in every if one.proven], [one for one in every if not one.proven]
    return PlaceSum(
        place, currency, len(every), sum(one.charged or 0 for one in proven), sum(one.sent or 0 for one in proven),
        sum(one.at_p21 or 0 for one in proven), sum(one.off for one in every), sum(bool(one.off) for one in every),
        len(rest), sum(one.sent or 0 for one in rest),
    )  # fmt: skip


def jurisdiction(country: str, state: str) -> str:
    """``US-TX``, ``GB``; what nobody told is said."""
    land, part = country.strip().upper(), state.strip().upper()
    land = "US" if land in ("USA", "UNITED STATES") or (part and not land) else land
    return "-".join(filter(None, (land, part))) or "not told"
