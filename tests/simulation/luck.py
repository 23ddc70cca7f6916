"""What can go wrong in a seeded world: drawn from the seed, so that every kind of fault meets every other."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from tests.simulation.world import SETTLE_SECONDS, Luck, Shape

P21_WRITES = ("POST /api/", "tapi CashReceipts", "tapi Order", "")
P21_HALVED = ("GET /api/", "odata ", *P21_WRITES)
P21_BEFORE = (
    "cut",
    "unauthorized",
    "server_error",
    "html_page",
    "pool_exhausted",
    "rate_limited",
    "dirty_session",
    "token_expired",
)
P21_AFTER = ("cut_after_commit", "error_after_commit", "partial_summary")
STRIPE_CALLS = ("rate_limit", "lock_timeout", "server_error", "error_after_commit", "cut", "cut_after_commit")
STRIPE_DELIVERY = ("duplicate", "reorder")
STORE_CALLS = ("down", "cut", "cut_after_commit")

NO_PAYMENT = "A direct invoice is written through REST, which carries no payment"

SHAPES: tuple[Shape, ...] = (
    Shape(),
    Shape(stripe_options={"api_version": "2024-06-20"}),
    Shape(p21_options={"dialect_orders": "short", "token_format": "xml"}),
    Shape(p21_settings={"orders_by": "transaction", "receipts_by": "order"}, excused=(NO_PAYMENT,)),
    Shape(p21_settings={"orders_by": "transaction", "receipts_by": "window"}),
    Shape(p21_settings={"dialect": "gateway"}),
)


def shape_of(seed: int) -> Shape:
    """Which kinds of P21 and Stripe this seed has."""
    return SHAPES[seed % len(SHAPES)]


def luck_of(seed: int) -> Luck:
    """What goes wrong for this seed: nothing for a few, one kind a lot or many kinds a little for the rest."""
    dice = random.Random(f"luck {seed}")
    if seed % 10 == 0:
        return Luck()
    return Luck(
        crash=dice.choice((0.0, 0.002, 0.01)),
        freeze=dice.choice((0.0, 0.0, 0.003, 0.02)),
        p21=tuple(_p21(dice)),
        stripe=tuple(_some(dice, STRIPE_CALLS, 0.08)) + tuple(_some(dice, STRIPE_DELIVERY, 0.3)),
        store=tuple(_some(dice, STORE_CALLS, 0.1)),
    )


def _p21(dice: random.Random) -> list[Mapping[str, Any]]:
    faults, late = _some(dice, P21_BEFORE, 0.05) + _some(dice, P21_AFTER, 0.15), 0.0
    if dice.random() < 0.6:
        late = dice.uniform(1, SETTLE_SECONDS - 4)
        faults.append(
            {"kind": "late_commit", "operation": dice.choice(P21_WRITES), "probability": 0.2, "seconds": late}
        )
    most = (SETTLE_SECONDS - 2 - late) / 2  # all three may meet one record, and it is there within the settle window
    lag = {"probability": dice.uniform(0.05, 0.3), "seconds": dice.uniform(1, most)}
    faults += [
        {"kind": kind, "operation": where, **lag}
        for kind, where in (("stale_read", ""), ("early_answer", dice.choice(P21_WRITES)))
        if dice.random() < 0.25
    ]
    if dice.random() < 0.25:
        faults.append({"kind": "wrong_echo", "operation": dice.choice(P21_WRITES), "probability": 0.2})
    if dice.random() < 0.2:
        faults.append({"kind": "slow", "probability": 0.1, "seconds": dice.choice((2.0, 12.0, 40.0))})
    if dice.random() < 0.15:
        faults.append({"kind": "down", "probability": 1.0, "times": dice.randint(5, 60)})
    if dice.random() < 0.25:
        faults.append({"kind": "half_answer", "operation": dice.choice(P21_HALVED), "probability": 0.1})
    return faults


def _some(dice: random.Random, kinds: tuple[str, ...], most: float) -> list[Mapping[str, Any]]:
    chosen = dice.sample(kinds, dice.randint(0, len(kinds)))
    return [{"kind": kind, "probability": dice.uniform(0.01, most)} for kind in chosen]
