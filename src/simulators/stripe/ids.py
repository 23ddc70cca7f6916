"""Identifiers that look like Stripe's, from seeded dice."""

from __future__ import annotations

import random
import string

_LETTERS = string.ascii_letters + string.digits
# Prefix, what the body starts with, and how long the body is.
_FORMS = {
    "charge": ("ch_3", 23), "payment_intent": ("pi_3", 23), "checkout.session": ("cs_{mode}_a1", 56),
    "invoice": ("in_1", 23), "invoice_payment": ("inpay_1", 23), "customer": ("cus_", 14), "product": ("prod_", 14),
    "price": ("price_1", 23), "balance_transaction": ("txn_3", 23), "refund": ("re_3", 23), "event": ("evt_1", 23),
    "thin event": ("evt_{mode}_", 44), "webhook_endpoint": ("we_1", 23), "item": ("li_1", 23),
    "line_item": ("il_1", 23), "payment_method": ("pm_1", 23), "tax_rate": ("txr_1", 23), "request": ("req_", 14),
    "secret": ("whsec_", 32), "receipt": ("", 24), "invoice_prefix": ("", 8), "invoiceitem": ("ii_1", 23),
    "subscription_item": ("si_", 14), "payout": ("po_1", 23), "topup": ("tu_1", 23), "dispute": ("du_1", 23),
    "bank_account": ("ba_1", 23), "credit_note": ("cn_1", 23), "credit_note_line_item": ("cnli_1", 23),
    "customer_balance_transaction": ("cbtxn_1", 23), "shipping_rate": ("shr_1", 23),
}  # fmt: skip


class Ids:
    """Makes a new identifier of a kind; no two are alike."""

    def __init__(self, dice: random.Random, livemode: bool) -> None:
        mode = "live" if livemode else "test"
        self._forms = {kind: (prefix.format(mode=mode), length) for kind, (prefix, length) in _FORMS.items()}
        self._dice = dice

    def new(self, kind: str) -> str:
        """A new identifier, e.g. ``ch_3…`` for ``charge``."""
        prefix, length = self._forms[kind]
        return prefix + "".join(self._dice.choices(_LETTERS, k=length))
