"""OFX 1 and 2: transactions, balances and what is refused (accounting C4)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import OFX_1, OFX_2, read, refusal
from tieout.connectors.bank import Balance
from tieout.domain.reconciliation.deposit import ExpectedDeposit, match_deposits


def test_ofx_1_leaves_its_tags_open() -> None:
    statement = read("november", OFX_1)
    assert statement.format == "ofx"
    assert [(line.day, line.amount, line.trace, line.descriptor) for line in statement.lines] == [
        ("2026-11-03", 142_290, "091000019876543", "STRIPE TRANSFER ST-K1 & Co"),
        ("2026-11-04", -1_500, "", "SERVICE CHARGE"),
    ]
    assert statement.balances == (Balance("000111222", "usd", None, 2_540_790),)


def test_ofx_2_is_xml_and_a_line_may_have_a_currency_of_its_own() -> None:
    lines = read("november", OFX_2).lines
    assert [(line.account, line.currency, line.amount, line.descriptor) for line in lines] == [
        ("77", "cad", 1_234, "STRIPE CANADA PAYOUT <1> & more"),
        ("77", "usd", 500, "Zoë"),
    ]


def test_an_old_code_page_is_read() -> None:
    assert read("november", OFX_1.replace("CHARGE", "GEBÜHR").encode("cp1252")).lines[1].descriptor == "SERVICE GEBÜHR"


def test_two_accounts_in_one_file_are_kept_apart() -> None:
    start, end = OFX_1.index("<STMTTRNRS>"), OFX_1.index("</BANKMSGSRSV1>")
    second = OFX_1[start:end].replace("000111222", "000333444").replace("<CURDEF>USD", "<CURDEF>EUR")
    statement = read("november", OFX_1[:end] + second + OFX_1[end:])
    assert [(each.account, each.currency) for each in statement.balances] == [
        ("000111222", "usd"),
        ("000333444", "eur"),
    ]
    assert len({line.id for line in statement.lines}) == 4


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("<TRNAMT>-15,00", "<TRNAMT>=2", "TRNAMT", "transaction 2: TRNAMT '=2' is no amount"),
        ("<TRNAMT>-15,00", "<TRNAMT>-1,500", "TRNAMT", "has three decimals, which may be thousands"),
        ("<TRNAMT>-15,00", "", "TRNAMT", "transaction 2: TRNAMT '' is missing"),
        ("<DTPOSTED>20261104", "<DTPOSTED>20261131", "DTPOSTED", "transaction 2: DTPOSTED '20261131' is no day"),
        ("<DTPOSTED>20261104", "<DTPOSTED>4 Nov", "DTPOSTED", "expected YYYYMMDD"),
        ("<CURDEF>USD", "", "CURDEF", "CURDEF is missing"),
        ("<CURDEF>USD", "<CURDEF>XXX", "TRNAMT", "currency 'xxx' is not one that Stripe uses"),
        ("<ACCTID>000111222", "", "ACCTID", "ACCTID is missing"),
        ("<BALAMT>25407.90", "<BALAMT>lots", "BALAMT", "LEDGERBAL 'lots' is no amount"),
    ],
)
def test_a_field_that_does_not_fit_is_named(old: str, new: str, field: str, words: str) -> None:
    told = refusal(OFX_1.replace(old, new))
    assert (told.code, told.field) == ("bank.ofx", field)
    assert words in told.sentence


@pytest.mark.parametrize("cut", ["</STMTTRN>\n</BANK", "</STMTRS>", "<STMTRS>"])
def test_half_a_file_is_no_statement(cut: str) -> None:
    assert "holds no whole OFX bank statement" in refusal(OFX_1[: OFX_1.index(cut)]).sentence


def test_a_line_that_was_read_proves_a_payout() -> None:
    lines = read("november", OFX_1).lines
    payout = ExpectedDeposit("po_1", 142_290, "usd", "2026-11-02", "091000019876543")
    found = match_deposits([payout], lines)
    assert [(match.lines, match.by) for match in found.matches] == [((lines[0].id,), "trace")]
    assert [each.id for each in found.open_lines] == [lines[1].id]
