"""Names that people give to things, and paths made of them: no name leads out of its folder (case D10)."""

from __future__ import annotations

import re
from pathlib import Path

from tieout.kernel.failures import Failed, Fix

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}", re.ASCII)
RULE = "letters, digits, points, dashes and underscores, at most 60, the first a letter or a digit"


def checked_name(name: str, what: str, field: str) -> str:
    """The name. Failed(Fix) when it breaks the rule for names."""
    if NAME.fullmatch(name):
        return name
    sentence = f"{name[:80]!r} is no name for {what}: use {RULE}."
    raise Failed(Fix("name.rule", sentence, field=field, value=name[:80]))


def inside(folder: Path, *parts: str) -> Path:
    """A path below the folder, each part one name. Failed(Fix) for a part that would lead elsewhere."""
    for part in parts:
        checked_name(part, "a folder", "name")
    return folder.joinpath(*parts)
