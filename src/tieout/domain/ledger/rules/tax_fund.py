"""Sales tax set aside at Stripe until it is remitted (C2 #47)."""

from __future__ import annotations

from tieout.domain.ledger.account import TAX_SET_ASIDE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("tax_fund", "Tax set aside", ("tax_fund",), against(TAX_SET_ASIDE), (47,), types=("tax_fund",))
