"""From one POST to what it means: confirmed, not sent, rejected or indeterminate (reliability §2.2)."""

from __future__ import annotations

from collections.abc import Callable

from tieout.connectors._wire import Broken, HeldUp, NotReached, Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import envelope, json_of, said, shown
from tieout.connectors.p21.refusals import OTHER, doubtful, import_messages, refusal, rejected
from tieout.domain.writing import Document, Indeterminate, NotSent, Rejected, Sent
from tieout.kernel.failures import Failed, Fix, Retry

BUSINESS = "P21.Business.Common.BusinessException"


def sent_once(host: str, post: Callable[[], Reply], classify: Callable[[Reply], Sent]) -> Sent:
    """Post once and classify. What fails before the body leaves (token, router, dialect) is not sent, or rejected."""
    try:
        reply = post()
    except HeldUp as error:
        return NotSent(failures.held_up(host, str(error)))
    except NotReached as error:
        return NotSent(failures.not_reached(host, str(error)))
    except Broken as error:
        return Indeterminate(f"no answer: {shown(str(error))}")
    except Failed as error:
        return before_sending(error)
    return classify(reply)


def before_sending(error: Failed) -> NotSent | Rejected:
    """What a failure means that came before the first byte of the write."""
    failure = error.failure
    if isinstance(failure, Retry):
        return NotSent(failure)
    if isinstance(failure, Fix):
        return Rejected(failure)
    return Rejected(Fix(failure.code, failure.sentence, failure.detail))


def unsuccessful(entity: str, document: Document, reply: Reply) -> Rejected | Indeterminate:
    """A REST family's answer other than success (P21 facts §2.5): a rule's refusal, or nobody knows.

    A 409 is never a refusal: the record that is in the way may be our own earlier copy (reliability §2.2).
    """
    kind, message = envelope(reply)
    imported = "<ImportReturn" in message
    words = import_messages(message) if imported else message
    if not kind or doubtful(words) or reply.status not in (400, 404, 422, 500):
        return forbidden_or_unknown(entity, document, reply)
    known = refusal(words)
    if known is None and (kind == BUSINESS or imported or reply.status == 404):
        known = OTHER
    if known is None:
        return Indeterminate(said(reply))
    return rejected(entity, words, known, document, said(reply))


def forbidden_or_unknown(entity: str, document: Document, reply: Reply) -> Rejected | Indeterminate:
    """The two refusals that every family makes before it looks at a document: permission, and a malformed body."""
    words = reply.text.lower()
    if reply.status == 403 and ("insufficient_scope" in words or "not authorized" in words):
        sentence = (
            f"The P21 user may not write a {entity.replace('_', ' ')}. Grant the permission in P21 (or the scope of the "
            "consumer key), then replay."
        )
        return Rejected(Fix("p21.forbidden", sentence, said(reply)))
    if reply.status == 400 and _is_problem(reply):
        sentence = "P21 could not read what was sent. Report it with the detail below; nothing was written."
        return Rejected(Fix("p21.malformed", sentence, said(reply)))
    return Indeterminate(said(reply))


def _is_problem(reply: Reply) -> bool:
    try:
        body = json_of(reply)
    except ValueError:
        return False
    return isinstance(body, dict) and "title" in body and "errors" in body
