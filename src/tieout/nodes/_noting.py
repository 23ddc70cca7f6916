"""Notes of ours in another system are a courtesy: one that is refused is told, and the work goes on (case A8)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.domain.workflow.form import SettingField
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._node import Context, Reason
from tieout.nodes._writing import Target, Written, write_once
from tieout.operations.raise_alert import raise_alert

TELL = "tell"
WHEN_REFUSED = SettingField("when_refused", "choice", "When it is refused (empty: park)", choices=("park", TELL))


def note_once(
    context: Context, target: Target, document: Document, note: Mapping[str, str], code: str
) -> Written | None:
    """Write the note; None when it was refused for good and is only told of. Raises as ``write_once`` where the step says park."""
    try:
        return write_once(context, target, document)
    except Failed as error:
        if context.text("when_refused") != TELL or not isinstance(error.failure, Fix):
            raise
        _tell(context, note, error.failure, code)
        return None


def refused(written: Written | None) -> tuple[Reason, ...]:
    """Why the step wrote nothing, where it did not."""
    return () if written else (("note", "refused", "it was told in an alert"),)


def _tell(context: Context, note: Mapping[str, str], failure: Fix, code: str) -> None:
    title = context.node.title or context.node.id
    why = failure.sentence.replace(", then replay", "")  # what has ended well is not replayed
    said = ", ".join(f"{key} = {value}" for key, value in note.items())
    sentence = f"{title}: this note could not be written, everything else goes on. {why} If you want it there, write it by hand: {said}."
    raise_alert(context.ports.books, code, sentence, f"{context.run.id} {context.path}", context.ports.clock())
