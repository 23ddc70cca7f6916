"""What a P21 connection is told: where it is, which company, which dialect, which fields carry our references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tieout.connectors._address import safe_base
from tieout.connectors._connector import Secret
from tieout.connectors._mistakes import parsed
from tieout.connectors.p21._gateway_names import ANSWERS, FIELDS, PATHS, QUERIES
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import exponent

VARIABLE = "TIEOUT_P21_SECRET"
TAKER = "TIEOUT"
SENT_IN_HEADERS = frozenset(("gateway_key",))
ORDER_REFERENCES = {"rest": "web_reference_no", "transaction": "job_name"}
RELEASES = {
    "after_compare": "entered unapproved, read back, compared, then approved",
    "at_once": "approved as they are entered; one that differs raises an alert at once: hold it",
    "by_hand": "left unapproved; they are listed by: tieout orders",
}
REQUIRED_OF_MIDDLEWARE = {
    "username": "the P21 user the connection works as (with a consumer key too: without one it would act as the "
    "user who installed P21)",
    "location_id": "the number of the sales location of the orders",
}


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True)


class ReferenceFields(_Settings):
    """Which P21 column carries our reference. An empty ``order`` takes the default of ``orders_by``."""

    order: Literal["", "web_reference_no", "po_no", "job_name"] = ""
    invoice: Literal["web_reference_no", "po_no", "job_name"] = "web_reference_no"
    customer: Literal["legacy_id", "class_1id", "class_2id", "class_3id", "class_4id", "class_5id"] = "legacy_id"
    address: Literal["url"] = "url"
    contact: Literal["url", "class_1id", "class_2id", "class_3id", "class_4id", "class_5id"] = "url"
    receipt: Literal["check_number"] = "check_number"
    journal: Literal["source"] = "source"
    document: Literal["external_reference_no"] = "external_reference_no"


class Window(_Settings):
    """How one of the site's windows is called and filled in. Nobody publishes it: checked before first use."""

    service: str = ""
    header_element: str = ""
    line_element: str = ""
    use_code_values: bool = False
    field_map: dict[str, str] = {}
    line_field_map: dict[str, str] = {}


class ReceiptWindow(Window):
    """The cash-receipts window; refunds go through it too."""

    service: str = "CashReceipts"
    header_element: str = "TABPAGE_1.cash_receipt"
    line_element: str = "TP_INVOICES.invoices"
    field_map: dict[str, str] = {
        "customer_id": "customer_id",
        "date": "date_received",
        "amount": "payment_amount",
        "payment_type_id": "payment_type_id",
        "bank_no": "bank_no",
        "deposit_number": "deposit_number",
        "reference": "check_number",
        "description": "payment_desc",
        "order_no": "order_no",
        "payment_number": "payment_number",
    }
    line_field_map: dict[str, str] = {"invoice_no": "invoice_no", "amount": "payment_amount"}


DOCUMENT_LINE = {
    "line_no": "user_line_no",
    "item_id": "item_id",
    "quantity": "quantity",
    "amount": "amount",
    "description": "description",
    "account": "account_no",
}


class MemoWindow(Window):
    """The window for credit memos by amount."""

    service: str = "CreditMemo"
    header_element: str = "TABPAGE_1.memo"
    line_element: str = "TP_LINES.lines"
    field_map: dict[str, str] = {
        "customer_id": "customer_id",
        "date": "memo_date",
        "invoice_no": "invoice_reference_no",
        "order_no": "order_no",
        "reason": "invoice_desc",
        "tax": "tax_amount",
        "reference": "external_reference_no",
        "document_no": "invoice_no",
    }
    line_field_map: dict[str, str] = DOCUMENT_LINE


class InvoiceWindow(Window):
    """The window for invoices by amount."""

    service: str = "Invoice"
    header_element: str = "TABPAGE_1.invoice"
    line_element: str = "TP_LINES.lines"
    field_map: dict[str, str] = {
        "customer_id": "customer_id",
        "date": "invoice_date",
        "due_date": "net_due_date",
        "po_no": "po_no",
        "description": "invoice_desc",
        "tax": "tax_amount",
        "freight": "freight",
        "reference": "external_reference_no",
        "document_no": "invoice_no",
    }
    line_field_map: dict[str, str] = DOCUMENT_LINE


