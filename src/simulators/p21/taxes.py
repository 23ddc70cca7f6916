"""Sales tax by the ship-to state: P21 computes it, nobody can send it in (P21 facts §10). The rates are ours."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from simulators.p21.values import money

_PER_CENT = """AL 4 AK 0 AZ 5.6 AR 6.5 CA 7.25 CO 2.9 CT 6.35 DE 0 DC 6 FL 6 GA 4 HI 4 ID 6 IL 6.25 IN 7 IA 6 KS 6.5
KY 6 LA 5 ME 5.5 MD 6 MA 6.25 MI 6 MN 6.875 MS 7 MO 4.225 MT 0 NE 5.5 NV 6.85 NH 0 NJ 6.625 NM 4.875 NY 4 NC 4.75 ND 5
OH 5.75 OK 4.5 OR 0 PA 6 RI 7 SC 6 SD 4.2 TN 7 TX 6.25 UT 6.1 VT 6 VA 5.3 WA 6.5 WV 6 WI 5 WY 4""".split()
RATES: dict[str, Decimal] = {state: Decimal(rate) for state, rate in zip(_PER_CENT[::2], _PER_CENT[1::2], strict=True)}
HOME = ("", "US", "USA", "UNITED STATES")
EXPORT = "EXPORT"


def rates(chosen: Mapping[str, str] | None) -> dict[str, Decimal]:
    """State to per cent: the tenant's own table, or the built-in one."""
    return RATES if chosen is None else {state: Decimal(rate) for state, rate in chosen.items()}


def jurisdiction(state: str, country: str, table: Mapping[str, Decimal]) -> str | None:
    """Where the goods are taxed, or None when that cannot be resolved."""
    if country.strip().upper() not in HOME:
        return EXPORT
    code = state.strip().upper()
    return code if code in table else None


def tax(amount: Decimal, place: str | None, table: Mapping[str, Decimal], currency_id: object) -> Decimal:
    """The tax on one taxable line, in the order's currency, rounded to its places."""
    return money(amount * table.get(place or "", Decimal(0)) / 100, currency_id)
