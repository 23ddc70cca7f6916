"""Checks a value against the type that a function declares, before the function sees it."""

from __future__ import annotations

from typing import Final

from tieout.domain.mapping.errors import Refused
from tieout.domain.mapping.types import Type
from tieout.domain.mapping.values import Value, kind_of, named

ELEMENTS_KNOWN: Final = ("number", "text")


def accepted(value: Value, wanted: Type, sentence: str) -> Value:
    """The value; Refused when it is not what is ``wanted``. ``sentence`` has a place for what that is."""
    kind = kind_of(value)
    if wanted.kind == "any" or wanted.is_variable or kind == wanted.kind:
        return _accepted_elements(value, wanted, sentence)
    for option in wanted.options:
        if option.kind == kind:
            return _accepted_elements(value, option, sentence)
    raise Refused(f"{sentence.format(wanted.named())}, but this is {named(value)}")


def _accepted_elements(value: Value, wanted: Type, sentence: str) -> Value:
    if type(value) is list and wanted.element and wanted.element.kind in ELEMENTS_KNOWN:
        for place, element in enumerate(value):
            if kind_of(element) != wanted.element.kind:
                raise Refused(f"{sentence.format(wanted.named())}, but [{place}] is {named(element)}")
    return value
