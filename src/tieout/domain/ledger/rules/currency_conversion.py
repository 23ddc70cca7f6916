"""Balance changed from one currency into another: what the two rows differ by is FX (C2 #42; C5)."""

from __future__ import annotations

from tieout.domain.ledger.account import FX
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("currency_conversion", "Currency conversion", ("currency_conversion",), against(FX), (41, 42))
