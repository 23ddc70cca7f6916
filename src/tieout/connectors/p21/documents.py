"""Checks a document before it is sent: what P21 would cut, misread or refuse is refused here, with the field's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from tieout.connectors.p21.answers import decimal_of, text_of
from tieout.connectors.p21.entities import entity_named
from tieout.connectors.p21.entities._entity import TargetField
from tieout.connectors.p21.settings import P21Settings
from tieout.domain.writing import Document, Json
from tieout.kernel.failures import Failed, Fix


def require_fit(entity: str, document: Document, settings: P21Settings) -> None:
    """Failed(Fix) for the first field that does not fit, or for a currency that nobody mapped."""
    for problem in _problems(entity_named(entity).fields, document, ""):
        raise Failed(problem)
    currency = text_of(document.get("currency"))
    if currency and settings.currency_id(currency) is None:
        raise Failed(unmapped_currency(currency))


def unmapped_currency(currency: str) -> Fix:
    """Nobody said which P21 currency that is."""
    sentence = (
        f"The currency {currency.upper()} is not mapped to a currency of P21. Add it to currencies of the P21 connection "
        "(the number is currency_id in P21's currency table), then replay."
    )
    return Fix("p21.currency_unmapped", sentence, field="currency", value=currency)


def text(document: Mapping[str, Json], name: str) -> str:
    """A field as text, empty when it is not there."""
    return text_of(document.get(name))


def number(document: Mapping[str, Json], name: str) -> Decimal:
    """A field that has been checked to be a number."""
    return decimal_of(document.get(name), name)


def whole(document: Mapping[str, Json], name: str) -> int:
    """A field that must be one of P21's numbers; Failed(Fix) when it is not."""
    value = text(document, name)
    if not value.isdecimal():
        sentence = f"{name} must be a number of P21, got {value!r}. Correct it where it comes from, or in the workflow, then replay."
        raise Failed(Fix("p21.document.kind", sentence, field=name, value=value))
    return int(value)


def day(document: Mapping[str, Json], name: str) -> str:
    """A date as YYYY-MM-DD, empty when it is not there."""
    return text(document, name)[:10]


def requested_day(document: Mapping[str, Json]) -> str:
    """The requested date; without one the day after the order date, since P21 wants it to lie after."""
    wanted = day(document, "requested_date")
    return wanted or (date.fromisoformat(day(document, "order_date")) + timedelta(days=1)).isoformat()


def _problems(fields: Sequence[TargetField], record: Mapping[str, Json], at: str) -> Iterator[Fix]:
    for field in fields:
        path, value = f"{at}{field.name}", record.get(field.name)
        if value is None or value in ("", []):
            if field.required:
                yield _problem("required", path, "", "is required, but nothing feeds it")
            continue
        yield from _problems_of(field, path, value)


def _problems_of(field: TargetField, path: str, value: Json) -> Iterator[Fix]:
    if field.kind == "list":
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            yield from _problems_of_object(field, f"{path}[{place}]", one)
    elif field.kind == "object":
        yield from _problems_of_object(field, path, value)
    elif field.kind == "number":
        yield from _problems_of_number(field, path, value)
    elif field.kind == "date":
        if not _is_day(value):
            yield _problem("kind", path, value, "must be a date such as 2026-09-12")
    elif field.kind == "bool":
        if not isinstance(value, bool):
            yield _problem("kind", path, value, "must be true or false")
    elif not isinstance(value, str | int) or isinstance(value, bool):
        yield _problem("kind", path, value, "must be text")
    else:
        yield from _problems_of_text(field, path, str(value))


def _problems_of_object(field: TargetField, path: str, value: Json) -> Iterator[Fix]:
    if isinstance(value, dict):
        yield from _problems(field.fields, value, f"{path}.")
    else:
        yield _problem("kind", path, value, "must be an object with fields")


def _problems_of_text(field: TargetField, path: str, value: str) -> Iterator[Fix]:
    if field.length is not None and len(value) > field.length:
        yield _problem("length", path, value, f"has {len(value)} characters, P21 keeps {field.length}")
    if any(ord(c) < 32 for c in value):
        yield _problem("characters", path, value, "has line breaks or control characters, which P21 cannot take")


def _problems_of_number(field: TargetField, path: str, value: Json) -> Iterator[Fix]:
    try:
        exact = decimal_of(value, path)
    except ValueError:
        yield _problem("kind", path, value, "must be a number")
        return
    if not exact.is_finite():
        yield _problem("kind", path, value, "must be a number")
    elif field.decimals is not None and -int(exact.normalize().as_tuple().exponent) > field.decimals:
        yield _problem("decimals", path, value, f"has more than the {field.decimals} decimals that P21 keeps")


def _problem(rule: str, path: str, value: Json, complaint: str) -> Fix:
    told = f" ({str(value)[:60]!r})" if value not in (None, "") else ""
    sentence = f"{path}{told} {complaint}. Correct it where it comes from, or the expression that feeds it in the workflow, then replay."
    return Fix(f"p21.document.{rule}", sentence, field=path, value=str(value)[:80])


def _is_day(value: Json) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return isinstance(value, str)
