"""The refusals of P21 that are known to come before anything is written, and what a person does about each.

Reliability §2.2 and C16: only these end a write as REJECTED. P21's own words are always quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from tieout.connectors.p21.answers import shown
from tieout.domain.writing import Document, Json, Rejected
from tieout.kernel.failures import Fix

WORDS_CHARACTERS_MAX = 16_384

_IMPORT_SET = re.compile(r"[^:]{0,200}:\s{0,20}\d{1,20}:")
_DOUBT = re.compile(
    r"unexpected response window|time-?d?\s?out|deadlock|connection (was|has been|is)|session (was|has|is)|"
    r"transaction log|network|unavailable|out of memory",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Known:
    """A refusal: how P21 words it, our name for it, the field of our document that it is about, what to do."""

    words: re.Pattern[str]
    name: str
    field: str
    remedy: str


def _known(words: str, name: str, field: str, remedy: str) -> Known:
    return Known(re.compile(words, re.IGNORECASE), name, field, remedy)


KNOWN = (
    _known(
        r"credit hold|credit limit|not allowed.{0,200}credit|order entry is not allowed",
        "credit_hold",
        "customer_id",
        "Release the customer's credit hold in P21 (or let credit control decide), then replay.",
    ),
    _known(
        r"item\b.{0,200}(not valid|not defined|inactive|discontinued|not found|does not exist)|invalid item",
        "item",
        "lines",
        "Create or activate the item at the location in P21, or map it to another item, then replay.",
    ),
    _known(
        r"unit of measure\b.{0,200}(not valid|invalid|not defined)",
        "unit_of_measure",
        "lines",
        "Add the unit of measure to the item in P21, or name one that it has as p21_unit of the product or in the table items "
        "(tieout tables set items), then replay.",
    ),
    _known(
        r"(purchase order|p\.?o\.?)\s*(number|no)?\.?\b.{0,200}required|requires a purchase order",
        "po_required",
        "po_no",
        "Set po_number in the metadata of the payment (or invoice) in Stripe, or lift the customer's PO requirement in P21, "
        "then replay.",
    ),
    _known(
        r"period\b.{0,200}(closed|not defined|not open|locked)",
        "closed_period",
        "date",
        "Open the period in P21, or keep a ledger with --closed-period next_open, then replay.",
    ),
    _known(
        r"payment type\b.{0,200}(not valid|invalid|required)",
        "payment_type",
        "payment_type_id",
        "Set payment_type_id of the connection to a payment type of this company, then replay.",
    ),
    _known(
        r"balance\b.{0,80}\bbranch|branch\b.{0,80}\bbalance",
        "branch_unbalanced",
        "lines",
        "Give the entry accounts of one branch, or postings that balance each branch over an interbranch account, then replay.",
    ),
    _known(
        r"account\b.{0,200}(not in the chart|not found|does not exist|inactive|deleted)|"
        r"account( no| number)?\b.{0,40}(not valid|invalid)",
        "account",
        "lines",
        "Create or activate the account in P21 (another number in the account rules counts only for what is formed later), then replay.",
    ),
    _known(
        r"journal( id)?\b.{0,200}(not valid|invalid|not defined|not found|does not exist)",
        "journal",
        "journal",
        "Set journal_id of the connection to a journal of P21, then replay.",
    ),
    _known(
        r"bank\b.{0,200}(not valid|invalid|required)",
        "bank",
        "bank_no",
        "Set bank_no of the connection to an active bank account of this company, then replay.",
    ),
    _known(
        r"terms( id)?\b.{0,200}(not valid|invalid|required)",
        "terms",
        "terms",
        "Set terms of the connection (or new_customer_terms of the workflow) to terms that exist in P21, then replay.",
    ),
    _known(
        r"salesrep( id)?\b.{0,200}(not valid|invalid|required)",
        "salesrep",
        "salesrep",
        "Set salesrep of the connection to an active one of P21, then replay.",
    ),
    _known(
        r"default branch|branch( id)?\b.{0,200}(not valid|invalid|required)",
        "branch",
        "branch",
        "Set branch in the connection to a branch of this company, then replay.",
    ),
    _known(
        r"ship to( id)?\b.{0,200}(not valid|invalid|required)",
        "ship_to",
        "customer_id",
        "Give the customer an active ship-to in P21, then replay.",
    ),
    _known(
        r"customer( id)?\b.{0,200}(not valid|invalid|required|not found|does not exist|inactive)",
        "customer",
        "customer_id",
        "Correct the customer number or activate the customer in P21, then replay.",
    ),
    _known(
        r"jurisdiction id|tax jurisdiction",
        "tax_jurisdiction",
        "ship_to_state",
        "P21 cannot tell where the goods are taxed: set source_location_id in the connection and a ship-to state, "
        "then replay.",
    ),
    _known(
        r"company\b.{0,200}(could not be retrieved|not valid|invalid)",
        "company",
        "company_id",
        "Correct company_id of the connection, then replay.",
    ),
    _known(
        r"must be (on or before|after|before|on or after)|(requested|required|expedite) date",
        "dates",
        "requested_date",
        "Correct the dates in the workflow (requested_date lies after order_date) and publish it, then replay.",
    ),
    _known(
        r"(payment|applied|receipt)\b.{0,200}(exceed|not fully applied|over-?payment)|exceeds the balance",
        "over_payment",
        "amount",
        "See in P21 what is still open on the invoice. Take off what was applied to it by mistake, or allow overpayments "
        "in P21, then replay.",
    ),
    _known(
        r"invoice\b.{0,200}(not an invoice|not valid|not found|does not exist|invalid|already paid)",
        "invoice",
        "invoice_no",
        "Correct the invoice number or the customer, then replay.",
    ),
    _known(
        r"quantity\b.{0,200}(greater than|not valid|invalid|positive)",
        "quantity",
        "lines",
        "Correct the quantity where it comes from (the store, Stripe, or the metadata), then replay.",
    ),
    _known(
        r"column is disabled|tab page is disabled|invalid column name|no matching element|data element not found|"
        r"invalid value for column",
        "window",
        "",
        "The site's window does not take this field: let an administrator enable it for the API user (DynaChange), or "
        "change the field names in the connection, then replay.",
    ),
    _known(
        r"not available or user does not have permission",
        "permission",
        "",
        "Give the API user permission to open that window in P21, then replay.",
    ),
    _known(r"records do not balance|unbalanced", "unbalanced", "lines", "Correct the amounts, then replay."),
    _known(
        r"fully invoiced|cannot retrieve an rma",
        "state",
        "",
        "Look at the record in P21 and undo there what P21's words name, then replay.",
    ),
    _known(
        r"has \d+ characters|too long|maximum (length )?is",
        "too_long",
        "",
        "Shorten it where it comes from, or in the workflow, then replay.",
    ),
    _known(
        r"duplicate|already exists",
        "exists",
        "",
        "Find in P21 the record that is in the way: rename or delete it there, then replay.",
    ),
    _known(
        r"(column|field)? ?is (a )?required|is a required column",
        "required",
        "",
        "Fill the missing field where it comes from, feed it in the workflow, or set it in the connection, then replay.",
    ),
    _known(
        r"is not valid|is invalid|not a (number|date)",
        "invalid",
        "",
        "Correct the value where it comes from, or in the workflow, then replay.",
    ),
)
OTHER = Known(
    re.compile(""), "rule", "", "Do what P21's words ask for: in P21, or where the value comes from, then replay."
)


def refusal(words: str) -> Known | None:
    """The known refusal in P21's words, or None when they leave a doubt about what has been written."""
    if doubtful(words):
        return None
    return next((one for one in KNOWN if one.words.search(words)), None)


