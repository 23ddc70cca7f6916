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
