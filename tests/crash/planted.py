"""Three bugs that every author of such software writes once. The harness must find each of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace as changed
from typing import Any

from tieout.app import connection_book
from tieout.domain import writing
from tieout.nodes import _writing
from tieout.processes import intake

Replace = Callable[[Any, str, Any], None]


def acknowledge_before_commit(replace: Replace = setattr) -> None:
    """Answer 200 as soon as the event is in memory; the disk follows a little later."""
    keep, commit = intake.Intake.keep, vars(intake)["receive_events"]

    async def hasty(self: intake.Intake, kept: Any) -> None:
        background.add(asyncio.ensure_future(keep(self, kept)))

    def late(box: Any, arrivals: Sequence[Any]) -> None:
        time.sleep(0.7)
        commit(box, arrivals)

    background: set[Any] = set()
    replace(intake.Intake, "keep", hasty)
    replace(intake, "receive_events", late)


def look_without_settling(replace: Replace = setattr) -> None:
    """Believe an empty look-up at once: no settle window, no second look."""
    careful = writing.after_look

    def after_look(intent: Any, found: tuple[Any, ...], now: float) -> Any:
        return careful(intent, found, now) if found else writing.Send()

    replace(writing, "after_look", after_look)
    replace(connection_book.ConnectionBook, "settle_seconds", lambda _self, _name: 0.0)


def resend_on_error(replace: Replace = setattr) -> None:
    """Send again at once when the answer is not a clean success."""
    careful = _writing._send

    def hasty(under_way: Any, intent: Any) -> Any:
        writer = under_way.target.writer

        class Twice:
            look_up, look_at = staticmethod(writer.look_up), staticmethod(writer.look_at)

            @staticmethod
            def send(reference: str, document: Any) -> Any:
                answer = writer.send(reference, document)
                return writer.send(reference, document) if isinstance(answer, writing.Indeterminate) else answer

        return careful(changed(under_way, target=changed(under_way.target, writer=Twice())), intent)

    replace(_writing, "_send", hasty)


BUGS: dict[str, Callable[[], None]] = {
    "acknowledge before commit": acknowledge_before_commit,
    "look up without settling": look_without_settling,
    "resend on error": resend_on_error,
}
