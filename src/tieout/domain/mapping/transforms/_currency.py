"""How many decimals a currency has, refused in words a person can act on."""

from __future__ import annotations

from tieout.domain.mapping.errors import Refused, shortened
from tieout.kernel import money


def exponent(currency: str) -> int:
    """Decimals of Stripe's minor unit of ``currency``, whatever its case; Refused for an unknown code."""
    try:
        return money.exponent(currency.strip())
    except ValueError:
        raise Refused(f"{shortened(currency)} is not a currency", "expected an ISO code such as 'usd'") from None
