"""An e-mail address by which the same person is found again."""

from __future__ import annotations

import re
from typing import Final

from tieout.domain.mapping.transforms._transform import Transform

LOCAL: Final = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x1f\x7f]{1,64}")
LABEL: Final = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
CHARACTERS_MAX = 320


def email(text: str) -> str | None:
    """Trimmed and in small letters; nothing when it is not one address."""
    local, at, domain = text.strip().lower().rpartition("@")
    labels = domain.split(".") if len(text) <= CHARACTERS_MAX else []
    is_address = bool(at) and bool(LOCAL.fullmatch(local)) and len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    return f"{local}@{domain}" if is_address else None


TRANSFORM = Transform(
    name="email",
    title="The e-mail address trimmed and in small letters; nothing when it is not an address",
    group="cleansing",
    signature="text: text -> text",
    examples=(("email(' Pat.Lee@Example.COM ')", "pat.lee@example.com"), ("email('not given')", None)),
    function=email,
)
