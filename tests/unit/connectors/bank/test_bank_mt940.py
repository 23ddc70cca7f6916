"""MT940: lines, pages, reversals, balances, and what is refused (accounting C3, C4; case B9)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import IBAN, mt940, read, refusal
from tieout.connectors.bank import Balance

DEUTSCH = (
    ":61:2611031103CR1422,90NTRFST-K1//B123\r\nSEPA\r\n:86:166?00GUTSCHRIFT?20SVWZ+STRIPE?21PAYOUT po_1ABC?32STRIPE"
)


def test_lines_with_their_words_references_and_balances() -> None:
    statement = read(
        "november", mt940(DEUTSCH, ":61:261104D15,00NCHGNONREF", opening="C261102EUR100,", closing="C261104EUR1507,90")
    )
    first, second = statement.lines
    assert (first.account, first.day, first.amount, first.currency, first.trace) == (
        IBAN,
        "2026-11-03",
        142_290,
        "eur",
        "ST-K1",
    )
    assert "STRIPE PAYOUT po_1ABC" in first.descriptor and "B123" in first.descriptor
    assert (second.day, second.amount, second.trace) == ("2026-11-04", -1_500, "")
    assert (statement.format, statement.balances) == ("mt940", (Balance(IBAN, "eur", 10_000, 150_790),))


@pytest.mark.parametrize(
    ("mark", "amount"), [("C", 500), ("D", -500), ("RC", -500), ("RD", 500), ("CR", 500), ("DR", -500), ("RCR", -500)]
)
def test_a_reversal_goes_the_other_way(mark: str, amount: int) -> None:
    sign, zero = ("C", "0,") if amount > 0 else ("D", "0,")
    text = mt940(f":61:2611031103{mark}5,00NTRFX", opening=f"C261103EUR{zero}", closing=f"{sign}261103EUR5,00")
    assert [line.amount for line in read("november", text).lines] == [amount]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (":61:2612310102C1,00NTRFX", "2027-01-02"),
        (":61:2701021231C1,00NTRFX", "2026-12-31"),
        (":61:2612310105C1,00NTRFX", "2027-01-05"),
        (":61:261103    C1,00NTRFX", "2026-11-03"),
        (":61:261103C1,NTRFX", "2026-11-03"),
    ],
)
def test_the_day_is_that_of_the_booking_in_its_own_year(line: str, day: str) -> None:
    assert read("november", mt940(line, closing="C261103EUR1,00")).lines[0].day == day


def test_an_envelope_a_banks_own_head_and_several_pages_and_accounts() -> None:
    pages = (
        "ABNANL2A\r\n940\r\nABNANL2A\r\n"
        + mt940(":61:261103C1,00NTRFX", closing="C261103EUR1,00").replace("62F", "62M")
        + "\r\n{1:F01BANK}{2:O940}{4:\r\n"
        + mt940(":61:261103C2,00NTRFX", opening="C261103EUR1,00", closing="C261103EUR3,00").replace("60F", "60M")
        + "}{5:{MAC:0}}\r\n"
        + mt940(":61:261103D2,500NTRFX", closing="D261103KWD2,500", opening="C261103KWD0,", account="OTHER")
    )
    lines = read("november", pages).lines
    assert [(line.account, line.currency, line.amount) for line in lines] == [
        (IBAN, "eur", 100), (IBAN, "eur", 200), ("OTHER", "kwd", -2_500),
    ]  # fmt: skip


def test_a_statement_that_does_not_add_up_is_refused_with_the_difference() -> None:
    told = refusal(mt940(":61:261103C1,00NTRFX", closing="C261103EUR3,00"))
    assert (told.code, told.sentence) == (
        "bank.balance",
        f"november: account {IBAN} opens with 0.00 EUR and its lines make 1.00 EUR, but the statement closes with 3.00 EUR;"
        " the difference is −2.00 EUR. Lines are missing or doubled: export the whole period again.",
    )


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (mt940(":61:rubbish"), "61", "line 1: field :61: 'rubbish' is no statement line"),
        (mt940(":61:261303C1,00NTRF"), "61", "is no day"),
        (mt940(":61:261103C1,001NTRF"), "61", "1.001 EUR is finer"),
        (mt940(":61:261103EC1,00NTRF"), "61", "is no statement line"),
        (mt940(":61:261103C1,00NTRF", opening="C261103EU1,00"), "60F", "is no balance"),
        (mt940(":61:261103C1,00NTRF", opening="C261103XBT1,00"), "60F", "is not one that Stripe uses"),
        (mt940(":61:261103C1,00NTRF", closing="C261103USD1,00"), "62F", "closes what was not opened in this currency"),
        (mt940(":61:261103C1,00NTRF").partition(":62F")[0], "62F", "the file ends within a statement"),
        (mt940(":61:261103C1,00NTRF").partition(":60F")[0], "60F", "holds no whole statement"),
        (mt940(":86:" + "x" * 20_000), "86", "has more than 10,000 characters"),
        (mt940(":86:" + "x\r\n" * 20_000), "86", "has more than 10,000 characters"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(text: str, field: str, words: str) -> None:
    told = refusal(text)
    assert (told.code, told.field) == ("bank.mt940", field)
    assert words in told.sentence


def test_no_word_of_a_payer_makes_a_line() -> None:
    text = mt940(
        ":61:261103C1,00NTRFX\r\n:86:a\u2028:61:261103C9,00NTRFX\x0b:61:261103C9,00NTRFX", closing="C261103EUR1,00"
    )
    assert [line.amount for line in read("november", text).lines] == [100]
