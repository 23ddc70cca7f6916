"""The entity family: customers, contacts and addresses as object graphs (P21 facts §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from simulators.p21 import parties
from simulators.p21.answers import Answer, envelope, html_not_found, no_resource, with_slash
from simulators.p21.odata_filter import BadQuery, read_filter
from simulators.p21.refusals import SERVER, Refused
from simulators.p21.state import State
from simulators.p21.tables import Column, Row
from simulators.p21.values import number, parse_json, text, whole, yes
from simulators.wire import Request

PREFIX = "/api/entity/"
_CLASSES = " Class1id=class_1id Class2id=class_2id Class3id=class_3id Class4id=class_4id Class5id=class_5id"
_CHILDREN = (
    "CustomerAddress", "CustomerSalesreps", "CustomerTerms", "CustomerContacts", "CustomerShipTos",
    "CustomerPriceLibraries", "CustomerEDITransactions", "CustomerDealerTypes", "CustomerRestrictedClasses",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One entity: its table, its key and the members of its objects with their columns."""

    table: str
    key: str
    object_name: str
    members: Mapping[str, str]
    constants: Mapping[str, Any]


def _pairs(words: str) -> dict[str, str]:
    return dict(word.split("=") for word in words.split())


KINDS = {
    "customers": Kind("customer", "customer_id", "customer", _pairs(
        "CompanyId=company_id CustomerId=customer_id CustomerName=customer_name SalesrepId=salesrep_id TermsId=terms_id"
        " CodRequiredFlag=cod_required_flag Taxable=taxable_flag PoNoRequired=po_no_required"
        " WebEnabledFlag=web_enabled_flag CreditStatus=credit_status CreditLimit=credit_limit"
        " CreditLimitPerOrder=credit_limit_per_order CreditLimitUsed=credit_limit_used CurrencyId=currency_id"
        " CustomerType=customer_type DefaultDisposition=default_disposition BillToContactId=bill_to_contact_id"
        " InvoicePrintQty=invoice_print_qty GenerateCustomerStatements=generate_customer_statements"
        " StatementBalance=statement_balance StateSalesTaxExemptionNo=state_sales_tax_exemption_no"
        " FederalExemptionNumber=federal_exemption_number LegacyId=legacy_id DateAcctOpened=date_acct_opened"
        " PricingMethod=pricing_method DefaultBranchId=default_branch_id Delete=delete_flag" + _CLASSES
    ), {"CreditLimitAvailable": None, **dict.fromkeys(_CHILDREN)}),
    "contacts": Kind("contacts", "id", "contacts", _pairs(
        "Id=id AddressId=address_id FirstName=first_name LastName=last_name Mi=mi Salutation=salutation Title=title"
        " DirectPhone=direct_phone PhoneExt=phone_ext Cellular=cellular EmailAddress=email_address"
        " EmailAddress2=email_address2 HomeAddress1=home_address1 HomeAddress2=home_address2 Url=url LoginId=login_id"
        " CompanyId=company_id DeleteFlag=delete_flag" + _CLASSES
    ), {}),
    "addresses": Kind("address", "id", "address", _pairs(
        "AddressId=id Name=name MailAddress1=mail_address1 MailAddress2=mail_address2 MailAddress3=mail_address3"
        " MailCity=mail_city MailState=mail_state MailPostalCode=mail_postal_code MailCountry=mail_country"
        " PhysAddress1=phys_address1 PhysAddress2=phys_address2 PhysAddress3=phys_address3 PhysCity=phys_city"
        " PhysState=phys_state PhysPostalCode=phys_postal_code PhysCountry=phys_country PhysCounty=phys_county"
        " CentralPhoneNumber=central_phone_number CentralFaxNumber=central_fax_number EmailAddress=email_address"
        " Url=url CorpAddressId=corp_address_id Delete=delete_flag"
    ), {}),
}  # fmt: skip
_SHIP_TO = _pairs(
    "DefaultBranch=default_branch TaxGroupId=tax_group_id TermsId=terms_id InvoiceType=invoice_type"
    " DefaultSourceLocationId=preferred_location_id PackingBasis=packing_basis PickTicketType=pick_ticket_type"
    " DefaultCarrierId=default_carrier_id"
)


