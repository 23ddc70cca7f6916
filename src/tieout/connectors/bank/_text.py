"""Bytes of a statement become text: byte-order marks, UTF-8, and the code page that older bank exports are in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from tieout.connectors.bank._refusal import refusal

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WESTERN = "cp1252"
LINE = re.compile(r"[^\r\n]+")  # no other character ends a line, whatever a payer wrote into his words


def decoded(name: str, content: bytes, encoding: str = "") -> str:
    """The text without its mark. A mark decides, then ``encoding``, then UTF-8 where it fits, else Windows-1252."""
    for mark, marked in MARKS:
        if content.startswith(mark):
            return _strict(name, content.removeprefix(mark), marked)
    if encoding:
        return _strict(name, content, encoding)
    try:
        return _without_nul(name, content.decode("utf-8"))
    except UnicodeDecodeError:
        return _strict(name, content, WESTERN)


def lines(text: str) -> Iterator[str]:
    """The lines that are not empty, one after another, without their ends."""
    return (found[0] for found in LINE.finditer(text))


def _strict(name: str, content: bytes, encoding: str) -> str:
    try:
        return _without_nul(name, content.decode(encoding))
    except UnicodeDecodeError as error:
        sentence = (
            f"{name}: byte {error.start} is no {encoding} text. Export the statement as UTF-8, or name its encoding."
        )
        raise refusal("encoding", sentence, "encoding", encoding) from None


def _without_nul(name: str, text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise refusal("not_text", f"{name}: line {line} holds a NUL byte, so this is no text. Export the file again.")
    return text
