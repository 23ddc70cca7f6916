"""Failures, named by what to do next: Retry, Fix or Defect; a sentence for the person, a detail for us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not happen.

    ``sentence`` is read by a person and says what to do. ``detail`` is for us: the other side's own words, never a
    secret. ``code`` is a stable dotted name that documentation and alerts refer to.
    """

    code: str
    sentence: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Retry(Failure):
    """Nothing is wrong with the document: the same act may succeed later.

    ``after_seconds`` is the other side's own wish, when it gave one. ``outage`` says that the whole system is away
    (refused, paused, credentials rejected): waiting for it does not use up the attempts of a run. ``connection`` names
    the one that is away, where that is known. ``steps_aside`` says that what is waited for may stand behind this in its
    lane, which must not wait with it.
    """

    after_seconds: float | None = None
    outage: bool = False
    connection: str = ""
    steps_aside: bool = False


@dataclass(frozen=True, slots=True)
class Fix(Failure):
    """A person must change something (a field, a mapping, a setting, a record in P21) and then replay."""

    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Defect(Failure):
    """We broke a promise of our own, or the other side broke its contract: report it."""


class Failed(Exception):
    """Carries a Failure up to the first place that can record it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.sentence}")
        self.failure = failure
