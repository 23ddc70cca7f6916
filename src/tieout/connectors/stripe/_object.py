"""A tolerant reader of Stripe's objects: any API version, any field missing, null or of another type (B1, B11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from tieout.kernel.failures import Defect, Failed


@dataclass(frozen=True, slots=True)
class StripeObject:
    """One object as Stripe sent it. What is not there, or not of the asked kind, reads as empty.

    Paths have points: ``billing_details.address.city``.
    """

    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id, or an empty text."""
        return self.text("id")

    @property
    def kind(self) -> str:
        """What Stripe calls it: ``charge``, ``checkout.session`` …"""
        return self.text("object")

    def __bool__(self) -> bool:
        return bool(self.fields)

    def has(self, name: str) -> bool:
        """Whether a top-level field is there at all, even as null: tells old shapes from current ones."""
        return name in self.fields

    def holds(self, path: str) -> bool:
        """Whether there is an object, be it an empty one."""
        return isinstance(self._at(path), Mapping)

    def text(self, *paths: str) -> str:
        """The first of the texts that is not empty."""
        found = (self._at(path) for path in paths)
        return next((value for value in found if isinstance(value, str) and value), "")

    def flag(self, path: str) -> bool:
        """True only when Stripe says true."""
        return self._at(path) is True

    def whole(self, path: str, default: int = 0) -> int:
        """A whole number such as an amount in minor units."""
        value = self._at(path)
        return value if type(value) is int else default

    def amount(self, path: str) -> int:
        """An amount in minor units that must be there; Failed(Defect) names the field that is not."""
        value = self._at(path)
        if type(value) is int:
            return value
        raise Failed(
            Defect(
                "stripe.shape",
                f"Stripe's {self.kind or 'object'} {self.id} has no whole number in the field {path}, so its amount is "
                "not known. Nothing was guessed; report this to Tieout with the object's id.",
                detail=f"{path}={value!r}",
            )
        )

    def decimal(self, *paths: str) -> Decimal | None:
        """The first number that is there: whole, or a text such as ``"12.5"``; None when there is none."""
        for path in paths:
            if (value := _number(self._at(path))) is not None:
                return value
        return None

    def id_of(self, *paths: str) -> str:
        """The id of another object that is named or expanded there."""
        for path in paths:
            value = self._at(path)
            named = value.get("id") if isinstance(value, Mapping) else value
            if isinstance(named, str) and named:
                return named
        return ""

    def part(self, *paths: str) -> StripeObject:
        """The first object that is there, or an empty one."""
        found = (self._at(path) for path in paths)
        return StripeObject(next((value for value in found if isinstance(value, Mapping) and value), {}))

    def parts(self, *paths: str) -> tuple[StripeObject, ...]:
        """The objects of the first list that is there; a Stripe list object is opened."""
        for path in paths:
            value = self._at(path)
            value = value.get("data") if isinstance(value, Mapping) else value
            if isinstance(value, list):
                return tuple(StripeObject(one) for one in value if isinstance(one, Mapping))
        return ()

    def names(self, path: str) -> tuple[str, ...]:
        """The names of the fields of the object there."""
        found = self._at(path)
        return tuple(found) if isinstance(found, dict) else ()

    def words(self, path: str) -> tuple[str, ...]:
        """The texts in the list there."""
        found = self._at(path)
        return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()

    def texts(self, path: str) -> dict[str, str]:
        """A map of texts, such as ``metadata``."""
        value = self._at(path)
        found = value if isinstance(value, Mapping) else {}
        return {key: one for key, one in found.items() if isinstance(key, str) and isinstance(one, str)}

    def _at(self, path: str) -> Any:
        value: Any = self.fields
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal) or value == "":
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
