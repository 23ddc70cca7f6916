"""Events that write nothing and post nothing, but that somebody should hear of: each says in one sentence what to do (case B10)."""

from __future__ import annotations

from datetime import UTC, datetime

from tieout.connectors.stripe._object import StripeObject
from tieout.domain.facts import Ignored, Notice, Statement
from tieout.kernel.money import Money
from tieout.kernel.redact import printable

WORDS_MAX = 80


def payment_failed(invoice: StripeObject) -> Statement:
    """An attempt to take an invoice's money failed."""
    tries = invoice.whole("next_payment_attempt")
    then = f"Stripe tries again on {_day(tries)}." if tries else "Stripe does not try again: ask for the money."
    return Notice(f"{_invoice(invoice)} was not paid, attempt {invoice.whole('attempt_count', 1)}. {then}")


def payment_needs_the_customer(invoice: StripeObject) -> Statement:
    """The customer's bank wants the customer to confirm."""
    told = f"{_invoice(invoice)} waits for its customer, who must confirm the payment."
    return Notice(f"{told} Send the invoice's link again if it stays open.")


def overdue(invoice: StripeObject) -> Statement:
    """The due date of an invoice has passed."""
    return Notice(f"{_invoice(invoice)} is past due since {_day(invoice.whole('due_date'))}. Ask for the money.")


def customer_deleted(customer: StripeObject) -> Statement:
    """A customer was deleted in Stripe, with all subscriptions."""
    told = f"Customer {customer.id} was deleted in Stripe, and its subscriptions ended. Nothing was changed in P21: "
    return Notice(f"{told}its record and its open items stay. Whoever pays again is a new customer in Stripe.")


def tax_id(change: str, found: StripeObject) -> Statement:
    """A tax id of a customer was added, verified or taken away."""
    status = found.text("verification.status")
    checked = f", {status.replace('_', ' ')}" if status and change != "taken away" else ""
    told = f"Tax id {_plain(found.text('type')).replace('_', ' ')} of customer {found.id_of('customer')} was {change}{checked}."
    return Notice(f"{told} Look whether the customer's tax treatment in P21 is still right.")


def early_fraud_warning(warning: StripeObject) -> Statement:
    """The card's issuer says that a payment is probably fraud."""
    told = f"The card's issuer reports charge {warning.id_of('charge')} as fraud ({_plain(warning.text('fraud_type')).replace('_', ' ')})."
    if not warning.flag("actionable"):
        return Notice(f"{told} It is refunded or disputed already. Do not ship what has not left.")
    return Notice(f"{told} A dispute is likely: stop the order if it has not left, and refund it in Stripe.")


def review_opened(review: StripeObject) -> Statement:
    """Radar holds a payment for a person to look at."""
    told = f"Payment {_payment(review)} is held for review ({_plain(review.text('opened_reason', 'reason'))})."
    return Notice(f"{told} Do not ship it before the review is closed in Stripe.")


def review_closed(review: StripeObject) -> Statement:
    """A person, or an event, has closed a review."""
    reason = _plain(review.text("closed_reason", "reason")).replace("_", " ")
    if reason == "approved":
        return Notice(f"The review of payment {_payment(review)} is closed: approved. It may be shipped.")
    told = f"The review of payment {_payment(review)} is closed: {reason or 'for no reason that is told'}."
    return Notice(f"{told} Do not ship it before you have looked at the payment in Stripe.")


def funds_available(balance: StripeObject) -> Statement:
    """Money of a bank transfer lies in a customer's cash balance."""
    available = [
        f"{_money(balance.whole(f'available.{currency}'), currency)}" for currency in balance.names("available")
    ]
    told = f"Customer {balance.id_of('customer')} has transferred money that pays nothing yet ({', '.join(available) or 'no amount is told'})."
    return Notice(f"{told} Apply it to an invoice or a payment in Stripe, or send it back.")


def cash_balance_changed(change: StripeObject) -> Statement:
    """A movement of a customer's cash balance; only new money is news."""
    kind = change.text("type")
    if kind != "funded":
        return Ignored(
            f"a customer's cash balance changed ({_plain(kind) or 'of no known kind'}): what it paid states itself"
        )
    told = f"Customer {change.id_of('customer')} has transferred {_money(change.whole('net_amount'), change.text('currency'))}"
    reference = _plain(change.text("funded.bank_transfer.reference"))
    return Notice(f"{told}{f' ({reference})' if reference else ''}. It is a receipt once it is applied in Stripe.")