class Entities:
    """Answers /api/entity/{customers|contacts|addresses}."""

    def __init__(self, state: State) -> None:
        self._state = state

    def answer(self, request: Request) -> Answer:
        """One object, a list, a template, or what a rule said."""
        family, slash, key = request.path.removeprefix(PREFIX).partition("/")
        kind, key = KINDS.get(family), unquote(key).strip("/")
        if kind is None:
            return html_not_found(request.path)
        if not slash:
            return with_slash(request)
        if key == "ping":
            return Answer({"ResponseMessage": "success"})
        if key == "help":
            return Answer(page=f"<html><body><h1>{family}</h1></body></html>")
        return self._dispatch(kind, request, key)

    def _dispatch(self, kind: Kind, request: Request, key: str) -> Answer:
        if request.method == "GET":
            return self._get(kind, request, key)
        if request.method == "POST" and not key:
            return self._save(kind, _body(request))
        if request.method == "PUT" and key and kind.table != "address":
            return self._put(kind, key, _body(request))
        return Answer(status=405)

    def _get(self, kind: Kind, request: Request, key: str) -> Answer:
        if key == "new":
            return self._template(kind)
        if not key:
            return self._list(kind, request.first("$query"))
        row = self._by_key(kind, key)
        if row is None or not self._state.seen(row):
            return no_resource(f"GetById {key}", self._state.now())
        return Answer(self._shown(kind, row, request.first("extendedproperties")), root=kind.object_name)

    def _template(self, kind: Kind) -> Answer:
        if kind.table == "address":
            return envelope("Unable to create a new resource.", SERVER, self._state.now(), synthetic=True)
        columns = self._state[kind.table].columns
        blank = {name: columns[column].initial for name, column in kind.members.items()}
        return Answer({**blank, **_frame(kind)}, root=kind.object_name)

    def _list(self, kind: Kind, query: str) -> Answer:
        table, names = self._state[kind.table], self._names(kind)

        def column(name: str) -> Column:
            if name not in names:
                raise BadQuery(f"Unable to interpret the query: '{name}' is not recognized.")
            return table.columns[names[name]]

        try:
            condition = read_filter(query, column, table.indexed) if query else None
        except BadQuery as mistake:
            return envelope(str(mistake), SERVER, self._state.now(), synthetic=True)
        narrow = condition is not None and condition.column and table.indexed(condition.column)
        rows = table.among(condition.column, condition.values) if condition and narrow else table.rows
        kept = [row for row in rows if (condition is None or condition.test(row)) and self._state.seen(row)]
        return Answer([self._shown(kind, row, "") for row in kept], root=f"ArrayOf{kind.object_name}")

    def _names(self, kind: Kind) -> dict[str, str]:
        columns = {name: name for name in self._state[kind.table].columns}
        chosen = {"api": kind.members, "db": columns}.get(self._state.options.query_names, {**columns, **kind.members})
        return dict(chosen)

    def _save(self, kind: Kind, body: Mapping[str, Any]) -> Answer:
        given = body.get(_member(kind, kind.key))
        row = None if given in (None, "", 0) else self._row(kind, given)
        if row is None and given not in (None, "", 0) and kind.table != "customer":
            return no_resource(f"GetById {given}", self._state.now())
        with self._state.atomic():
            row = self._create(kind, body, given) if row is None else self._change(kind, row, body)
        return Answer(self._shown(kind, row, "*"), root=kind.object_name)

    def _put(self, kind: Kind, key: str, body: Mapping[str, Any]) -> Answer:
        row = self._by_key(kind, key)
        if row is None:
            return no_resource(f"GetById {key}", self._state.now())
        return Answer(self._shown(kind, self._change(kind, row, body), "*"), root=kind.object_name)

    def _create(self, kind: Kind, body: Mapping[str, Any], given: object) -> Row:
        values = self._columns(kind, body)
        if kind.table == "address":
            return parties.add_address(self._state, values)
        if kind.table == "contacts":
            return parties.add_contact(self._state, values)
        return self._create_customer(values, body, given)

    def _create_customer(self, values: dict[str, Any], body: Mapping[str, Any], given: object) -> Row:
        place = body.get("CustomerAddress") or {}
        adopted = place.get("AddressId") or body.get("AddressId") or given
        ship_tos = _listed(body.get("CustomerShipTos"))
        ship_to = (
            {column: ship_tos[0][name] for name, column in _SHIP_TO.items() if name in ship_tos[0]}
            if ship_tos
            else None
        )
        contacts = [one.get("ContactId") for one in _listed(body.get("CustomerContacts"))]
        address = self._columns(KINDS["addresses"], place) if place else None
        number_ = whole(adopted, "AddressId") if adopted not in (None, "", 0) else None
        return parties.add_customer(self._state, values, address, number_, contacts, ship_to)

    def _change(self, kind: Kind, row: Row, body: Mapping[str, Any]) -> Row:
        values = {name: value for name, value in self._columns(kind, body).items() if name != kind.key}
        if kind.table == "contacts":
            parties.change_contact(self._state, row, values)
        else:
            self._state.change(kind.table, row, values)
        return row

    def _columns(self, kind: Kind, body: Mapping[str, Any]) -> dict[str, Any]:
        table = self._state[kind.table]
        found = {}
        for name, column in kind.members.items():
            if body.get(name) is not None:
                found[column] = _stored(table.columns[column], name, body[name])
        return found

    def _by_key(self, kind: Kind, key: str) -> Row | None:
        if kind.table != "customer":
            return self._row(kind, key)
        company, _, customer_id = key.rpartition("_")
        return self._row(kind, customer_id) if company.lower() == self._state.company.lower() else None

    def _row(self, kind: Kind, key: object) -> Row | None:
        table = self._state[kind.table]
        wanted: object = text(key)
        if table.columns[kind.key].kind == "number":
            if not text(key).isdigit():
                return None
            wanted = int(text(key))
        return table.one(**{kind.key: wanted})

    def _shown(self, kind: Kind, row: Row, extended: str) -> dict[str, Any]:
        shown = {name: row[column] for name, column in kind.members.items()} | _frame(kind)
        if kind.table == "customer":
            shown["CreditLimitAvailable"] = row["credit_limit"] - row["credit_limit_used"]
            asked = _CHILDREN if extended == "*" else [name.strip() for name in extended.split(",")]
            shown |= {name: self._children(name, row) for name in _CHILDREN if name in asked}
        return shown

    def _children(self, name: str, row: Row) -> object:
        company, number_ = row["company_id"], row["customer_id"]
        if name == "CustomerAddress":
            place = self._state["address"].one(id=number_)
            return None if place is None else self._shown(KINDS["addresses"], place, "")
        if name == "CustomerContacts":
            links = self._state["contact_links"].where(link_id=number_)
            return {"list": [{"CompanyId": company, "ContactId": one["id"]} for one in links]}
        if name == "CustomerShipTos":
            places = self._state["ship_to"].where(customer_id=number_)
            return {"list": [{"CompanyId": company, "ShipToId": one["ship_to_id"], **{
                member: one[column] for member, column in _SHIP_TO.items()}} for one in places]}  # fmt: skip
        if name == "CustomerSalesreps":
            return {"list": [{"CompanyId": company, "SalesrepId": row["salesrep_id"], "PrimarySalesrep": "Y"}]}
        return {"list": []}


def _member(kind: Kind, column: str) -> str:
    return next(name for name, stored in kind.members.items() if stored == column)


def _frame(kind: Kind) -> dict[str, Any]:
    return {**kind.constants, "UserDefinedFields": {}, "ObjectName": kind.object_name}


def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = parse_json(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("The request body could not be read.", error_type=SERVER, code="bad_body", synthetic=True)
    return body


def _listed(wrapped: Any) -> list[Mapping[str, Any]]:
    return list(wrapped.get("list") or ()) if isinstance(wrapped, dict) else []


def _stored(column: Column, name: str, value: object) -> Any:
    if column.kind == "number":
        return number(value, name)
    if column.kind == "text" and column.length == 1 and isinstance(value, bool):
        return "Y" if yes(value) else "N"
    return text(value)
