"""Erases what tells who somebody is: of one person when a person asks, of everybody when the period is over (case D14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.personal import Personal, texts_in
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.erase_personal import erase_elsewhere, erase_event, write_anew
from tieout.operations.record_act import record_alone
from tieout.queries.personal import customers_of, documents_of, events_naming, past_their_period, under_way

DAY_SECONDS = 86_400
BATCH_EVENTS = 200
LEAST_CHARACTERS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """Where somebody stands: events, runs under way, P21 customers (connection and number), and what is told of him.

    ``rewritten``: the files were written anew since.
    """

    who: str
    events: tuple[int, ...]
    under_way: tuple[str, ...]
    customers: tuple[tuple[str, str], ...]
    known: Personal
    rewritten: bool = False


def rewrite(ports: Ports) -> bool:
    """Write both databases anew, so that nothing erased is left in their free parts; False while one is in use."""
    return write_anew((ports.books, ports.box))


def find_person(ports: Ports, who: str) -> Person:
    """Whom a Stripe id or an e-mail address names. Failed(Fix) when nothing does, or when it names too many."""
    if len(who) < LEAST_CHARACTERS or not ("@" in who or "_" in who):
        sentence = f"{who!r} names nobody: give a Stripe id (cus_…, pi_…) or a whole e-mail address."
        raise Failed(Fix("personal.who", sentence, field="who", value=who))
    seqs = events_naming(ports.box, ports.books, who)
    if not seqs:
        sentence = f"Nothing that is kept names {who}. What was erased before is not found again."
        raise Failed(Fix("personal.nobody", sentence, field="who", value=who))
    texts = [who] if "@" in who else []
    known = Personal.of([*texts, *_texts(ports, seqs)])
    return Person(who, tuple(seqs), tuple(under_way(ports.books, seqs)), tuple(customers_of(ports.books, seqs)), known)


def erase_person(ports: Ports, who: str, actor: Actor, reason: str) -> Person:
    """Erase one person from what has ended. Failed(Fix) without a reason, or while something of him is under way.

    A process that dies in the middle is helped by the same command again.
    """
    if not reason.strip():
        raise Failed(Fix("personal.reason", "Say why: --reason '...'. It is kept in the audit trail.", field="reason"))
    person = find_person(ports, who)
    if person.under_way:
        first = ", ".join(person.under_way[:5])
        sentence = (
            f"{len(person.under_way)} of it have not ended ({first}), and need what would be erased. End them first: tieout runs "
            "--state open, tieout runs --state parked."
        )
        raise Failed(Fix("personal.under_way", sentence, field="who", value=first))
    about = who if "@" not in who else "an e-mail address"
    act = Act("personal.erase", about, after={"events": len(person.events)}, reason=person.known.without(reason))
    record_alone(ports.books, actor, act, ports.clock())
    erase_elsewhere(ports.books, person.known)
    for seq in person.events:
        erase_event(ports.box, ports.books, seq, person.known)
    return replace(person, rewritten=rewrite(ports))


def erase_old(ports: Ports, connection: str) -> int:
    """Erase it from what has ended longer ago than the period, where one is set; answers of how many events."""
    if not ports.personal_days:
        return 0
    before, erased = ports.clock() - ports.personal_days * DAY_SECONDS, 0
    while seqs := past_their_period(ports.books, connection, before, BATCH_EVENTS):
        for seq in seqs:
            erase_event(ports.box, ports.books, seq, Personal.of(_texts(ports, [seq])))
        erased += len(seqs)
    if erased:
        after = {"events": erased, "days": ports.personal_days}
        record_alone(ports.books, PROGRAM, Act("personal.period", connection, after=after), ports.clock())
    return erased


def _texts(ports: Ports, seqs: Iterable[int]) -> set[str]:
    return {
        text for seq in seqs for document in documents_of(ports.box, ports.books, seq) for text in texts_in(document)
    }
