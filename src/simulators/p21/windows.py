"""The windows the Transaction API can drive: their elements and fields (P21 facts §4.8, §4.9).

Field marks: ``#`` decimal, ``@`` datetime, ``?`` checkbox, ``-`` disabled. What nobody has published (cash receipts,
invoice entry, credit memo) is ours: SYNTHETIC names the defaults, a tenant's options rename everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

_TYPES = {"#": "Decimal", "@": "Datetime"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an element; ``meaning`` is our own name for it, whatever the tenant calls it."""

    name: str
    data_type: str
    disabled: bool
    checkbox: bool
    meaning: str

    @classmethod
    def of(cls, spelled: str) -> Field:
        """Read a field with its marks."""
        name = spelled.rstrip("#@?-")
        marks = spelled[len(name) :]
        kind = next((_TYPES[mark] for mark in marks if mark in _TYPES), "Char")
        return cls(name, kind, "-" in marks, "?" in marks, name)


@dataclass(frozen=True, slots=True)
class Element:
    """One part of a window: a form or a list of rows with default keys."""

    name: str
    kind: str
    keys: tuple[str, ...]
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, name: str, kind: str, keys: str, words: str) -> Element:
        """Build one from its columns as text."""
        fields = [Field.of(spelled) for spelled in words.split()]
        return cls(name, kind, tuple(keys.split()), {field.name: field for field in fields})


@dataclass(frozen=True, slots=True)
class Window:
    """A service: what it means to us (order, customer, cash_receipt …) and what the tenant calls it."""

    meaning: str
    service: str
    title: str
    elements: Mapping[str, Element]
    synthetic: bool = False


SYNTHETIC: dict[str, dict[str, Any]] = {
    "cash_receipt": {"service": "CashReceipts", "title": "Cash Receipts by Customer ID",
                     "header_element": "TABPAGE_1.cash_receipt", "line_element": "TP_INVOICES.invoices", "fields": {}},
    "invoice": {"service": "Invoice", "title": "Invoice Entry", "header_element": "TABPAGE_1.invoice",
                "line_element": "TP_LINES.lines", "fields": {}},
    "credit_memo": {"service": "CreditMemo", "title": "AR Credit/Debit Memo", "header_element": "TABPAGE_1.memo",
                    "line_element": "TP_LINES.lines", "fields": {}},
}  # fmt: skip
_SYNTHETIC_FIELDS = {
    "cash_receipt": (
        "receipt_number#- payment_number#- company_id customer_id# bank_no# deposit_number payment_type_id#"
        " payment_amount# date_received@ check_number payment_desc order_no invoice_no period# year_for_period#"
        " cc_authorized_number payment_account_id approved?",
        "invoice_no", "invoice_no payment_amount# terms_amount# allowed_amount#",
    ),
    "invoice": (
        "invoice_no- customer_id# ship_to_id# invoice_date@ net_due_date@ po_no invoice_desc external_reference_no order_no"
        " tax_amount# freight#",
        "user_line_no", "user_line_no item_id quantity# amount# description account_no",
    ),
    "credit_memo": (
        "invoice_no- customer_id# memo_date@ invoice_reference_no invoice_desc external_reference_no order_no tax_amount#",
        "user_line_no", "user_line_no item_id quantity# amount# description account_no",
    ),
}  # fmt: skip
_SHIP = "oe_hdr_ship2_add1 oe_hdr_ship2_add2 oe_hdr_ship2_city oe_hdr_ship2_state oe_hdr_ship2_zip"
_ORDER = (
    Element.of("TABPAGE_1.order", "Form", "order_no",
        "order_no customer_id# customer_name- company_id- ship_to_id# ship_to_name contact_id contact_name"
        " sales_loc_id# source_loc_id# po_no c_po_no_append order_date@ requested_date@ expedite_date@ quote? taker"
        " taker_name approved? cancel_flag? validation_status- currency_id# email_address job_name c_job_no source_id"
        f" oe_hdr_terms {_SHIP} oe_hdr_carrier_id# packing_basis delivery_instructions freight_cd"
        " advanced_billing_flag? fc_create_invoice? suggested_order_no"),
    Element.of("TP_SHIPTO.shipto", "Form", "",
        "ship_to_id# ship_to_name phys_address1 phys_address2 phys_city phys_state phys_postal_code phys_country"
        " source_loc_id# email_address"),
    Element.of("TP_ITEMS.items", "List", "oe_order_item_id",
        "oe_order_item_id item_desc unit_quantity# unit_of_measure disposition- unit_price# extended_price#-"
        " user_line_no sales_cost# commission_cost# other_cost# extended_desc ship_loc_id# source_loc_id#"
        " customer_part_number"),
    Element.of("TP_EXTDINFO.extd_info", "Form", "",
        "extended_desc source_loc_id# ship_loc_id# product_group_id required_date@ tax_item? unit_of_measure"),
    Element.of("TP_PRICES.prices", "Form", "", "calc_value# pricing_unit unit_price# extended_price#-"),
    Element.of("TP_SHIPINFO.shipinfo", "Form", "",
        "delivery_instructions freight_cd freight_out# oe_hdr_carrier_id# packing_basis pick_ticket_type"),
    Element.of("TP_TERMS.terms", "Form", "", "terms"),
    Element.of("TP_CLASS.tp_class", "Form", "", " ".join(f"oe_hdr_class_{n}id" for n in range(1, 6))),
    Element.of("TP_TOTALS.tp_totals", "Form", "",
        "sales_sub_total#- total_freight#- total_other_charge#- tax_total#- sales_total#- total_paid#-"),
    Element.of("TP_REMITTANCES.remittances", "Form", "",
        "payment_type_id# payment_amount# c_cash_pymt_amt# payment_desc check_number payment_date@"
        " store_credit_number cc_name cc_expiration_date@ cc_authorized_date@ cc_authorized_number"
        " multi_currency_id# multi_currency_payment_amount# override_surcharge?"),
    Element.of("TP_CCTRANSACTIONRESPONSE.cctransactionresponse", "Form", "",
        "auth_amount# cc_authorized_number cc_authorized_date@ retrieval_ref_number payment_account_id cc_number"
        " cc_expiration_date@ payment_number#-"),
    Element.of("TP_FRONTCOUNTER.tp_frontcounter", "Form", "", "ship? print_invoice? period# year_for_period# will_call?"),
)  # fmt: skip
_CUSTOMER = (
    Element.of("TABPAGE_1.tp_1_dw_1", "Form", "customer_id",
        "customer_id# company_id- customer_name salesrep_id terms_id credit_status- mail_address1 mail_address2"
        " mail_city mail_state mail_postal_code mail_country central_phone_number email_address legacy_id"
        " class_1id taxable_flag?"),
    Element.of("SHIP_TO_GENERAL.ship_to_general", "Form", "", "default_branch preferred_location_id#"),
)  # fmt: skip
_SHIPPING = (
    Element.of("TABPAGE_1.tp_1_dw_1", "Form", "pick_ticket_no", "pick_ticket_no# tracking_no create_invoice?"),
    Element.of("TABPAGE_FREIGHT.tabpage_freight", "Form", "", "freight_cd freight_out#"),
)


