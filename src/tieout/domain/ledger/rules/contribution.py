"""A donation, such as to carbon removal (C1: it is no fee)."""

from __future__ import annotations

from tieout.domain.ledger.account import DONATIONS
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "contribution",
    "Contribution",
    ("contribution", "climate_order_purchase", "climate_order_refund"),
    against(DONATIONS),
    (21,),
    types=("contribution", "climate_order_purchase", "climate_order_refund"),
)
