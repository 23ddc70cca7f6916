"""Notes of ours in another system are a courtesy: one that is refused is told, and the work goes on (case A8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.workflow.form import SettingField
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._node import Context, Done
from tieout.nodes._writing import Target, write_once
from tieout.operations.raise_alert import raise_alert

TELL = "tell"
WHEN_REFUSED = SettingField("when_refused", "choice", "When it is refused (empty: park)", choices=("park", TELL))


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is written and shown: on which object (``{"id": …}``), under which name its values stand, and the values.

    ``code`` is that of the alert when it is refused.
    """

    on: Mapping[str, str]
    under: str
    values: Mapping[str, str]
    code: str


def note_once(context: Context, target: Target, document: Document, note: Note) -> Done:
    """Write the note. One that is refused for good is told, and the step ends without it; Failed where the step says park."""
    try:
        written = write_once(context, target, document)
    except Failed as error:
        if context.text("when_refused") != TELL or not isinstance(error.failure, Fix):
            raise
        _tell(context, note, error.failure)
        reasons = (("note", "refused", error.failure.sentence),)
        return Done({**note.on, note.under: {}, "reference": ""}, reasons=reasons)
    return Done({**note.on, note.under: dict(note.values), "reference": written.reference}, wrote=True)


def _tell(context: Context, note: Note, failure: Fix) -> None:
    title = context.node.title or context.node.id
    why = failure.sentence.replace(", then replay", "")  # what has ended well is not replayed
    said = ", ".join(f"{key} = {value}" for key, value in note.values.items())
    sentence = f"{title}: this note could not be written, everything else goes on. {why} If you want it there, write it by hand: {said}."
    raise_alert(context.ports.books, note.code, sentence, f"{context.run.id} {context.path}", context.ports.clock())
