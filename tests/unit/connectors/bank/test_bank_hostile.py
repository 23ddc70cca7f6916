"""Statements that mean harm: refused with a sentence, in little time and memory (security; accounting C3)."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from tests.unit.connectors.bank.bank_files import BAI2, OFX_1, camt, entry, mt940, read, refusal
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


NAMED = (
    (b"PK\x03\x04 xl/workbook.xml", "an Excel file (XLSX)"),
    (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "a spreadsheet of LibreOffice (ODS)"),
    (b"PK\x03\x04 statement.csv", "unpack it"),
    (b"%PDF-1.7", "a PDF"),
    (b"<!DOCTYPE html><html>", "a web page"),
    (b'[{"amount": 1}]', "a JSON file"),
    (b"101 091000019 1234567891126110600A094101", "an ACH file (NACHA)"),
    (b"01,S,R,261104,0600,1,80,,1/\n02,R,S,1,261103,,USD,2/\n", "a BAI file of version 1"),
    (b":20:S\n:25:1\n:28C:1\n:34F:EUR0,\n:13D:2611031200+0100\n:61:261103C1,NTRF\n", "an MT942 report"),
    (b"!TRNS\tTRNSID\tDATE", "an IIF file"),
    (camt(entry()).replace(b"camt.053", b"camt.052"), "a camt.052 report"),
    (camt(entry()).replace(b"camt.053", b"camt.054"), "a camt.054 advice"),
    (camt(entry()).replace(b"camt.053", b"pain.001"), "a pain.001 message"),
    (OFX_1.replace("STMTRS>", "INVSTMTRS>").encode(), "an OFX file of an investment account (brokerage)"),
)


@pytest.mark.parametrize(("content", "title"), NAMED, ids=[title for _, title in NAMED])
def test_a_file_of_another_kind_is_named_with_what_to_download_instead(content: bytes, title: str) -> None:
    told = refusal(content)
    assert (told.code, title in told.sentence) == ("bank.kind", True), told.sentence
    assert "Download" in told.sentence or "npack" in told.sentence or "ask the bank" in told.sentence


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
        (b"<html><body>Please sign in</body></html>", "bank.kind"),
        (b"<Report><Line/></Report>", "bank.camt"),
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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<a/>" * 1_200_000, "is no camt.053 statement"),
        (
            camt("").replace(b"<GrpHdr>", b"<GrpHdr>" + b"<a/>" * 1_000_000),
            "beside its entries it has more than 100,000 elements",
        ),
        (camt("").replace(b"<Acct>", b"<a/>" * 1_000_000 + b"<Acct>"), "more than 100,000 elements"),
        (camt("<Ntry>" + "<a/>" * 100_001 + "</Ntry>"), "one entry has more than 100,000 elements"),
        (camt("<Ntry/>" * 200_000), "entry 1: CdtDbtInd"),
    ],
    ids=["no document", "head", "statement", "entry", "entries"],
)
def test_camt_of_nothing_but_elements_stays_small(content: bytes, words: str) -> None:
    tracemalloc.start()
    try:
        told = refusal(content).sentence
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in told
    assert peak < 25_000_000


def test_a_camt_file_has_a_number_of_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tieout.connectors.bank._camt.ELEMENTS_MAX", 20)
    told = refusal(camt(entry() * 3))
    assert (told.code, told.sentence) == (
        "bank.too_many_lines",
        "november: it has more than 20 elements. Export a shorter period.",
    )


@pytest.mark.parametrize(
    "content",
    [
        mt940(*[":61:261103C1,00NTRFX"] * 5_000).encode(),
        mt940(*[":86:" + "\n" * 2_000_000]).encode(),
        b":20:a\n:25:a\n" * 50_000,
        b":20:a\n:25:a\n:60F:" + b"C" * 4_000_000,
        b":20:a\n:25:a\n:61:" + b"1" * 4_000_000,
        BAI2.replace(",,/", "," * 90_000 + "/", 1).replace("49,", "49,1").encode(),
        BAI2.replace("16,", "03,", 1).encode() + b"88,,,,,,,,,,,/\n" * 300_000,
        BAI2.encode() + b"01,\n" * 400_000,
        b"01,a,b,c,d,e,f,g,2/\n88" * 200_000,
    ],
    ids=["lines", "empty", "heads", "balance", "line", "commas", "continued", "begun", "joined"],
)
def test_no_mt940_or_bai2_takes_more_than_linear_time_and_memory(content: bytes) -> None:
    start = time.process_time()
    tracemalloc.start()
    try:
        assert refusal(content).code in ("bank.mt940", "bank.bai2", "bank.balance")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 10
    assert peak < 6 * len(content) + 20_000_000


@pytest.mark.parametrize("number", ["1" * 5_000, "x" + "f" * 5_000, "0" * 9_000 + "65", "12345678"])
def test_an_ofx_character_of_thousands_of_digits_is_read_over(number: str) -> None:
    lines = read("november", OFX_1.replace("&amp;", f"&#{number};")).lines
    assert lines[0].descriptor == "STRIPE TRANSFER ST-K1 \ufffd Co" or ";" in lines[0].descriptor


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
