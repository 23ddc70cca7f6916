"""Match customer: finds the P21 customer of a buyer, or says that there is none; doubt goes to a person."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.connectors.p21._face import CustomerRecord, Prophet21
from tieout.domain.customers.match import (
    Candidate,
    Evidence,
    Matched,
    NotFound,
    Statement,
    decide,
    normal_email,
    said_of,
    shared_mailbox,
)
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType
from tieout.queries.links import linked_key

WHO_MAX = 80


def _run(context: Context) -> Done:
    name, p21 = context.ports.connections.p21(context.text("connection"))
    stripe_id, email = _text(context, "stripe_customer"), normal_email(_text(context, "email"))
    mailbox = f"email:{email}" if email else ""
    subject = mailbox or stripe_id or context.run.subject
    proven = stripe_id or (mailbox if not shared_mailbox(email) else "")
    linked = linked_key(context.ports.books, name, context.run.connection, proven, "customer") if proven else ""
    who = (_text(context, "name") or email or subject)[:WHO_MAX]
    claimed = said_of(who, linked, _statements(context, stripe_id))
    if isinstance(claimed, Fix):
        raise Failed(claimed)
    verdict = decide(_evidence(p21, who, email, linked, claimed))
    if isinstance(verdict, NotFound) and not (email or _text(context, "name").strip()):
        verdict = _house(p21, _text(context, "house_account").strip())
    return _outcome(verdict, subject)


def _house(p21: Prophet21, account: str) -> Matched | Fix:
    """Whom a buyer without a name and an e-mail address becomes: never a new customer that nobody would know again."""
    record = p21.customer(account) if account else None
    if record is not None and record.active:
        return Matched(record.customer_id, "the house account: the buyer has neither a name nor an e-mail address")
    wrong = (
        f"house_account is {account!r}, which is no active customer of P21" if account else "no house_account is set"
    )
    sentence = (
        f"The buyer has neither a name nor an e-mail address, and {wrong}. Set house_account in the workflow to the P21 customer "
        "for such sales and publish it, or set p21_customer_id in the payment's metadata, then replay."
    )
    return Fix("customer.nameless", sentence, field="house_account", value=account[:80])


def _outcome(verdict: Matched | NotFound | Fix, subject: str) -> Done:
    match verdict:
        case Matched(customer_id, how):
            found = {"customer_id": customer_id, "how": how, "subject": subject}
            return Done(found, reasons=(("customer_id", how, customer_id),))
        case NotFound(why):
            return Done({"customer_id": None, "how": why, "subject": subject})
        case Fix():
            raise Failed(verdict)


def _evidence(p21: Prophet21, who: str, email: str, linked: str, claimed: str) -> Evidence:
    claimed_found = p21.customer(claimed) if claimed else None
    linked_found = p21.customer(linked) if linked and not claimed else None
    by_email = p21.customers_by_email(email) if email and not (claimed or linked) else ()
    return Evidence(
        who,
        email,
        linked,
        _candidate(linked_found, "stored link"),
        claimed,
        _candidate(claimed_found, "metadata"),
        _candidates(by_email),
    )


def _candidates(records: Sequence[CustomerRecord]) -> tuple[Candidate, ...]:
    return tuple(Candidate(one.customer_id, one.name, ", ".join(one.emails), one.active) for one in records)


def _candidate(record: CustomerRecord | None, evidence: str) -> Candidate | None:
    return Candidate(record.customer_id, record.name, evidence, record.active) if record else None


def _statements(context: Context, stripe_id: str) -> tuple[Statement, ...]:
    """What the payment says (or its Checkout session or invoice), then what stands on the Stripe customer."""
    stripe = context.ports.connections.stripe(context.run.connection)
    customer = stripe.customer(stripe_id) if stripe_id else None
    by_customer = customer.metadata.get("p21_customer_id", "") if customer else ""
    return (
        Statement("the payment's metadata", _text(context, "claimed").strip()),
        Statement(f"Stripe customer {stripe_id}", by_customer.strip(), ours=True),
    )


def _text(context: Context, setting: str) -> str:
    return str(context.evaluate(setting, "''") or "")


NODE = NodeType(
    NodeForm(
        "match_customer",
        "Match the customer",
        "read",
        (
            CONNECTION,
            SettingField("stripe_customer", "expression", "Stripe customer id", type="text"),
            SettingField("claimed", "expression", "P21 customer id in metadata", type="text"),
            SettingField("email", "expression", "E-mail address", type="text"),
            SettingField("name", "expression", "Name of the buyer", type="text"),
            SettingField("house_account", "expression", "P21 customer for buyers without name and e-mail", type="text"),
        ),
        lambda settings: {"customer_id": "text", "how": "text", "subject": "text"},
        note="In order of trust: what the payment says, the Stripe customer's metadata, stored link, exact e-mail. Two statements "
        "that disagree, two candidates or a shared mailbox are parked.",
    ),
    _run,
)
