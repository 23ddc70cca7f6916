"""Tax on Stripe's fees: recoverable input tax (C2 #5, #21)."""

from __future__ import annotations

from tieout.domain.ledger.account import INPUT_TAX
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("tax", "Tax on fees", ("tax",), against(INPUT_TAX), (5, 21), types=("tax_fee",))
