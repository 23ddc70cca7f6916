"""What in kept documents tells who somebody is, and the same documents without it (security S58; case D14).

Names, addresses, telephone numbers and e-mail addresses go; country and state stay, because tax is proven by them, and so does
every amount, date, number and id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

MARK = "[erased]"
LEAST_CHARACTERS = 4  # what is shorter is replaced only where it stands as a person's own
PARTS = ("name", "address1", "address2", "address3", "city", "postal_code", "email", "phone")
KEYS = frozenset(
    (
        *PARTS, *(f"ship_to_{part}" for part in PARTS), "line1", "line2", "postcode", "zip", "address_1", "address_2",
        "first_name", "last_name", "company", "receipt_email", "customer_email", "customer_name", "customer_phone",
        "individual_name", "business_name", "carrier_tracking",
    )
)  # fmt: skip
NAMED = frozenset(("name", "company"))  # things have such names too: a person's stands beside an address
BESIDE = frozenset(("email", "phone", "address", "billing", "address1", "address_1", "line1", "city", "first_name"))
FOUND_ANYWHERE = KEYS - {"city", "postal_code", "postcode", "zip", "ship_to_city", "ship_to_postal_code"}
E_MAIL = re.compile(r"[^\s@<>\"',;:]+@[^\s@<>\"',;:]+\.[A-Za-z]{2,}")

Json = Any  # as json.loads gives it


@dataclass(frozen=True, slots=True)
class Personal:
    """What is known of somebody: texts that are replaced wherever they stand, longest first."""

    texts: tuple[str, ...] = ()

    @staticmethod
    def of(found: Collection[str]) -> Personal:
        """From the texts that were found, those that are long enough to be told from others."""
        kept = {one.strip() for one in found if len(one.strip()) >= LEAST_CHARACTERS and one != MARK}
        return Personal(tuple(sorted(kept, key=lambda one: (-len(one), one))))

    def without(self, text: str) -> str:
        """The text with a mark where one of them stands."""
        for one in self.texts:
            if one.lower() in text.lower():
                text = re.sub(re.escape(one), MARK, text, flags=re.IGNORECASE)
        return text


def texts_in(document: Json) -> Iterator[str]:
    """The names, addresses, telephone numbers and e-mail addresses in a document that are told from other words."""
    match document:
        case dict():
            for key, value in document.items():
                if isinstance(value, str) and value and _is_personal(key, document) and key in FOUND_ANYWHERE:
                    yield value
                yield from texts_in(value)
        case list():
            if _is_reason(document) and document[0] in FOUND_ANYWHERE:
                yield str(document[2])
            for value in document:
                yield from texts_in(value)
        case str():
            yield from E_MAIL.findall(document)


def without(document: Json, known: Personal) -> Json:
    """The document without what tells who somebody is."""
    match document:
        case dict():
            return {
                key: MARK if isinstance(value, str) and value and _is_personal(key, document) else without(value, known)
                for key, value in document.items()
            }
        case list():
            if _is_reason(document) and document[0] in KEYS:
                return [document[0], document[1], MARK]
            return [without(value, known) for value in document]
        case str():
            return known.without(E_MAIL.sub(MARK, document))
        case _:
            return document


def parsed(text: str) -> Json:
    """A document from its text; what is no JSON, as the text that it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_personal(key: str, beside: Collection[str]) -> bool:
    return key in KEYS and (key not in NAMED or any(one in BESIDE for one in beside if one != key))


def _is_reason(row: list[Json]) -> bool:
    """Why a field has its value, as a step keeps it: the field, the expression, the value."""
    return len(row) == 3 and all(isinstance(one, str) for one in row)