def partially_funded(intent: StripeObject) -> Statement:
    """A bank transfer that was too small."""
    missing = intent.whole("next_action.display_bank_transfer_instructions.amount_remaining")
    told = f"Payment {intent.id} over {_money(intent.whole('amount'), intent.text('currency'))} was transferred in part"
    rest = f"; {_money(missing, intent.text('currency'))} is missing" if missing else ""
    return Notice(f"{told}{rest}. Nothing is written to P21 before it is whole: ask for the rest.")


def account_updated(account: StripeObject) -> Statement:
    """The Stripe account itself: only what stops money is told."""
    stopped = [
        name
        for name in ("charges", "payouts")
        if account.has(f"{name}_enabled") and not account.flag(f"{name}_enabled")
    ]
    if stopped:
        return Notice(
            f"Stripe has stopped {' and '.join(stopped)} of account {account.id}. Answer what Stripe asks for in its Dashboard."
        )
    due = [*account.words("requirements.past_due"), *account.words("requirements.currently_due")]
    if due:
        told = f"Stripe asks account {account.id} for {', '.join(map(_plain, due[:3]))}{' …' if due[3:] else ''}"
        return Notice(f"{told}. Answer it in the Dashboard, before payments or payouts are stopped.")
    return Ignored("details of the Stripe account changed; payments and payouts go on")


def external_account(change: str, bank: StripeObject) -> Statement:
    """The bank account that payouts go to: a change nobody made is theft."""
    named = f"{_plain(bank.text('bank_name')) or bank.kind.replace('_', ' ')} …{_plain(bank.text('last4'))}"
    told = f"The bank account that payouts go to was {change}: {named}."
    return Notice(
        f"{told} If none of you did it, lock the Stripe account now. Its statements are what payouts are matched with."
    )


def capability(found: StripeObject) -> Statement:
    """A way to take money was switched on or off."""
    if found.text("status") == "active":
        return Ignored(f"{found.id.replace('_', ' ')} is active: payments of this kind go on")
    told = (
        f"{found.id.replace('_', ' ')} of the Stripe account is {_plain(found.text('status')) or 'of no known status'}"
    )
    return Notice(f"{told}: payments of this kind are refused. Answer what Stripe asks for in its Dashboard.")


def quote_accepted(quote: StripeObject) -> Statement:
    """A customer has accepted a quote."""
    next_step = quote.id_of("invoice") or quote.id_of("subscription") or quote.id_of("subscription_schedule")
    told = f"Quote {_plain(quote.text('number')) or quote.id} over {_money(quote.whole('amount_total'), quote.text('currency'))} was accepted"
    then = (
        f"{next_step} follows from it, and is written once it is final"
        if next_step
        else "nothing is written before its invoice"
    )
    return Notice(f"{told} by customer {quote.id_of('customer') or 'unknown'}: {then}.")


def product(found: StripeObject) -> Statement:
    """A product: it needs an item of P21 before it is sold."""
    if not found.flag("active"):
        return Ignored("the product is not sold any more; what was sold of it stays as it is")
    if any(found.texts("metadata").get(key) for key in ("p21_item_id", "sku")):
        return Ignored("the product names its P21 item; it is read afresh with each sale")
    told = f"Product {found.id} ({_plain(found.text('name'))}) names no item of P21."
    return Notice(f"{told} Put the item id into its metadata as p21_item_id, before an order with it parks.")


def _invoice(invoice: StripeObject) -> str:
    due = _money(invoice.whole("amount_remaining", invoice.whole("amount_due")), invoice.text("currency"))
    customer = invoice.id_of("customer")
    return f"Invoice {_plain(invoice.text('number')) or invoice.id}, {due} open{f', of customer {customer}' if customer else ''},"


def _payment(review: StripeObject) -> str:
    return review.id_of("payment_intent") or review.id_of("charge") or "of no id"


def _money(minor: int, currency: str) -> str:
    try:
        return str(Money(currency.lower(), minor))
    except ValueError:
        return f"an amount in {_plain(currency) or 'no currency'}"


def _day(moment: int) -> str:
    try:
        return datetime.fromtimestamp(moment, UTC).date().isoformat() if moment else "a day that is not told"
    except (ValueError, OverflowError, OSError):
        return "a day that is not told"


def _plain(text: str) -> str:
    return printable(text)[:WORDS_MAX]