def windows(chosen: Mapping[str, Any]) -> dict[str, Window]:
    """Every window of a tenant by service name; ``chosen`` renames or, with an empty service, removes synthetic ones."""
    found = [
        Window("order", "Order", "Order Entry", _by_name(_ORDER)),
        Window("rma", "RMA", "RMA Entry", _by_name((_of_return(_ORDER[0]), *_ORDER[1:]))),
        Window("customer", "Customer", "Customer Maintenance", _by_name(_CUSTOMER)),
        Window("shipping", "Shipping", "Shipping", _by_name(_SHIPPING)),
    ]
    found += [_synthetic(meaning, {**SYNTHETIC[meaning], **(chosen.get(meaning) or {})}) for meaning in SYNTHETIC]
    return {window.service: window for window in found if window.service}


def _synthetic(meaning: str, names: Mapping[str, Any]) -> Window:
    header, keys, lines = _SYNTHETIC_FIELDS[meaning]
    elements = (
        Element.of(names["header_element"], "Form", "", header),
        Element.of(names["line_element"], "List", keys, lines),
    )
    renamed = [_renamed(element, names.get("fields") or {}) for element in elements]
    return Window(meaning, names["service"], names["title"], _by_name(renamed), synthetic=True)


def _of_return(header: Element) -> Element:
    """The header of a return names the invoice it takes goods back from; the field's name is ours."""
    return replace(header, fields={**header.fields, "invoice_no": Field.of("invoice_no")})


def _renamed(element: Element, names: Mapping[str, str]) -> Element:
    fields = [replace(field, name=names.get(field.meaning, field.meaning)) for field in element.fields.values()]
    keys = tuple(names.get(key, key) for key in element.keys)
    return replace(element, keys=keys, fields={field.name: field for field in fields})


def _by_name(elements: Any) -> dict[str, Element]:
    return {element.name: element for element in elements}
