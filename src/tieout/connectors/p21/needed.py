"""What a record needs and only the connection may say: asked before anything is sent, and in a trial."""

from __future__ import annotations

from tieout.connectors.p21.answers import text_of
from tieout.connectors.p21.documents import text
from tieout.connectors.p21.settings import P21Settings
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed, Fix

RECEIPT = ("payment_type_id", "bank_no")
CUSTOMER = ("salesrep", "terms", "branch")


def needed(settings: P21Settings, document: Document, title: str, name: str) -> str:
    """The value of the document, or else of the connection; Failed(Fix) when neither has one."""
    value = text(document, name) or text_of(getattr(settings, name))
    if value:
        return value
    sentence = f"A {title} needs {name}. Set {name} in the P21 connection (or feed it in the workflow), then replay."
    raise Failed(Fix("p21.setting_missing", sentence, field=name))
