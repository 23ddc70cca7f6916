"""Every failure code there is, in one list; docs/errors is written from it, and a code that is not in it breaks the build."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from tieout.kernel.failure_codes._code import Area, Code

__all__ = ["Area", "Code", "areas", "code_named"]


@cache
def areas() -> dict[str, Area]:
    """Every area by the name of its page."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}").AREA for name in names}


def code_named(name: str) -> Code | None:
    """The entry of a code, or None when the list has none."""
    known = _by_name()
    return known.get(name) or known.get(f"{name.partition('.')[0]}.*")


@cache
def _by_name() -> dict[str, Code]:
    return {code.name: code for area in areas().values() for code in area.codes}
