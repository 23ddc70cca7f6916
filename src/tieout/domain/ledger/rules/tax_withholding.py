"""Tax withheld by Stripe: it can be claimed back (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import WITHHOLDING
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("tax_withholding", "Tax withheld", ("tax_withholding",), against(WITHHOLDING))
