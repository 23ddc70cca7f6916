"""The log: one JSON object a line on standard error, redacted, without line breaks inside (security S41, S51)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from tieout.kernel.clock import iso
from tieout.kernel.redact import printable

OWN = frozenset({"at", "level", "event", "traceback"})  # what every line says by itself

_logger = logging.getLogger("tieout")
_logger.addHandler(logging.NullHandler())  # who has not asked for the log gets none, not even its warnings


def log(event: str, /, level: int = logging.INFO, **fields: object) -> None:
    """Say that something happened; texts are redacted, everything else is written as JSON knows it.

    A field never takes the place of what the line says by itself: one called ``event`` is written as ``event_``.
    """
    if _logger.isEnabledFor(level):
        _logger.log(level, event, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; ``at`` is in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time, level, event, fields, and a redacted traceback when there is one."""
        fields: Mapping[str, object] = getattr(record, "fields", {})
        line: dict[str, object] = {
            "at": iso(record.created),
            "level": record.levelname.lower(),
            "event": printable(record.getMessage()),
            **{_name(name): _clean(value) for name, value in fields.items()},
        }
        if record.exc_info:
            line["traceback"] = printable(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)


def _name(field: str) -> str:
    return f"{field}_" if field in OWN else field


def _clean(value: object) -> object:
    return value if isinstance(value, int | float | bool | None) else printable(str(value))
