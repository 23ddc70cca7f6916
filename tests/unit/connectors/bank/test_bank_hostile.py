"""Statements that mean harm: refused with a sentence, in little time and memory (security; accounting C3)."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from tests.unit.connectors.bank.bank_files import OFX_1, camt, entry, read, refusal
from tieout.connectors.bank import CsvColumns
from tieout.connectors.bank.reading import BYTES_MAX

PLAIN = CsvColumns("a", "usd", "Date", amount="Amount")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))


def with_doctype(declared: str, used: str) -> bytes:
    text = camt(entry(details=f"<AddtlNtryInf>{used}</AddtlNtryInf>")).decode()
    return text.replace("<Document", f"<!DOCTYPE Document [{declared}]><Document", 1).encode()


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        (LAUGHS, "&l11;"),
        ('<!ENTITY file SYSTEM "file:///etc/hostname">', "&file;"),
        ('<!ENTITY % away SYSTEM "http://127.0.0.1:1/x.dtd"> %away;', "x"),
        ("", "x"),
    ],
)
def test_entities_are_neither_expanded_nor_fetched(declared: str, used: str) -> None:
    told = refusal(with_doctype(declared, used))
    assert (told.code, told.sentence) == (
        "bank.xml",
        "november declares a DTD or entities, which no bank statement has. It was not read.",
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bank.empty"),
        (b" \r\n ", "bank.empty"),
        (b"PK\x03\x04 workbook", "bank.kind"),
        (b"%PDF-1.7", "bank.kind"),
        (b"Date,Amount\n2026-11-03,1.\x0000\n", "bank.not_text"),
        (OFX_1.replace("SERVICE", "SER\0VICE").encode(), "bank.not_text"),
        (camt(entry()).replace(b"BANK-1", b"BANK\0"), "bank.xml"),
        (camt(entry())[:-30], "bank.xml"),
        (b"<html><body>Please sign in</body></html>", "bank.camt"),
        (b'<?xml version="1.0" encoding="nonsense"?><Document/>', "bank.xml"),
        (camt(entry(details="<a>" * 100_000)), "bank.camt"),
        (OFX_1.replace("<BANKTRANLIST>", "<STMTTRN>" * 100_000).encode(), "bank.ofx"),
        ((b"Date,Amount\n2026-11-03," + b"9" * 200_000), "bank.csv"),
        (b"\xff\xfeD\x00a", "bank.encoding"),
        (b"Date,Amount\n\x81\x8d", "bank.encoding"),
    ],
    ids=lambda each: str(each)[:24],
)
def test_what_is_no_statement_is_told(content: bytes, code: str) -> None:
    assert refusal(content, PLAIN).code == code


def test_a_file_has_a_size_and_a_number_of_lines() -> None:
    assert refusal(b"x" * (BYTES_MAX + 1)).code == "bank.too_big"
    told = refusal(b"Date,Amount\n" + b"2026-11-03,1.00\n" * 200_001, PLAIN)
    assert told.sentence == "november has more than 200,000 lines. Export a shorter period."


@pytest.mark.parametrize(
    "content",
    [
        b"<OFX>" + b"<A" * 2_000_000,
        b"<OFX>" + b"<![CDATA[" * 400_000,
        b"<OFX>" + b"</STMTTRN>" * 400_000,
        b"<OFX>" + b"<MEMO>&" * 500_000,
    ],
    ids=["open tags", "sections", "ends", "fields"],
)
def test_no_ofx_takes_more_than_linear_time(content: bytes) -> None:
    start = time.process_time()
    assert refusal(content).code == "bank.ofx"
    assert time.process_time() - start < 10


@pytest.mark.slow
def test_a_statement_of_the_greatest_size_is_read_in_bounded_memory() -> None:
    entries = entry(details="<AddtlNtryInf>" + "x" * 2_200 + "</AddtlNtryInf>") * 20_000
    content = camt(entries, closing="28458100.00")
    tracemalloc.start()
    assert len(read("november", content).lines) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 45_000_000 < len(content) < BYTES_MAX
    assert peak < len(content)
