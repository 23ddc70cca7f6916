"""Numbers in the options of a simulator, as a command line has them."""

from __future__ import annotations

import math


def whole_of(name: str, text: str) -> int:
    """A whole number from 0; ValueError names the option."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(f"option {name}: {text!r} is not a whole number, such as 2")
    return int(text)


def seconds_of(name: str, text: str) -> float:
    """Seconds from 0; ValueError names the option."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise ValueError(f"option {name}: {text!r} is not a number of seconds, such as 2 or 0.5")
    return found
