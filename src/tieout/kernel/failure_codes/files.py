"""The files of an installation, and what is exported from them."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import REFUSED, Area, Code

AREA = Area(
    "Files of the installation",
    (
        Code(
            "audit.file",
            "The audit trail could not be exported to the file.",
            "It is there already, or a permission is missing.",
            "Name a new file.",
            REFUSED,
        ),
        Code(
            "inbox.body_lost",
            "What Stripe sent in an event is not in the inbox any more, and Stripe does not list it any more either.",
            "Another inbox.sqlite, or an older one, was put in the place of the one that had it.",
            "Put the right inbox.sqlite back and replay, or enter by hand what is missing in P21.",
        ),
        Code(
            "inbox.number_taken",
            "An event was kept under a number that the books know as that of another event.",
            "Another inbox.sqlite, or an older one, was put in the place of the one that belongs to the books.",
            "Find out who put the file there. To go back in time, use tieout restore.",
            "The event gets a new number and is worked on; what was lost with the other inbox is caught up from Stripe.",
        ),
        Code(
            "store.copy",
            "No copy of the files could be made before they are changed for this version.",
            "The disk is full, or a permission is missing.",
            "Make room or correct the permission, then start again.",
            "Nothing was changed; the version before can still open the files.",
        ),
        Code(
            "store.newer",
            "A file was written by a newer version of Tieout.",
            "An older version was installed over a newer one.",
            "Install the newer version again, or restore the backup that was made before the upgrade.",
            REFUSED,
        ),
    ),
)
