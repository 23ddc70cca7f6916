"""The permissions a restricted key needs: their names, what Stripe's dashboard calls them, and a harmless question.

Security §6.1. Only what this version asks for: least privilege. Stripe has no permission of its own for refunds: they come with charges.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """One read permission. ``path`` answers a list (or the account) when it is granted; ``need`` says what for.

    ``expanded`` is what must be opened in the answer for the permission to be asked for.
    """

    name: str
    label: str
    path: str
    need: str
    listed: bool = True
    expanded: str = ""


READS = (
    Permission("charge_read", "Charges and Refunds", "charges", "payments and refunds"),
    Permission("payment_intent_read", "PaymentIntents", "payment_intents", "payments"),
    Permission("customer_read", "Customers", "customers", "who paid"),
    Permission("checkout_session_read", "Checkout Sessions", "checkout/sessions", "what was bought in Checkout"),
    Permission("invoice_read", "Invoices", "invoices", "what was bought by invoice"),
    Permission("credit_note_read", "Credit Notes", "credit_notes", "what an invoice was credited"),
    Permission("balance_read", "Balance", "balance_transactions", "what moved, and what it cost"),
    Permission(
        "balance_transaction_source_read",
        "Balance Transaction Sources",
        "balance_transactions",
        "whose payment a row is",
        expanded="data.source",
    ),
    Permission("payout_read", "Payouts", "payouts", "what reached the bank"),
    Permission("dispute_read", "Disputes", "disputes", "what buyers dispute"),
    Permission("plan_read", "Prices", "prices", "which item a line is"),
    Permission("product_read", "Products", "products", "which item a line is"),
    Permission("connected_account_read", "Accounts", "account", "which account the key is of", listed=False),
    Permission("webhook_read", "Webhook Endpoints", "webhook_endpoints", "noticing that a webhook is switched off"),
)

_MORE = {"refunds": "charge_read", "invoice_payments": "invoice_read", "balance": "balance_read"}
_LABELS = {one.name.removesuffix("_read"): one.label for one in READS}


def needed_for(endpoint: str, write: bool) -> str:
    """The permission a call to that kind of object needs, without ``rak_``; empty when we do not know."""
    read = _MORE.get(endpoint) or next((one.name for one in READS if one.path == endpoint), "")
    return read.removesuffix("_read") + "_write" if read and write else read


def described(name: str) -> str:
    """A permission as a person finds it: ``"Customers: Read" (rak_customer_read)``."""
    thing, _, act = name.rpartition("_")
    label = _LABELS.get(thing, thing.replace("_", " ").capitalize())
    return f'"{label}: {act.capitalize()}" (rak_{name})'
