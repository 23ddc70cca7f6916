"""Money moved from the bank to Stripe, or that taken back (C2 #27)."""

from __future__ import annotations

from tieout.domain.ledger.account import TRANSIT
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("topup", "Top-up", ("topup", "topup_reversal"), against(TRANSIT), (27,), types=("topup", "topup_reversal"))
