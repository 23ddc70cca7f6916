"""Which spelling the orders family of this P21 has: read from its template, never assumed (P21 facts §3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import json_of
from tieout.connectors.p21.session import Session
from tieout.kernel.failures import Failed

ORDERS_PATH = "/api/sales/orders/"
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "order_no": ("OrderNo",),
    "customer_id": ("CustomerId",),
    "company_id": ("CompanyId",),
    "location_id": ("LocationId",),
    "source_location_id": ("SourceLocationId", "SourceLocId"),
    "ship_to_id": ("ShipToId",),
    "ship_to_name": ("ShipToName",),
    "ship_to_address1": ("ShipToAddress1",),
    "ship_to_address2": ("ShipToAddress2",),
    "ship_to_city": ("ShipToCity",),
    "ship_to_state": ("OeHdrShip2State", "ShipToState"),
    "ship_to_postal_code": ("ZipCode",),
    "ship_to_country": ("ShipToCountry",),
    "ship_to_email": ("ShipToMailAddress", "ShipToEmail"),
    "ship_to_phone": ("ShipToPhone",),
    "po_no": ("PoNo",),
    "job_name": ("JobName",),
    "web_reference_no": ("WebReferenceNo",),
    "taker": ("Taker",),
    "terms": ("Terms", "TermsId"),
    "order_date": ("OrderDate",),
    "requested_date": ("RequestedDate", "PromiseDate"),
    "quote": ("Quote",),
    "approved": ("Approved",),
    "create_invoice": ("CreateInvoice",),
    "note": ("DeliveryInstructions",),
    "lines": ("Lines",),
}
REQUIRED = ("customer_id", "company_id", "source_location_id", "ship_to_state", "terms", "lines")


@dataclass(frozen=True, slots=True)
class OrderDialect:
    """Our names and this P21's spelling of them; what its template does not have is not in here."""

    names: Mapping[str, str]

    def lacks(self, *more: str) -> str:
        """Why orders cannot be written in this dialect, or an empty text; ``more`` are further needed names."""
        missing = [name for name in (*REQUIRED, *more) if name not in self.names]
        if not missing:
            return ""
        spelled = ", ".join(" or ".join(SPELLINGS[name]) for name in missing)
        return (
            f"P21's order template ({ORDERS_PATH}new) has no {spelled}. Set orders_by to transaction, or ask for the "
            "spelling of this P21 version."
        )


def read_dialect(session: Session) -> OrderDialect:
    """The dialect of this P21, empty when it has no orders family; Failed when P21 is in no state to tell."""
    reply = session.read("the order template", f"{ORDERS_PATH}new")
    if reply.status in (404, 405):
        return OrderDialect({})
    if reply.status != 200:
        raise Failed(failures.failing("the order template", reply))
    try:
        template = json_of(reply)
    except ValueError as error:
        raise failures.cut_short("the order template", reply, error) from None
    if not isinstance(template, dict):
        raise Failed(failures.failing("the order template", reply))
    return dialect_of(template)


def dialect_of(template: Mapping[str, object]) -> OrderDialect:
    """The spelling that a template has, by presence."""
    found = {ours: next((one for one in spelled if one in template), "") for ours, spelled in SPELLINGS.items()}
    return OrderDialect({ours: name for ours, name in found.items() if name})
