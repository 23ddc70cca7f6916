"""What every writer to the middleware has in common: check, send once, see that the reference was kept."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tieout.connectors._wire import Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.documents import require_fit
from tieout.connectors.p21.odata import OData, Row
from tieout.connectors.p21.sending import before_sending, sent_once
from tieout.connectors.p21.session import Session
from tieout.connectors.p21.settings import P21Settings
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Rejected, Sent
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.references import is_reference


@dataclass(slots=True)
class Middleware:
    """The parts of one open connection. ``lost`` says per entity why writing was stopped: references are not kept."""

    session: Session
    odata: OData
    settings: P21Settings
    lost: MutableMapping[str, str] = field(default_factory=dict)


def same_reference(stored: object, reference: str) -> bool:
    """Whether P21 kept the reference; it may upper-case, lower-case or pad it (reliability C13)."""
    return text_of(stored).upper() == reference.upper()


class RecordWriter:
    """Looks up by reference in OData and sends once. A kind of record says how in the methods without a body here."""

    entity = ""

    def __init__(self, p21: Middleware) -> None:
        self.p21 = p21

    @property
    def column(self) -> str:
        """The column that carries the reference."""
        raise TypeError(f"{type(self).__name__} has no column")

    def by_reference(self, reference: str, document: Document) -> list[Row]:
        """All rows that carry the reference, voided ones too."""
        raise TypeError(f"{type(self).__name__} cannot look up")

    def by_key(self, key: str) -> Row | None:
        """The row P21 says it has just written."""
        raise TypeError(f"{type(self).__name__} cannot read")

    def found(self, row: Row, document: Document) -> Found:
        """The row as the write protocol sees it."""
        raise TypeError(f"{type(self).__name__} cannot compare")

    def path(self) -> str:
        """Where it is posted."""
        raise TypeError(f"{type(self).__name__} cannot send")

    def body(self, reference: str, document: Document) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        """What is posted; Failed(Fix) when the document cannot be written."""
        raise TypeError(f"{type(self).__name__} cannot send")

    def require_settings(self, document: Document) -> None:
        """Failed(Fix) when the connection does not say what only it can say."""

    def classified(self, reply: Reply, document: Document) -> Sent:
        """What the answer means."""
        raise TypeError(f"{type(self).__name__} cannot send")

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """All records that carry the reference; Failed when the answer is in any doubt."""
        rows = self.by_reference(reference, document)
        for row in rows:
            if not same_reference(row.get(self.column), reference):
                words = f"asked for {self.column} {reference}, got {text_of(row.get(self.column))!r}"
                raise failures.unreadable(f"the look-up of {self.entity}", words)
        try:
            return tuple(self.found(row, document) for row in rows)
        except ValueError as error:
            raise failures.unreadable(f"the look-up of {self.entity}", str(error)) from error

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The record of that number, whatever reference it has."""
        try:
            row = self.by_key(key)
            return () if row is None else (self.found(row, document),)
        except ValueError as error:
            raise failures.unreadable(f"the look-up of {self.entity}", str(error)) from error

    def send(self, reference: str, document: Document) -> Sent:
        """Write it once; never raises for what P21 did."""
        try:
            require_fit(self.entity, document, self.p21.settings)
            body, path = self.body(reference, document), self.path()
        except Failed as error:
            return before_sending(error)
        session = self.p21.session
        sent = sent_once(
            session.host, lambda: session.write(path, body), lambda reply: self.classified(reply, document)
        )
        return self._reference_kept(sent, reference, document) if isinstance(sent, Confirmed) else sent

    def _reference_kept(self, sent: Confirmed, reference: str, document: Document) -> Sent:
        """Read by its number what P21 says it wrote: what is as it was meant is proven, the rest is looked up.

        A record whose reference was cut would never be found again, and be written again: stop writing that kind.
        """
        try:
            row = self.by_key(sent.key)
        except (Failed, ValueError):
            return sent
        if row is None:
            return sent
        found = self._read_back(row, sent, document)
        if same_reference(row.get(self.column), reference):
            return sent if found.differences else Confirmed(found.key, {**sent.shown, **found.shown}, proven=True)
        stored = text_of(row.get(self.column))
        if is_reference(stored):
            return Indeterminate(f"the answer named {self.entity} {found.key}, which stands for something else")
        self.p21.lost[self.entity] = (
            f"P21 keeps {stored!r} in {self.column} where {reference!r} was written, so records could not be found again. "
            "Let an administrator remove the rule that changes the column, or choose another in reference_fields."
        )
        if not found.differences:
            return Confirmed(found.key, {**sent.shown, **found.shown}, proven=True)
        return Rejected(self._lost_and_different(found, stored, reference), found.key)

    def _read_back(self, row: Row, sent: Confirmed, document: Document) -> Found:
        try:
            return self.found(row, document)
        except (Failed, ValueError):
            return Found(sent.key, ("what it holds could not be read",))

    def _lost_and_different(self, found: Found, stored: str, reference: str) -> Fix:
        sentence = (
            f"P21 wrote {self.entity.replace('_', ' ')} {found.key}, but not as it was meant ({'; '.join(found.differences)}) and "
            f"kept the reference as {stored!r}. Void it in P21, put the rule right that changes its reference, then replay."
        )
        return Fix("p21.reference_lost", sentence, field=self.column, value=reference)


def live(row: Row, key: str, title: str) -> tuple[str, ...]:
    """The difference that a deleted record makes (reliability C15)."""
    return (f"{title} {text_of(row.get(key))} is deleted in P21",) if is_deleted(row) else ()


def is_deleted(row: Row) -> bool:
    """Whether P21 counts the row no more."""
    return text_of(row.get("delete_flag")) == "Y"
