"""A long list in parts: a statement, a question or a transaction takes so many at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def slices(items: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """The items in their order, ``most`` at a time; nothing when there are none."""
    return (items[begin : begin + most] for begin in range(0, len(items), most))
