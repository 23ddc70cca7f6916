"""camt.053: entries, references, balances, and what is refused (accounting C3, C4)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import IBAN, camt, entry, read, refusal
from tieout.connectors.bank import Balance

DETAILS = (
    "<NtryDtls><TxDtls><Refs><EndToEndId>STRIPE-K1</EndToEndId><TxId>TX9</TxId></Refs>"
    "<RmtInf><Ustrd>STRIPE PAYOUT</Ustrd><Ustrd>po_1ABC</Ustrd></RmtInf></TxDtls></NtryDtls>"
)


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_an_entry_and_the_balances(version: str) -> None:
    statement = read("november", camt(entry(details=DETAILS), version))
    (line,) = statement.lines
    assert (line.account, line.day, line.amount, line.currency) == (IBAN, "2026-11-03", 142_290, "eur")
    assert (line.trace, line.descriptor) == ("STRIPE-K1", "STRIPE PAYOUT po_1ABC TX9 BANK-1 1")
    assert statement.balances == (Balance(IBAN, "eur", 10_000, 152_290),)


def test_the_declared_encoding_is_believed() -> None:
    text = camt(entry(details="<AddtlNtryInf>Zoë</AddtlNtryInf>")).decode()
    for encoding in ("ISO-8859-1", "UTF-16"):
        content = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
        assert read("november", content).lines[0].descriptor == "Zoë 1"


def test_money_out_and_what_is_only_pending() -> None:
    entries = entry("1500", "CRDT") + entry("77.1", "DBIT", status="BOOK") + entry("9", status="<Cd>PDNG</Cd>")
    lines = read("november", camt(entries)).lines
    assert [(line.amount, line.raw_position) for line in lines] == [(150_000, 1), (-7_710, 2)]


def test_a_batch_is_one_line_and_its_transactions_lend_their_words() -> None:
    batch = "<NtryDtls>" + DETAILS.removeprefix("<NtryDtls>").removesuffix("</NtryDtls>") * 2 + "</NtryDtls>"
    (line,) = read("november", camt(entry(details=batch))).lines
    assert (line.trace, line.amount) == ("BANK-1", 142_290)
    assert line.descriptor == "STRIPE PAYOUT po_1ABC STRIPE PAYOUT po_1ABC 1"


def test_a_reference_that_was_not_provided_is_none() -> None:
    refs = "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls></NtryDtls>"
    assert read("november", camt(entry(details=refs))).lines[0].trace == "BANK-1"


@pytest.mark.parametrize(
    "day", ["<DtTm>2026-11-03T23:30:00-05:00</DtTm>", "<Dt>2026-11-03+01:00</Dt>", "<Dt>2026-11-03Z</Dt>"]
)
def test_the_day_is_the_one_that_the_bank_wrote(day: str) -> None:
    assert read("november", camt(entry(day=day))).lines[0].day == "2026-11-03"


def test_a_statement_that_does_not_add_up_is_refused_with_the_difference() -> None:
    told = refusal(camt(entry("1422.89")))
    assert told.code == "bank.balance"
    assert told.sentence == (
        f"november: account {IBAN} opens with 100.00 EUR and its lines make 1,522.89 EUR, but the statement closes with"
        " 1,522.90 EUR; the difference is −0.01 EUR. Lines are missing or doubled: export the whole period again."
    )


def test_two_days_of_one_account_each_add_up() -> None:
    text = camt(entry()).decode()
    start, end = text.index("<Stmt>"), text.index("</BkToCstmrStmt>")
    second = text[start:end].replace(">1522.90<", ">2945.80<").replace(">100.00<", ">1522.90<")
    statement = read("november", text[:end] + second + text[end:])
    assert [(each.opening, each.closing) for each in statement.balances] == [(10_000, 152_290), (152_290, 294_580)]
    assert len({line.id for line in statement.lines}) == 2


def test_an_overdrawn_balance_is_negative() -> None:
    text = camt(entry(), opening="1.00", closing="1421.90").decode()
    overdrawn = text.replace("<CdtDbtInd>CRDT", "<CdtDbtInd>DBIT", 1)
    assert read("november", overdrawn).balances[0].opening == -100


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        (camt(entry("-5")), "Amt", "entry 1: Amt '-5' is no plain amount"),
        (camt(entry("5.001")), "Amt", "5.001 EUR is finer than the currency's smallest unit"),
        (camt(entry("9" * 40)), "Amt", "has more than 18 digits"),
        (camt(entry(direction="IN")), "CdtDbtInd", "'IN' is neither CRDT nor DBIT"),
        (camt(entry(day="<Dt>3.11.2026</Dt>")), "BookgDt", "'3.11.2026' is no day"),
        (camt(entry(day="")), "BookgDt", "'' is no day"),
        (camt(entry(), "01"), "document", "is no camt.053 statement of version 02 to 14"),
        (camt(entry()).replace(b"camt.053", b"other.053"), "document", "is no camt.053 statement"),
        (camt(entry()).replace(b"<IBAN>" + IBAN.encode() + b"</IBAN>", b""), "Acct/Id", "is missing"),
        (camt("").replace(b"Stmt>", b"Other>"), "Stmt", "the file holds no statement"),
    ],
)
def test_what_does_not_fit_is_named(content: bytes, field: str, words: str) -> None:
    told = refusal(content)
    assert (told.code, told.field) == ("bank.camt", field)
    assert words in told.sentence
