"""A bank statement from a file: CSV, OFX or camt.053, told apart by what is inside (accounting C3, C4)."""

from __future__ import annotations

import hashlib

from tieout.connectors.bank._camt import CamtFile
from tieout.connectors.bank._columns import CsvColumns
from tieout.connectors.bank._csv_file import CsvFile
from tieout.connectors.bank._ofx import OfxFile
from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._statement import Format, Statement, lines_of

BYTES_MAX = 50 * 1024 * 1024
LOOKED_AT_BYTES = 4096
OTHER_KINDS = {
    b"PK\x03\x04": "an Excel or zip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
}


def read_statement(name: str, content: bytes, columns: CsvColumns | None = None) -> Statement:
    """The statement in ``content``; ``name`` is what it is called in sentences. ``columns`` are needed for CSV only.

    Amounts come in minor units, money in positive; where a statement gives opening and closing balance, its lines
    were checked to lead from one to the other. Failed(Fix) with a code ``bank.…`` names place, value and what to do.
    """
    if not content.strip():
        raise refusal("empty", f"{name} is empty. Export the statement again.")
    if len(content) > BYTES_MAX:
        sentence = f"{name} has {len(content):,} bytes, more than {BYTES_MAX:,}. Export a shorter period."
        raise refusal("too_big", sentence, "bytes", str(len(content)))
    kind = _format(name, content)
    if kind == "csv":
        if columns is None:
            raise refusal(
                "no_columns",
                f"{name} is a CSV file, which does not say what its columns are. Say so: --columns FILE",
                "columns",
            )
        file: CsvFile | OfxFile | CamtFile = CsvFile(name, content, columns)
    else:
        file = OfxFile(name, content) if kind == "ofx" else CamtFile(name, content)
    lines = lines_of(name, file.bookings())
    return Statement(name, kind, hashlib.sha256(content).hexdigest(), lines, tuple(file.balances))


def _format(name: str, content: bytes) -> Format:
    for start, title in OTHER_KINDS.items():
        if content.startswith(start):
            raise refusal("kind", f"{name} is {title}. Export the statement as CSV, OFX or camt.053.", "file", title)
    start = content[:LOOKED_AT_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    if start.startswith(b"OFXHEADER") or b"<OFX>" in start or b"<?OFX" in start:
        return "ofx"
    return "camt.053" if start.startswith(b"<") else "csv"
