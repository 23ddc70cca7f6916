"""One failure code as its page tells it, and the page it stands on."""

from __future__ import annotations

from dataclasses import dataclass

PARKED = "The run waits. Nothing is lost, and nothing is sent again until somebody replays it. Other payments go on."
RETRIED = "Tieout tries again by itself, later each time. Nothing is lost and nothing is written twice."
REFUSED = "Nothing was changed."
TOLD = "The run goes on: an alert tells it, and nothing waits for it."
AT_CONNECT = "Connect and tieout probe tell it. Nothing is written in that way until it is mended."
ASKED = "The question stays open, and the close shows it, until it is answered. Other postings go on."


@dataclass(frozen=True, slots=True)
class Code:
    """A stable dotted name, and for a person: what happened, why, what to do, what happens by itself.

    A name that ends in ``.*`` stands for every code that begins so.
    """

    name: str
    happened: str
    why: str
    do: str
    itself: str = PARKED


@dataclass(frozen=True, slots=True)
class Area:
    """The codes of one page of docs/errors."""

    title: str
    codes: tuple[Code, ...]
