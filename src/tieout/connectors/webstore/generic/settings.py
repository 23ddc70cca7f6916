"""What must be known of a store that Tieout has no connector for: its address, how it lets us in, its field map."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from tieout.connectors._address import safe_url
from tieout.connectors._connector import Secret
from tieout.connectors.webstore._settings import StoreSettings
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression

PLACE = "{id}"
ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
ORDER_AMOUNTS = ("shipping", "shipping_tax", "tax", "discount", "total", "gift_cards")
ORDER_TEXTS = (
    "id",
    "number",
    "currency",
    "po_no",
    "note",
    "ship_to_name",
    "buyer.name",
    "buyer.email",
    "buyer.phone",
    "tax_exempt",
    "status",
)
CALLED_OFF = ["cancelled", "canceled", "refunded", "failed", "void", "trash"]
ORDER_ADDRESSES = tuple(f"{who}.{part}" for who in ("ship_to", "buyer.address") for part in ADDRESS)
ORDER_FIELDS = frozenset((*ORDER_AMOUNTS, *ORDER_TEXTS, *ORDER_ADDRESSES, "lines", "metadata"))
LINE_AMOUNTS = ("subtotal", "discount", "tax", "net")
LINE_TEXTS = ("id", "sku", "description", "product_id", "price_id", "unit")
LINE_FIELDS = frozenset((*LINE_AMOUNTS, *LINE_TEXTS, "quantity", "unit_amount", "taxable", "fee"))
REQUIRED = ("currency", "lines", "total")


class GenericSettings(StoreSettings):
    """``url`` and ``update_url`` have ``{id}`` where the order's id belongs.

    ``fields`` maps fields of an order to expressions over ``order``, the JSON that came; ``lines`` gives a list of
    objects. ``line_fields`` maps fields of a line to expressions over ``line`` (one of them) and ``order``; a field
    that is not mapped is taken from the line under its own name. ``amounts`` says whether "12.50" or 1250 comes.
    """

    url: str = Field(title="Address of one order, with {id}")
    update_url: str = Field(default="", title="Address to write fields to, with {id}")
    update_method: Literal["PUT", "POST", "PATCH"] = Field(default="PUT", title="How they are written")
    auth: Literal["none", "header", "basic"] = Field(default="none", title="How the store lets us in")
    header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]{1,64}$", title="Name of the header")
    amounts: Literal["major", "minor"] = Field(default="major", title="Amounts in major units (12.50) or minor (1250)")
    called_off: list[str] = Field(default=CALLED_OFF, title="Words of status that mean: not to be delivered")
    fields: dict[str, str] = Field(title="Order field map")
    line_fields: dict[str, str] = Field(default_factory=dict, title="Line field map")

    @field_validator("url", "update_url")
    @classmethod
    def _with_a_place(cls, value: str) -> str:
        if value and PLACE not in value.partition("://")[2].partition("/")[2]:
            raise ValueError(f"must have {PLACE} in its path, where the order's id belongs")
        return safe_url(value) if value else value

    @field_validator("called_off")
    @classmethod
    def _words(cls, value: list[str]) -> list[str]:
        return [one.strip().lower() for one in value]

    @field_validator("fields")
    @classmethod
    def _order_fields(cls, value: dict[str, str]) -> dict[str, str]:
        if missing := [name for name in REQUIRED if name not in value]:
            raise ValueError(f"must map {', '.join(missing)} too")
        return _checked(value, ORDER_FIELDS)

    @field_validator("line_fields")
    @classmethod
    def _line_fields(cls, value: dict[str, str]) -> dict[str, str]:
        return _checked(value, LINE_FIELDS)

    @model_validator(mode="after")
    def _seen_again(self) -> GenericSettings:
        if self.update_url and "metadata" not in self.fields:
            raise ValueError("fields must map metadata, so that what was written to update_url can be seen again")
        return self


def needed_secrets(settings: GenericSettings) -> tuple[Secret, ...]:
    """What the store's way in asks for."""
    if settings.auth == "none":
        return ()
    if settings.auth == "header":
        title = f"Value of the header {settings.header}"
        return (Secret("token", title, "TIEOUT_STORE_KEY", "All of it, such as Bearer and the token."),)
    return (
        Secret("user", "User name at the store", "TIEOUT_STORE_USER", "For basic authentication."),
        Secret("password", "Password at the store", "TIEOUT_STORE_PASSWORD", "For basic authentication."),
    )


def _checked(fields: dict[str, str], known: frozenset[str]) -> dict[str, str]:
    for name, source in fields.items():
        if name not in known:
            raise ValueError(f"has no field {name!r} to map to; there are {', '.join(sorted(known))}")
        try:
            Expression.parse(source)
        except ExpressionError as error:
            raise ValueError(f"the expression of {name} cannot be read: {error.sentence}") from None
    return fields
