"""How Tieout uses a window that the site has configured: what it must map, and what stands in the way (P21 facts §13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.connectors.p21.settings import Window
from tieout.connectors.p21.windows import Windows

CANDIDATES_MAX = 8


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a window.

    ``setting`` is where it is configured, ``header`` and ``line`` name what must be mapped, ``words`` tell a service that
    may be meant by name or title, ``answered`` is what P21 fills in itself, ``otherwise`` what to do when none is meant.
    """

    setting: str
    header: tuple[str, ...]
    line: tuple[str, ...]
    words: tuple[str, ...]
    answered: str
    otherwise: str


def lacks(windows: Windows, window: Window, use: Use) -> str:
    """Why the window cannot be used like that, or an empty text."""
    missing = [name for name in use.header if not window.field_map.get(name)]
    missing += [f"line {name}" for name in use.line if not window.line_field_map.get(name)]
    if missing:
        return f"{use.setting} maps no field for {', '.join(missing)}; add it."
    needed = {
        window.header_element: tuple(name for name in window.field_map.values() if name),
        window.line_element: tuple(name for name in window.line_field_map.values() if name),
    }
    remedy = candidates(windows.services(), use)
    return windows.lacks(window.service, needed, (window.field_map[use.answered],), remedy=remedy)


def candidates(services: Mapping[str, str], use: Use) -> str:
    """What to do when no service has the configured name: those that by name or title may be meant."""
    found = [
        f"{name} ({title})" if title else name
        for name, title in services.items()
        if any(word in f"{name} {title}".lower() for word in use.words)
    ]
    if not found:
        return use.otherwise
    return f"Put the right one into {use.setting}.service; candidates: {', '.join(found[:CANDIDATES_MAX])}."


def renamed(values: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Our values under the window's names; what is empty or not mapped is left out."""
    return {names[name]: value for name, value in values.items() if value and names.get(name)}
