"""The keyed chain of the books, and the audit trail."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import REFUSED, Area, Code

AREA = Area(
    "The seals of the books",
    (
        Code(
            "chain.head_file",
            "The head of the chain cannot be written.",
            "The file or its folder does not take it.",
            "Correct the permissions, or name another file (TIEOUT_HEADS_FILE).",
            "It is tried again every hour.",
        ),
        Code(
            "chain.key",
            "The books are sealed with a key that is not in vault.key.",
            "The key file was replaced while the program ran.",
            "Put the original vault.key back, or start the program again with the new one.",
            "Nothing is written until then.",
        ),
        Code(
            "chain.no_head",
            "A file holds no head of the chain.",
            "It is another file, or was changed.",
            "Name a file that tieout ledger head has written, or the folder of a signed pack.",
            REFUSED,
        ),
    ),
)
