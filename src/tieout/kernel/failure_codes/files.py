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
            "clock.put_back",
            "The clock of the machine is behind the last moment at which a worker was at work.",
            "The machine was restored, or its clock was set by hand or by a wrong time server.",
            "Correct the clock, and let it be kept by a time server.",
            "What waits goes on as if the wait began now. A write of unknown fate is left alone for its whole settle window.",
        ),
        Code(
            "file.damaged",
            "A database file is damaged.",
            "The disk failed, or something else than Tieout wrote to the file.",
            "Stop Tieout, keep the file, and put the last backup back with tieout restore.",
            "Stripe delivers again what was not acknowledged; nothing is written to P21.",
        ),
        Code(
            "file.disk",
            "A database file cannot be read or written.",
            "Its disk fails, or was taken away.",
            "Look at the disk, then start Tieout again.",
            "Stripe delivers again what was not acknowledged.",
        ),
        Code(
            "file.full",
            "A database file cannot grow.",
            "The disk is full.",
            "Make room on that disk.",
            "Work goes on by itself when there is room. Stripe delivers again what was not acknowledged.",
        ),
        Code(
            "file.read_only",
            "A database file cannot be written.",
            "A permission is missing, or the disk is mounted for reading only.",
            "Correct the permissions of the file and its folder, or mount the disk for writing.",
            "Work goes on by itself when the file can be written again.",
        ),
        Code(
            "file.not_opened",
            "A database file cannot be opened.",
            "It was moved, or a permission is missing.",
            "Correct the permissions of the file and its folder.",
            REFUSED,
        ),
        Code(
            "file.locked",
            "A database file is held by another process for longer than half a minute.",
            "A copy, a scan, or a worker that was stopped in the middle holds it.",
            "Find the process that holds it and end it.",
            "Work goes on by itself when the file is free. Stripe delivers again what was not acknowledged.",
        ),
        Code(
            "installation.key",
            "The key file is not the one that the secrets were sealed with.",
            "Another key file was put in its place.",
            "Put the original key file back from the backup.",
            REFUSED,
        ),
        Code(
            "installation.manifest",
            "The file that names the installation cannot be read.",
            "Somebody edited it, or the disk failed.",
            "Delete it: it is made again from the databases, when these belong together.",
            REFUSED,
        ),
        Code(
            "installation.missing",
            "A file of the installation is missing or empty.",
            "It was deleted, moved, or not copied with the others.",
            "Put it back where it was, or put the last backup back with tieout restore.",
            "Nothing is made anew: an empty database would forget what was written to P21.",
        ),
        Code(
            "installation.older",
            "A file of the installation is older than the others.",
            "An older copy of that file alone was put back.",
            "Do again what people did since that copy. To go back in time, use tieout restore.",
            "What was written to P21 since is looked for there before anything is sent; what Stripe told is caught up.",
        ),
        Code(
            "installation.restoring",
            "A restore was not finished.",
            "The process that restored was ended in the middle.",
            "Run tieout restore again.",
            "Nothing is opened until then. What was there before is in a folder called before-restore.",
        ),
        Code(
            "installation.swapped",
            "A file belongs to another installation than the other files in the folder.",
            "Files of two installations were mixed while copying.",
            "Put the right file back, or put the last backup back with tieout restore.",
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
