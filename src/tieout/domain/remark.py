"""What was found and not used, or used otherwise than it was told: shown with the run, alerted where it matters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """``value`` of ``field`` and, as a sentence, why it was not used as it is; ``matters``: a person is alerted too."""

    field: str
    value: str
    why: str
    matters: bool = False