class GatewaySettings(_Settings):
    """The names a site's REST gateway uses; what is not given keeps its default."""

    paths: dict[str, str] = {}
    fields: dict[str, str] = {}
    queries: dict[str, str] = {}
    answers: dict[str, str] = {}
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    page_size: int = Field(default=50, ge=1, le=1000)

    @model_validator(mode="after")
    def _known(self) -> GatewaySettings:
        known = {"paths": PATHS, "fields": FIELDS, "queries": QUERIES, "answers": ANSWERS}
        for table, names in known.items():
            for name in getattr(self, table):
                if name not in names:
                    raise ValueError(f"{table} has no name {name!r}; known: {', '.join(sorted(names))}")
        return self

    def path(self, name: str) -> str:
        """The path of a collection."""
        return self.paths.get(name, PATHS[name])

    def field(self, name: str) -> str:
        """What the gateway calls a field."""
        return self.fields.get(name, FIELDS[name])

    def query(self, name: str) -> str:
        """What the gateway calls a query parameter."""
        return self.queries.get(name, QUERIES[name])

    def answer(self, name: str) -> str:
        """What the gateway calls a part of its answers."""
        return self.answers.get(name, ANSWERS[name])


class P21Settings(_Settings):
    """One company of one Prophet 21. Secrets are never in here."""

    base_url: str
    dialect: Literal["middleware", "gateway"] = "middleware"
    company_id: str = Field(min_length=1, max_length=8)
    username: str = ""
    auth: Literal["user", "consumer_key"] = "user"
    location_id: int | None = None
    source_location_id: int | None = None
    branch: str = Field("", max_length=8)
    taker: str = Field(TAKER, max_length=30)
    terms: str = Field("", max_length=2)
    salesrep: str = Field("", max_length=16)
    home_country: str = "US"
    currencies: dict[str, int] = Field(min_length=1)
    orders_by: Literal["rest", "transaction"] = "rest"
    receipts_by: Literal["window", "order", "off"] = "window"
    reference_fields: ReferenceFields = ReferenceFields()
    receipt_window: ReceiptWindow = ReceiptWindow()
    refunds_by: Literal["window", "off"] = "window"
    memo_window: MemoWindow = MemoWindow()
    invoice_window: InvoiceWindow = InvoiceWindow()
    rma_invoice_field: str = Field("invoice_no", min_length=1)
    journal_id: str = Field("GJ", min_length=1, max_length=2)
    payment_type_id: int | None = None
    bank_no: int | None = None
    release_orders: Literal["after_compare", "at_once", "by_hand"] = "after_compare"
    settle_seconds: float = Field(600, ge=0)
    calls_per_second: float = Field(20, gt=0, le=1000)
    read_seconds: float = Field(30, gt=0, le=600)
    ca_file: str | None = None
    ui_path: str = ""
    gateway: GatewaySettings = GatewaySettings()

    @model_validator(mode="before")
    @classmethod
    def _released_as_before(cls, given: Any) -> Any:
        """``approve_orders`` was its name: false left every order to be approved by hand."""
        if not isinstance(given, dict) or "approve_orders" not in given:
            return given
        rest = {name: value for name, value in given.items() if name != "approve_orders"}
        by_hand = str(given["approve_orders"]).strip().lower() in ("false", "no", "off", "0", "n")
        return {"release_orders": "by_hand", **rest} if by_hand else rest

    @model_validator(mode="before")
    @classmethod
    def _receipts_of_dialect(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("dialect") == "gateway":
            return {"receipts_by": "order", "refunds_by": "off", **given}
        return given

    @field_validator("base_url")
    @classmethod
    def _safe_address(cls, url: str) -> str:
        return safe_base(url)

    @field_validator("currencies")
    @classmethod
    def _known_currencies(cls, given: dict[str, int]) -> dict[str, int]:
        for code in given:
            exponent(code)
        return {code.lower(): number for code, number in given.items()}

    @field_validator("ui_path")
    @classmethod
    def _a_path(cls, path: str) -> str:
        if path and not path.startswith("/"):
            raise ValueError("write the path on the same host, such as /uiserver0")
        return path.rstrip("/")

    @model_validator(mode="after")
    def _fits_together(self) -> P21Settings:
        if self.dialect == "gateway":
            if self.receipts_by == "window":
                raise ValueError(
                    "receipts_by cannot be window, which the gateway does not have; set it to order or off"
                )
            if self.refunds_by == "window":
                raise ValueError("refunds_by cannot be window, which the gateway does not have; set it to off")
            return self
        for name, meaning in REQUIRED_OF_MIDDLEWARE.items():
            if getattr(self, name) in ("", None):
                raise ValueError(f"{name} is missing; give {meaning}")
        if self.receipts_by == "order" and self.orders_by == "rest":
            raise ValueError("receipts_by order needs orders_by transaction: REST orders carry no payment")
        if self.orders_by == "transaction" and self.reference_fields.order == "web_reference_no":
            raise ValueError(
                "reference_fields.order cannot be web_reference_no, which the order window does not have; set it to job_name or po_no"
            )
        return self

    @property
    def order_reference(self) -> str:
        """The column of oe_hdr that carries the reference of a sales order."""
        return self.reference_fields.order or ORDER_REFERENCES[self.orders_by]

    @property
    def how_released(self) -> str:
        """What becomes of an order after it was entered, in words."""
        return RELEASES[self.release_orders]

    def wants_approved(self, approved: object) -> bool:
        """Whether an order shall be approved in the end; what its document says wins."""
        return approved if isinstance(approved, bool) else self.release_orders != "by_hand"

    def enters_approved(self, approved: object) -> bool:
        """Whether an order is approved as it is entered, before anybody has compared it."""
        return self.release_orders == "at_once" and self.wants_approved(approved)

    def approves_later(self, approved: object) -> bool:
        """Whether an order is approved by a write of its own, after it was read back and compared."""
        return self.release_orders != "at_once" and self.wants_approved(approved)

    @property
    def source_location(self) -> int | None:
        """The location goods leave from."""
        return self.location_id if self.source_location_id is None else self.source_location_id

    def currency_id(self, currency: str) -> int | None:
        """P21's number of a currency, None when nobody mapped it."""
        return self.currencies.get(currency.lower())

    def currency_code(self, currency_id: object) -> str:
        """The ISO code of P21's number, empty when nobody mapped it."""
        wanted = str(currency_id).partition(".")[0]
        return next((code for code, number in self.currencies.items() if str(number) == wanted), "")


def parse_settings(given: Mapping[str, Any]) -> P21Settings:
    """The settings as they were entered. Failed(Fix) names field, value and what to do."""
    return parsed(P21Settings, given, "P21", "p21.settings")


def needed_secrets(settings: P21Settings) -> tuple[Secret, ...]:
    """The one secret that opens P21: by dialect and kind of login."""
    if settings.dialect == "gateway":
        return (
            Secret("gateway_key", "Key of the P21 gateway", VARIABLE, "Sent in the header that the settings name."),
        )
    if settings.auth == "consumer_key":
        return (Secret("client_secret", "P21 consumer key", VARIABLE, "Made in SOA Admin for the API user."),)
    return (Secret("password", "Password of the P21 user", VARIABLE, "Of the user that the settings name."),)


def checked_secret(secrets: Mapping[str, str], name: str) -> str:
    """A secret that is there and on one line, ASCII where it goes into a header. Failed(Fix) names it (security S36)."""
    value, title = secrets.get(name, "").strip(), name.replace("_", " ")
    if not value:
        sentence = f"The P21 connection has no {title}. Enter it in the connection."
        raise Failed(Fix("p21.secret_missing", sentence, field=name))
    if not value.isprintable() or (name in SENT_IN_HEADERS and not value.isascii()):
        sentence = f"The {title} of the P21 connection holds characters that it cannot have. Enter it again."
        raise Failed(Fix("p21.secret", sentence, field=name))
    return value