def doubtful(words: str) -> bool:
    """Whether the words speak of a disturbance, not of a rule; more than anybody reads leave a doubt too."""
    return not words.strip() or len(words) > WORDS_CHARACTERS_MAX or bool(_DOUBT.search(words))


def rejected(entity: str, words: str, known: Known, document: Document, detail: str = "") -> Rejected:
    """The refusal as a person reads it: P21's words, then what to do."""
    title = entity.replace("_", " ")
    sentence = f"P21 refused the {title}: {shown(words).rstrip('.')}. {known.remedy}"
    value = _value(document.get(known.field)) if known.field else ""
    return Rejected(Fix(f"p21.refused.{known.name}", sentence, detail, field=known.field, value=value))


def import_messages(words: str) -> str:
    """The texts of an import engine's return, without its wrapping (P21 facts §2.5)."""
    begun = (one.partition(">")[2].partition("</ImportMessage>") for one in words.split("<ImportMessage")[1:])
    plain = (_without_import_set(unescape(text)) for text, ended, _ in begun if ended)
    return "; ".join(dict.fromkeys(one.strip() for one in plain if one.strip()))


def _without_import_set(text: str) -> str:
    rest = text.partition("Import Set No")[2]
    numbered = _IMPORT_SET.match(rest)
    return rest[numbered.end() :] if numbered else text


def _value(value: Json) -> str:
    return str(value)[:80] if isinstance(value, str | int) else ""
