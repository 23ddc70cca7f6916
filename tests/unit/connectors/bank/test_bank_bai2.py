"""BAI2: details, continuations, control totals, and what is refused (accounting C3, C4; case B9)."""

from __future__ import annotations

import pytest

from tests.unit.connectors.bank.bank_files import BAI2, bai2, read, refusal
from tieout.connectors.bank import Balance


def test_details_with_signs_by_their_type_and_the_ledger_balances() -> None:
    statement = read("november", BAI2)
    assert [(line.account, line.day, line.currency, line.amount) for line in statement.lines] == [
        ("0001112222", "2026-11-03", "usd", 142_290),
        ("0001112222", "2026-11-03", "usd", -1_500),
    ]
    payout, charge = statement.lines
    assert (payout.trace, charge.trace) == ("091000019876543", "")
    assert payout.descriptor.startswith("STRIPE TRANSFER, ST-K1 and more of it")
    assert (statement.format, statement.balances) == ("bai2", (Balance("0001112222", "usd", 10_000, 150_790),))


@pytest.mark.parametrize(
    ("detail", "amount"),
    [
        ("16,165,500,S,1,2,3,REF,,text/", 500),
        ("16,455,500,V,261104,0900,REF,,text", -500),
        ("16,142,500,D,2,1,300,2,200,REF,,text/", 500),
        ("16,399,500,,REF,,/", 500),
        ("16,698,500,1,,,a / b", -500),
        ("16,921,500,Z/", 500),
        ("16,975,500,Z,,,", -500),
    ],
)
def test_funds_types_and_short_records(detail: str, amount: int) -> None:
    assert [line.amount for line in read("november", bai2(detail)).lines] == [amount]


def test_a_message_without_money_is_no_line() -> None:
    assert read("november", bai2("16,890,,,,,RATES CHANGE/")).lines == ()


@pytest.mark.parametrize(
    ("currency", "units", "minor"), [("JPY", "500", 500), ("KWD", "500", 500), ("ISK", "500", 50_000)]
)
def test_amounts_are_in_the_smallest_unit_of_the_bank(currency: str, units: str, minor: int) -> None:
    (line,) = read("november", bai2(f"16,165,{units},Z,,,x/", currency=currency)).lines
    assert (line.currency, line.amount) == (currency.lower(), minor)


def test_balances_over_several_records_with_and_without_their_last_comma() -> None:
    for summary in (
        "03,1,USD,010,100,,,/\n88,015,600,,/",
        "03,1,USD,010,100,/\n88,015,600,/",
        "03,1,USD,010,100,,,015,600,,/",
    ):
        text = bai2("16,165,500,Z,,,x/", header=summary, extra=700)
        assert read("november", text).balances == (Balance("1", "usd", 100, 600),)


def test_a_report_that_does_not_add_up_is_refused_with_the_difference() -> None:
    told = refusal(BAI2.replace("16,165,142290", "16,165,142291"))
    assert told.code == "bank.balance"
    assert (
        "record 6 (49): control total '304580' is not what the records before it make (304581; the difference is -1)"
        in told.sentence
    )
    short = bai2("16,165,400,Z,,,x/", header="03,1,USD,010,100,,,015,600,,/", extra=700)
    assert "the difference is −1.00 USD" in refusal(short).sentence


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("98,304580,1,", "98,304580,2,", "bank.balance", "count '2' is not what the records before it make (1"),
        ("98,304580,1,7", "98,304580,1,9", "bank.balance", "number of records '9'"),
        ("99,304580", "99,304581", "bank.balance", "record 8 (99): control total"),
        ("02,R,S,1,", "02,R,S,2,", "bank.bai2", "takes back an earlier report"),
        ("02,R,S,1,", "02,R,S,4,", "bank.bai2", "is a test"),
        ("USD,2/", "USD,3/", "bank.kind", "is a report of a day that is not over (intraday)"),
        ("261103", "261331", "bank.bai2", "is no day"),
        ("16,165,", "16,721,", "bank.bai2", "type code '721' is neither a credit"),
        ("16,165,142290", "16,165,1422.90", "bank.bai2", "amount '1422.90' is no whole number"),
        ("16,165,142290", "16,165," + "9" * 5_000, "bank.bai2", "has too many digits"),
        ("16,165,142290,Z", "16,165,142290,D,-3", "bank.bai2", "is no number of days"),
        ("16,165,142290,Z", "16,165,142290,Q", "bank.bai2", "funds type 'Q'"),
        ("0001112222,USD", "0001112222,XBT", "bank.bai2", "is not one that Stripe uses"),
        ("03,0001112222", "03,", "bank.bai2", "account '' is missing"),
        ("49,", "98,", "bank.bai2", "stands where it does not belong"),
        ("16,165", "17,165", "bank.bai2", "begins with no record code"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(old: str, new: str, code: str, words: str) -> None:
    told = refusal(BAI2.replace(old, new, 1))
    assert (told.code, words in told.sentence) == (code, True), told.sentence


def test_a_file_that_is_cut_off_is_refused_wherever() -> None:
    for end in range(len(BAI2) - 12):
        assert refusal(BAI2[:end] or " ").code in ("bank.bai2", "bank.balance", "bank.empty", "bank.no_columns")
