"""Closing a period."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import REFUSED, Area, Code

AREA = Area(
    "The close",
    (
        Code(
            "close.blocked",
            "The period cannot be signed, because something is open.",
            "The checklist names it.",
            "Clear it, or accept it with --because item=reason.",
            REFUSED,
        ),
        Code(
            "close.both",
            "Two things are asked for at once.",
            "A person signs one thing at a time.",
            "Give one of the options.",
            REFUSED,
        ),
        Code(
            "close.changed",
            "The figures are not those that were prepared.",
            "Something was posted after the preparer signed.",
            "Prepare it again.",
            REFUSED,
        ),
        Code(
            "close.evidence",
            "The pack's evidence is not there, or has changed.",
            "A file was moved or edited.",
            "Make the pack again with tieout close pack.",
            REFUSED,
        ),
        Code(
            "close.folder",
            "The pack's folder cannot be written.",
            "It is there already with other files, or a permission is missing.",
            "Name another with --out.",
            REFUSED,
        ),
        Code(
            "close.item",
            "A reason cannot be read.",
            "It is written as item=reason.",
            "Write it so.",
            REFUSED,
        ),
        Code(
            "close.lock",
            "The period cannot be locked.",
            "The sentence says why.",
            "Do what it says, then lock.",
            REFUSED,
        ),
        Code(
            "close.locked",
            "The period is locked already.",
            "Somebody locked it.",
            "Nothing; or reopen it with a reason.",
            REFUSED,
        ),
        Code(
            "close.name",
            "The name of who signs is missing or too long.",
            "A signature needs a name.",
            "Give it.",
            REFUSED,
        ),
        Code(
            "close.no_periods",
            "P21's periods are not known yet.",
            "They were not read.",
            "Connect P21, then: tieout ledger periods",
            REFUSED,
        ),
        Code(
            "close.not_over",
            "The period is not over.",
            "Its last day is still to come.",
            "Wait for the day after.",
            REFUSED,
        ),
        Code(
            "close.open",
            "The period is not signed.",
            "There is nothing to reopen.",
            "Look with tieout close log.",
            REFUSED,
        ),
        Code(
            "close.period",
            "There is no such period.",
            "The name is not a year and a month, or is none of P21's periods.",
            "Give one like 2026-11.",
            REFUSED,
        ),
        Code(
            "close.rate",
            "A rate for the last day is missing.",
            "Foreign money is valued on that day.",
            "Enter it with: tieout ledger rates",
            REFUSED,
        ),
        Code(
            "close.reason",
            "A reason for reopening is missing.",
            "The log keeps why.",
            "Give it with --reason.",
            REFUSED,
        ),
        Code(
            "close.same_person",
            "Preparer and approver are one person.",
            "Two people sign.",
            "Let another approve.",
            REFUSED,
        ),
        Code(
            "close.signed",
            "The period is signed already.",
            "Somebody signed it.",
            "Look with tieout close log.",
            REFUSED,
        ),
        Code(
            "close.unapproved",
            "The period is not approved.",
            "The lock comes after the approval.",
            "Let it be approved first.",
            REFUSED,
        ),
        Code(
            "close.unprepared",
            "The period is not prepared.",
            "The approval comes after the preparation.",
            "Prepare it first.",
            REFUSED,
        ),
    ),
)
