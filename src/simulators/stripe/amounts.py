"""Which amounts Stripe accepts, and how it converts and charges for them (Stripe facts B7, B8)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

NO_DECIMALS = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())
WHOLE_HUNDREDS = frozenset({"isk", "ugx"})
DIGITS_MAX = {"idr": 12}
MINIMUM = {"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50, "jpy": 50, "mxn": 1000}
# What one unit of the currency is worth in dollars: invented and fixed, so that a seeded trial always books the same.
DOLLARS = {
    "usd": "1", "eur": "1.0831", "gbp": "1.2703", "cad": "0.7312", "aud": "0.6554", "mxn": "0.0548", "jpy": "0.006713",
    "krw": "0.000724", "kwd": "3.2497", "bhd": "2.6525", "isk": "0.007214", "ugx": "0.000267", "huf": "0.002741",
    "twd": "0.03098", "chf": "1.1172", "sek": "0.0949", "idr": "0.0000615",
}  # fmt: skip


def exponent(currency: str) -> int:
    """Digits behind the point in Stripe's minor unit of ``currency``."""
    if currency in NO_DECIMALS:
        return 0
    return 3 if currency in THREE_DECIMALS else 2


def check_amount(currency: str, amount: int) -> None:
    """ValueError when Stripe would refuse to charge ``amount`` minor units; 0 is a free order and passes."""
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not currency.islower():
        raise ValueError(f"currency {currency!r}: give a three-letter code in lower case")
    problem = _problem(currency, amount)
    if problem:
        raise ValueError(f"amount {amount} {currency}: {problem}")


def check_invoiced(currency: str, amount: int) -> None:
    """ValueError when Stripe would refuse an invoice of ``amount``: it may be below 0 or too small to charge (B12)."""
    check_amount(currency, 0 if abs(amount) < MINIMUM.get(currency, 1) else abs(amount))


def _problem(currency: str, amount: int) -> str:
    if amount < 0 or len(str(amount)) > DIGITS_MAX.get(currency, 8):
        return f"must be 0 to {DIGITS_MAX.get(currency, 8)} digits"
    if currency in THREE_DECIMALS and amount % 10:
        return "the last of three decimals must be 0"
    if currency in WHOLE_HUNDREDS and amount % 100:
        return "must be divisible by 100"
    if 0 < amount < MINIMUM.get(currency, 1):
        return f"below the minimum of {MINIMUM[currency]}"
    return ""


def minor_rate(source: str, target: str) -> Decimal:
    """What one minor unit of ``source`` is in minor units of ``target``, rounded to six digits as Stripe shows it."""
    worth = Decimal(DOLLARS.get(source, "0.5")) / Decimal(DOLLARS.get(target, "0.5"))
    return (worth * Decimal(10) ** (exponent(target) - exponent(source))).quantize(Decimal("0.000001"))


def rounded(value: Decimal) -> int:
    """Whole minor units, halves away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def processing_fee(amount: int, settlement: str) -> int:
    """2.9 % and 30 cents of a dollar, in minor units of the settlement currency."""
    fixed = rounded(30 * minor_rate("usd", settlement))
    return rounded(Decimal(amount) * Decimal("0.029")) + fixed


def shared_out(total: int, weights: list[int]) -> list[int]:
    """``total`` minor units spread over ``weights`` without losing one: largest remainders first."""
    whole = sum(weights)
    if not total or not whole:
        return [0 if position or not weights else total for position in range(len(weights))]
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(total * weights[at] % whole), at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts
