"""Finds the plugs of a folder: one file, one constant, one thing added."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

Plug = TypeVar("Plug")


def plugs(package: ModuleType, constant: str, kind: type[Plug]) -> tuple[Plug, ...]:
    """The constants of that name in the modules of ``package``, in the order of the modules' names.

    Modules that begin with an underscore are shared parts, not plugs. TypeError names the module that lacks the
    constant or has one of another type.
    """
    found = []
    for name in sorted(module.name for module in pkgutil.iter_modules(package.__path__)):
        if name.startswith("_"):
            continue
        plug = getattr(importlib.import_module(f"{package.__name__}.{name}"), constant, None)
        if not isinstance(plug, kind):
            raise TypeError(f"{package.__name__}.{name} must have a constant {constant} of type {kind.__name__}")
        found.append(plug)
    return tuple(found)
