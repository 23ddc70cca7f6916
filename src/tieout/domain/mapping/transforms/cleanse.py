"""Without what cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tieout.domain.mapping.transforms._transform import Transform

# Colour and cursor commands of terminals: the escape character alone would leave their letters behind.
TERMINAL: Final = re.compile("\x1b\\[[0-9;?]{0,20}[A-Za-z]")
UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def cleanse(text: str) -> str:
    """Composed (NFC), without control, bidirectional, zero-width, private and unassigned characters, and squeezed."""
    seen = "".join(" " if one.isspace() else "" if unicodedata.category(one) in UNSEEN else one for one in _bare(text))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _bare(text: str) -> str:
    return TERMINAL.sub("", text)


TRANSFORM = Transform(
    name="cleanse",
    title="The text without control, text-direction, zero-width and terminal characters, and squeezed",
    group="cleansing",
    signature="text: text -> text",
    examples=(("cleanse(' Acme\\t\\n Inc ')", "Acme Inc"), ("cleanse('Ac\u200bme \u202eInc')", "Acme Inc")),
    function=cleanse,
)
