"""Look-up tables."""

from __future__ import annotations

from tieout.kernel.failure_codes._code import Area, Code

NOTHING = "Nothing was changed."

AREA = Area(
    "Look-up tables",
    (
        Code(
            "tables.row",
            "A row of a look-up table, or the file it is in, cannot be used.",
            "A key or a value is empty, too long, stands twice, or is no currency where one is meant.",
            "Correct what the sentence names, then do it again.",
            NOTHING,
        ),
        Code(
            "tables.reason",
            "A change of a look-up table was asked for without a reason.",
            "Every change is kept with who made it and why.",
            "Say why with --reason.",
            NOTHING,
        ),
        Code(
            "tables.version",
            "The table has no such version.",
            "The number is higher than its last version.",
            "List the versions with tieout tables history and the table's name.",
            NOTHING,
        ),
    ),
)
