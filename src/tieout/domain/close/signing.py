"""Who may sign, lock and reopen a period, and what must hold before: two people, one evidence (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tieout.domain.close.checklist import Item, blocked

NAME_CHARACTERS_MAX = 80


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a signature is refused: the field that is wrong, its value, and what to do."""

    code: str
    sentence: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """How far a close is: names are empty until somebody signed; ``figures`` is what the preparer's evidence was made of."""

    prepared_by: str = ""
    approved_by: str = ""
    locked: bool = False
    figures: str = ""


def may_prepare(
    signed: Signed, by: str, items: Iterable[Item], reasons: Mapping[str, str], period: str
) -> Refusal | None:
    """Whether the preparer may sign; preparing again before anybody approved is allowed."""
    if signed.approved_by or signed.locked:
        words = f"{period} was approved by {signed.approved_by}. Reopen it first: tieout close sign --reopen"
        return Refusal("close.signed", words, "--prepared-by", by)
    return _name_wrong(by, "--prepared-by") or _in_the_way(items, reasons)


def may_approve(
    signed: Signed, by: str, items: Iterable[Item], reasons: Mapping[str, str], figures: str, period: str
) -> Refusal | None:
    """Whether another person may approve what was prepared."""
    if wrong := _name_wrong(by, "--approved-by"):
        return wrong
    if not signed.prepared_by:
        words = f"Nobody has prepared {period} yet. First: tieout close sign --period {period} --prepared-by NAME"
        return Refusal("close.unprepared", words, "--approved-by", by)
    if same_person(signed.prepared_by, by):
        words = f"{by} prepared {period}. Another person must approve it."
        return Refusal("close.same_person", words, "--approved-by", by)
    if signed.approved_by:
        return Refusal("close.signed", f"{period} was approved by {signed.approved_by} already.", "--approved-by", by)
    if signed.figures != figures:
        words = f"The books of {period} changed since {signed.prepared_by} signed. It must be prepared again."
        return Refusal("close.changed", words, "--approved-by", by)
    return _in_the_way(items, reasons)


def may_lock(signed: Signed, by: str, period: str, has_periods: bool) -> Refusal | None:
    """Whether a period that is approved may be locked."""
    if wrong := _name_wrong(by, "--approved-by"):
        return wrong
    if not signed.approved_by:
        return Refusal("close.unapproved", f"{period} is not approved, so it is not locked.", "--lock", period)
    if same_person(signed.prepared_by, by):
        words = f"{by} prepared {period}. Another person must lock it."
        return Refusal("close.same_person", words, "--approved-by", by)
    if signed.locked:
        return Refusal("close.locked", f"{period} is locked already.", "--lock", period)
    if not has_periods:
        words = f"{period} cannot be locked: no fiscal period is known. Connect a P21 to the ledger: tieout ledger keep --p21"
        return Refusal("close.no_periods", words, "--lock", period)
    return None


def may_reopen(signed: Signed, by: str, reason: str, period: str) -> Refusal | None:
    """Whether a period that was signed may be reopened."""
    if wrong := _name_wrong(by, "--approved-by"):
        return wrong
    if not (signed.prepared_by or signed.approved_by or signed.locked):
        return Refusal("close.open", f"{period} is not signed by anybody; it is open.", "--reopen", period)
    if not reason.strip():
        return Refusal("close.reason", "Say why it is reopened: --reason TEXT", "--reason", reason)
    return None


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's; case and spaces do not make another."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _name_wrong(name: str, field: str) -> Refusal | None:
    if not name.strip():
        return Refusal("close.name", f"Say who signs: {field} NAME", field, name)
    if len(name) > NAME_CHARACTERS_MAX or not name.isprintable():
        words = f"{field} is no name: at most {NAME_CHARACTERS_MAX} characters on one line."
        return Refusal("close.name", words, field, name)
    return None


def _in_the_way(items: Iterable[Item], reasons: Mapping[str, str]) -> Refusal | None:
    left = [one for one in blocked(items) if not reasons.get(one.name)]
    if not left:
        return None
    words = " ".join(f"{one.name} ({one.figure}): {one.act.removesuffix('.')}." for one in left)
    return Refusal(
        "close.blocked",
        f"{len(left)} blocked: {words} Clear each, or give a reason: --because {left[0].name}='why it may stand'",
        "--because",
        left[0].name,
    )
