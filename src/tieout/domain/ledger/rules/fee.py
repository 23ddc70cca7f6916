"""What Stripe charges by itself: its software, such as Radar or Billing, and the conversion of currencies (C2 #21; C5)."""

from __future__ import annotations

from tieout.domain.ledger.account import FX_FEES, SOFTWARE
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Leg
from tieout.domain.ledger.rules._rule import Rule, Terms, against


def _legs(change: BalanceChange, terms: Terms) -> tuple[Leg, ...]:
    return against(FX_FEES if change.type == "stripe_fx_fee" else SOFTWARE)(change, terms)


RULE = Rule("fee", "Stripe's own fees", ("fee",), _legs, (21,), types=("stripe_fee", "stripe_fx_fee"))
