"""A payout leaves Stripe: the money is in transit until the bank has it, also when it is negative (C2 #22, #25, #26)."""

from __future__ import annotations

from tieout.domain.ledger.account import TRANSIT
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("payout", "Payout", ("payout",), against(TRANSIT), (22, 25, 26), types=("payout",))
