"""Which format a file is, by what is inside: one that is read, or one that is named with what to download instead."""

from __future__ import annotations

import re
from collections.abc import Callable

from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._statement import Format

LOOKED_AT_BYTES = 8192
INSTEAD = "Download the statement as CSV, OFX (also called QFX or QBO), camt.053, MT940, BAI2 or QIF"
BAI_VERSION = 8  # the place of the last field of a BAI file header
START_OF_BAI = re.compile(rb"01,[^\r\n]{0,200}")

BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF, which is for reading on paper"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (XLS)"),
    (b"\x1f\x8b", "a gzip file. Unpack it, and import what is inside"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file. Unpack it, and import what is inside"),
    (b"Rar!", "a RAR file. Unpack it, and import what is inside"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
)
# What the text begins with, blanks and byte order mark left aside, in upper case.
TEXTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<!DOCTYPE HTML|<HTML"), "a web page, perhaps that of a sign-in that has run out"),
    (re.compile(rb"-----BEGIN PGP"), "an encrypted file. Decrypt it, and import what is inside"),
    (re.compile(rb"[\[{]\s*[\"\[{]"), "a JSON file"),
    (re.compile(rb"101 \d{9}"), "an ACH file (NACHA): payments that were ordered, not what the bank booked"),
    (re.compile(rb"00000\d{6}\d{3}05"), "a CODA statement, which Tieout does not read"),
    (re.compile(rb"01\d{5}[^\r\n]{113}(?:[\r\n]|$)"), "a CFONB120 statement, which Tieout does not read"),
    (re.compile(rb"11\d{18}\d{12}[12]\d{14}"), "a Norma 43 statement, which Tieout does not read"),
    (re.compile(rb"!TRNS|!ACCNT|!HDR\t"), "an IIF file of a bookkeeping program"),
    (re.compile(rb"FROM: |RECEIVED: |MIME-VERSION:"), "an e-mail. Save its attachment, and import that"),
)  # fmt: skip
MT_TAG = re.compile(rb"(?:^|[\r\n}]):(20|25|60[FM]|61|13D|34F):")


def format_of(name: str, content: bytes) -> Format:
    """The format that is read. Failed(Fix) says what another one is, and what to download instead."""
    _refuse_binary(name, content)
    start = content[:LOOKED_AT_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").upper()
    for pattern, title in TEXTS:
        if pattern.match(start):
            raise _other(name, title)
    for kind, fits in READ:
        if fits(name, start):
            return kind
    return "csv"


def _refuse_binary(name: str, content: bytes) -> None:
    for start, title in BINARY:
        if content.startswith(start):
            raise _other(name, title)
    if content.startswith(b"PK\x03\x04"):
        names = content[: 1024 * 1024]
        if b"xl/" in names:
            raise _other(name, "an Excel file (XLSX)")
        if b"opendocument" in names:
            raise _other(name, "a spreadsheet of LibreOffice (ODS)")
        raise _other(name, "an Excel or zip file. If it is a zip, unpack it, and import what is inside")


def _ofx(_name: str, start: bytes) -> bool:
    return start.startswith(b"OFXHEADER") or b"<OFX>" in start or b"<?OFX" in start


def _camt(_name: str, start: bytes) -> bool:
    return start.startswith(b"<")


def _qif(_name: str, start: bytes) -> bool:
    return start.startswith((b"!TYPE:", b"!ACCOUNT", b"!OPTION:", b"!CLEAR:"))


def _bai2(name: str, start: bytes) -> bool:
    head = START_OF_BAI.match(start)
    fields = head[0].rstrip(b" /").split(b",") if head else []
    if len(fields) <= BAI_VERSION:
        return False
    if fields[BAI_VERSION].strip() == b"1":
        raise _other(name, "a BAI file of version 1, which banks gave until 1987; ask the bank for version 2")
    return fields[BAI_VERSION].strip() in (b"", b"2")


def _mt940(name: str, start: bytes) -> bool:
    tags = {found[1] for found in MT_TAG.finditer(start)}
    if b"20" not in tags or b"25" not in tags:
        return False
    if not tags & {b"60F", b"60M"} and tags & {b"13D", b"34F"}:
        raise _other(name, "an MT942 report, which shows a day that is not over. Download MT940, the statement")
    return True


READ: tuple[tuple[Format, Callable[[str, bytes], bool]], ...] = (
    ("ofx", _ofx),
    ("camt.053", _camt),
    ("qif", _qif),
    ("bai2", _bai2),
    ("mt940", _mt940),
)


def _other(name: str, title: str) -> Exception:
    advice = "" if ". " in title or "; " in title else f" {INSTEAD}."
    return refusal("kind", f"{name} is {title}.{advice}", "file", title.split(",")[0].split(".")[0])
