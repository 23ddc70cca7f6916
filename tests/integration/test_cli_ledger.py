"""The books on the command line: kept, read, proven, explained, and what is open ended by a person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.command_line import tieout
from tests.integration.books_site import DAY, ZONE, Site, account_map, house_in, keep, machines, play, site_in
from tieout.cli._shared import out
from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.ledger.determination import read_map
from tieout.domain.ledger.period import Period
from tieout.domain.ledger.policy import Policy
from tieout.operations.keep_ledger import keep_policy
from tieout.operations.keep_periods import keep_periods
from tieout.queries.exceptions import open_by_age
from tieout.queries.fact_days import happened
from tieout.store import bank
from tieout.store.ledger_tables import balance_changes

DECIDED = ("--reason", "Stripe's support said so", "--actor", "Ann Larch")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Books that nobody changes."""
    with site_in(tmp_path_factory.mktemp("books")) as found:
        keep(found)
        yield found


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same books, for a person who ends what is open in them."""
    with site_in(tmp_path_factory.mktemp("decided")) as found:
        keep(found)
        yield found


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Books whose every row was refused, because its period is closed and only an approver may say where it goes."""
    with site_in(tmp_path_factory.mktemp("closed")) as found:
        found.connect()
        play(found)
        found.done("ledger", "keep", "--closed-period", "approver", "--time-zone", ZONE)
        past, present = found.day(-60), found.day(2)
        with found.house() as house:
            periods = [Period(2026, 1, past, found.day(1), True), Period(2026, 2, present, "2999-12-31", False)]
            keep_periods(house.books, "p21", periods)
        found.done("ledger", "import")
        yield found


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    "words",
    [
        *(("ledger",), ("ledger", "keep"), ("ledger", "accounts"), ("ledger", "rates"), ("ledger", "prove")),
        *(("ledger", "import"), ("ledger", "audit"), ("ledger", "post"), ("payouts",), ("payout", "po_1")),
        *(("explain", "po_1"), ("exceptions",)),
    ],
    ids=" ".join,
)
def test_without_a_ledger_every_command_says_how_to_keep_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = tieout(tmp_path, *words)
    assert ran.status == 1
    assert ran.said.startswith("No ledger is kept yet. Keep one with: tieout ledger keep")


def test_a_ledger_needs_a_connected_account_and_choices_that_there_are(tmp_path: Path) -> None:
    nobody = tieout(tmp_path, "ledger", "keep", "--currency", "usd")
    assert (nobody.status, nobody.said) == (
        1,
        "No Stripe account is connected. Connect it first: tieout connect stripe",
    )


def test_where_several_ledgers_are_kept_one_must_be_named(tmp_path: Path) -> None:
    with house_in(tmp_path) as house:
        for name in ("east", "west"):
            keep_policy(house.books, name, Policy())
    assert tieout(tmp_path, "ledger").said == "Say which ledger: east, west are kept."
    assert "Trial balance of west Nothing is posted yet." in tieout(tmp_path, "ledger", "--ledger", "west").said
    assert tieout(tmp_path, "exceptions").said == "Nothing is open."
    assert "No payout." in tieout(tmp_path, "payouts").said


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--currency", "dollars", "--ledger-currency: ledger_currency 'dollars': give a currency code such as usd."),
        ("--time-zone", "Mars/Base", "--time-zone: time_zone 'Mars/Base': give a name such as America/New_York."),
        ("--closed-period", "maybe", "closed_period 'maybe': give one of reject, next_open, approver."),
        ("--starts", "1.9.2026", "--starts '1.9.2026' is no day. Write it as YYYY-MM-DD, such as 2026-09-30."),
        ("--p21", "p22", "No Prophet 21 called 'p22' is connected."),
        ("--currency", "eur", "has entries that were made with ledger currency usd, so it cannot become eur."),
        ("--time-zone", "UTC", "has entries that were made with time zone"),
    ],
)
def test_a_choice_that_does_not_fit_is_named(site: Site, option: str, value: str, words: str) -> None:
    ran = site.tieout("ledger", "keep", option, value)
    assert ran.status == (4 if option == "--p21" else 1)
    assert words in ran.said


def test_a_ledger_shows_how_it_is_kept(site: Site) -> None:
    kept = machines(site.tieout("ledger", "keep", "--json"))
    assert (kept["ledger_currency"], kept["time_zone"], kept["p21"], kept["closed_period"]) == (
        "usd",
        ZONE,
        "p21",
        "next_open",
    )
    assert "closed period next_open" in site.done("ledger", "keep", "stripe")
    assert "No ledger is kept for 'other'; there are: stripe." in site.tieout("ledger", "keep", "other").said


def test_the_template_holds_every_account_and_only_lacks_numbers(tmp_path: Path) -> None:
    ran = tieout(tmp_path, "ledger", "accounts", "--template")
    filled = ran.out.replace('number = ""', 'number = "10950"')
    assert {rule.account for rule in read_map(filled).rules} == set(ACCOUNTS)
    assert not read_map(filled).missing(ACCOUNTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            account_map(processing_fees="64599"),
            "P21 has no account 64599. Create it there, or name another; near: 64500 Processing fees",
        ),
        (
            account_map(network_cost=""),
            "Network cost has no rule without conditions. Add its P21 account; near: 64520 Network cost",
        ),
        ("[[account]]\nname = 'cash'\nnumber = '1'", "name 'cash' is none of stripe_clearing"),
        ("[[account]]\nname = 'bank'\nnumber = 10100", "[[account]] 1: number must be a text, got 10100"),
        ("account", "the account map is no TOML file"),
    ],
    ids=["unknown", "missing", "name", "number", "toml"],
)
def test_a_map_that_p21_could_not_take_is_refused_before_anything_is_posted(
    site: Site, tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "map.toml"
    file.write_text(text)
    before = machines(site.tieout("ledger", "accounts", "--json"))
    ran = site.tieout("ledger", "accounts", "stripe", str(file))
    assert ran.status == 1
    assert words in ran.said
    assert machines(site.tieout("ledger", "accounts", "--json")) == before


def test_the_map_in_use_is_checked_again_when_p21_changes(decided: Site) -> None:
    assert "Every account of the map is in P21's chart and in use." in decided.done("ledger", "accounts", "--check")
    row = decided.p21.state["chart_of_accts"].one(account_no="69000", company_no="ACME")
    assert row is not None
    row["delete_flag"] = "Y"
    ran, probed = decided.tieout("ledger", "accounts", "--check"), decided.tieout("probe", "p21")
    row["delete_flag"] = "N"
    told = "P21's account 69000 (Stripe suspense) is deleted. Name one that is in use."
    assert (ran.status, probed.status) == (3, 3)
    assert told in ran.said
    assert told in probed.said, "a probe of the connection says it too"


def test_the_trial_balance_balances_to_the_cent(site: Site) -> None:
    said = site.done("ledger")
    assert "Stripe clearing USD 0.00 200.00 −200.00 0.00" in said
    assert "Accounts receivable USD 0.00 0.00 −200.00 −200.00" in said
    assert "Cash in transit USD 0.00 192.63 −192.54 0.09" in said
    assert said.endswith("Total USD 0.00 592.54 −592.54 0.00 Debits and credits balance.")
    assert "Nothing is posted yet." in site.done("ledger", "--to", "2001-01-01")


def test_the_trial_balance_for_a_spreadsheet_has_plain_numbers(site: Site) -> None:
    header, *rows = cells(site.tieout("ledger", "--csv").out)
    closing = header.index("closing")
    assert {row[0]: row[closing] for row in rows}["accounts_receivable"] == "-200.00"
    assert sum(int(row[closing].replace(".", "")) for row in rows) == 0


def test_the_postings_of_an_account_run_to_what_it_stands_at(site: Site) -> None:
    lines = machines(site.tieout("ledger", "--account", "Stripe clearing", "--json"))
    assert lines[0]["running"] == 0
    assert all(later["running"] - later["amount"] == earlier["running"] for later, earlier in pairwise(lines))
    assert lines[-1]["running"] == lines[-1]["amount"]
    some = machines(site.tieout("ledger", "--account", "stripe_clearing", "--to", lines[-1]["booked"], "--json"))
    assert some[0]["running"] == 9613
    assert "There is no account 'cash'; there are: stripe_clearing," in site.tieout("ledger", "--account", "cash").said


def test_the_balance_is_proven_in_one_line_for_each_currency(site: Site) -> None:
    said = site.done("ledger", "prove")
    assert "EUR 0.00 48.27 0.00 48.27 48.27 0.00 48.27 ties out" in said
    assert "USD 0.00 192.63 192.63 0.00 0.00 0.00 0.00 ties out" in said


def test_a_balance_that_is_off_says_by_how_much(closed: Site) -> None:
    closed.stripe.hide_row(closed.stripe.add_row(type="adjustment", amount=123, category="other_adjustment"))
    ran = closed.tieout("ledger", "prove")
    assert ran.status == 3
    assert "off by −1.23" in ran.said
    assert "off by −1.23 USD. See why with: tieout exceptions" in ran.said


def test_the_chain_is_verified_and_tampering_is_named(site: Site, closed: Site) -> None:
    assert "entries: every hash follows from the one before" in site.done("ledger", "verify")
    with closed.house() as house, house.books.transaction() as db:
        db.exec_driver_sql("INSERT INTO sums VALUES ('stripe','bank','usd','usd','2026-11-01',5,0,5,0,1)")
    ran = closed.tieout("ledger", "verify")
    assert ran.status == 1
    assert "The books are not as they were written: the sum of bank in usd on 2026-11-01" in ran.said


def test_an_audit_finds_nothing_and_journals_are_on_their_way(site: Site) -> None:
    assert "0 breaks." in site.done("ledger", "audit", "--from", site.day(-30))
    ran = site.tieout("ledger", "audit", "--from", "2026-02-02", "--to", "2026-01-01")
    assert (ran.status, ran.said) == (1, "--from 2026-02-02 is after --to 2026-01-01. Turn them round.")
    assert "on the way to P21" in site.done("ledger", "post")


def test_payouts_are_listed_with_their_verdict(site: Site) -> None:
    said = site.done("payouts")
    assert f"{site.ids['second']} " in said
    assert "96.50 USD 2 broken 1" in said
    assert "96.13 USD 3 tied out 1" in said
    assert said.endswith("2 payouts, tied out 1, 2 breaks open; 192.63 USD")
    (short,) = machines(site.tieout("payouts", "--status", "broken", "--json"))
    assert (short["payout"]["id"], short["received"], short["breaks"]) == (site.ids["second"], 9641, 1)
    ran = site.tieout("payouts", "--status", "lost")
    assert "There is no status 'lost'; use one of pending, in_transit, paid," in ran.said


def test_a_payout_is_an_equation_and_every_line_is_followed_to_p21(site: Site) -> None:
    said = site.done("payout", site.ids["first"])
    assert "99.63 gross − 3.50 fees = 96.13 USD = 96.13 bank (3 lines)" in said
    assert "known by its trace id" in said
    detail = machines(site.tieout("payout", site.ids["first"], "--json"))
    charges = [line for line in detail["lines"] if line["change"]["category"] == "charge"]
    assert [{one["entity"] for one in line["documents"]} >= {"sales_order", "cash_receipt"} for line in charges] == [
        True,
        True,
    ]
    assert all(line["journal"]["state"] == "written" for line in detail["lines"])
    assert "96.50 USD ≠ 96.41 bank" in site.done("payout", site.ids["second"])
    header, *rows = cells(site.tieout("payout", site.ids["first"], "--csv").out)
    assert sum(int(row[header.index("net")].replace(".", "")) for row in rows) == 0, "its own row takes all of it"


def test_a_payout_that_nobody_knows_can_be_looked_up(site: Site) -> None:
    ran = site.tieout("payout", "po_nobody")
    assert ran.said == "The books have no payout 'po_nobody'. Read it from Stripe with: tieout payout po_nobody --look"
    assert "Stripe has no payout po_nobody" in site.tieout("payout", "po_nobody", "--look").said


@pytest.mark.parametrize("name", ["first charge 0", "first payment 0"])
def test_a_charge_is_explained_from_stripe_to_the_bank(site: Site, name: str) -> None:
    said = site.done("explain", site.ids[name])
    assert "Stripe 50.00 USD, fee 1.75 USD, net 48.25 USD" in said
    assert "debit Stripe clearing 50.00 USD" in said
    assert "credit Accounts receivable 50.00 USD" in said
    assert "P21 receipt 5" in said
    assert f"Payout {site.ids['first']}" in said
    assert "96.13 USD on operating" in said


def test_money_given_back_and_disputed_is_explained_beside_its_charge(decided: Site) -> None:
    stripe = decided.stripe
    refund = stripe.refund(decided.ids["first charge 0"], 2_000)
    dispute = stripe.dispute(decided.ids["second charge 0"], fee=1_500)
    paid = stripe.pay(
        stripe.add_customer("Ann Larch", "ann@larch-pumps.example"),
        lines=[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250}],
        via="invoice",
    )
    decided.clock.advance(DAY)
    assert "3 posted" in decided.done("ledger", "import", "--since", decided.day(-2))
    explained = decided.done("explain", decided.ids["first payment 0"])
    assert "charge 2" in explained
    assert f"Refund {refund}" in explained
    assert "Stripe −20.00 USD, net −20.00 USD" in explained
    disputed = decided.done("explain", dispute)
    assert "debit Disputes receivable 50.00 USD" in disputed
    assert "debit Dispute fees 15.00 USD" in disputed
    invoiced = decided.done("explain", paid.invoice)
    assert f"of {paid.charge}, {paid.payment_intent}" in invoiced, "no row names its invoice: Stripe does"
    assert "debit Stripe clearing 25.00 USD" in invoiced


def test_every_row_that_was_read_is_told_once(site: Site) -> None:
    with site.house() as house, house.books.reading() as db:
        rows = len(db.execute(sa.select(balance_changes.c.id)).all())
    said = site.done("ledger", "import", "--since", site.day(-22))
    assert (
        said
        == f"{rows} rows read: 0 posted, {rows - 1} known already, 1 waiting for a rate or a period. 1 exception open: tieout exceptions"
    )


def test_a_line_of_the_bank_and_an_amount_are_found(site: Site) -> None:
    with site.house() as house, house.books.reading() as db:
        (kept,) = [one for one in bank.every(db) if "FIRST" in one.descriptor]
    said = site.done("explain", kept.id)
    assert f"Bank line {kept.id} of {kept.day} on operating" in said
    assert f"of {site.ids['first']} (known by its trace id)" in said
    for asked in ("96.13", "96.13 USD", "−96.13"):
        said = site.done("explain", asked)
        assert site.ids["first"] in said and kept.id in said, asked
    assert site.tieout("explain", "96.13 EUR").status != 0, "there is no such amount in euro"
    assert "lines of the bank, and amounts" in site.tieout("explain", "96.13 EUR").said


def test_what_is_owed_on_a_sale_is_told_beside_its_chain(site: Site) -> None:
    said = site.done("explain", site.ids["first payment 0"])
    assert "owes −50.00 USD in the books (" in said and "compared with P21 by: tieout ledger prove" in said
    told = machines(site.tieout("explain", site.ids["first payment 0"], "--json"))
    assert [one["booked"] for one in told["owed"]] == [-5_000]


def test_what_customers_owe_is_proven_beside_the_balance(site: Site) -> None:
    found = machines(site.tieout("ledger", "prove", "--json"))
    assert [one["off"] for one in found["balance"]] == [0, 0]
    assert (found["receivables"]["off"], found["receivables"]["unread"]) == (0, "")
    assert "What customers owe" in site.done("ledger", "prove")


def test_an_opening_list_is_taken_whole_or_not_at_all(decided: Site) -> None:
    file = decided.folder / "opening.csv"
    head = "kind,document,customer,stripe_id,day,currency,open\n"
    for row, words in (
        ("loan,1,2,,2026-09-12,usd,5.00", "line 3: kind 'loan' is none of invoice, credit, deposit"),
        ("invoice,1,2,,12.9.2026,usd,5.00", "line 3: day '12.9.2026'"),
        ("invoice,1,2,,2026-09-12,usd,-5", "give what is open as an amount above 0"),
        ("invoice,1,2,,2026-09-12,usd,5.001", "is no amount of USD"),
        ("invoice,,2,,2026-09-12,usd,5", "document '': give P21's number"),
        ("invoice,5001,100345,in_1Larch,2026-09-12,usd,2.00", "is listed twice"),
    ):
        file.write_text(f'{head}invoice,5001,100345,in_1Larch,2026-09-12,usd,"1,043.92"\n{row}\n')
        refused = decided.tieout("ledger", "opening", str(file))
        assert refused.status == 1 and words in refused.said, refused.said
    file.write_text("kind,document\n")
    assert f"the first line must be {head.strip()}" in decided.tieout("ledger", "opening", str(file)).said
    file.write_text(
        f'{head}invoice,5001,100345,in_1Larch,2026-09-12,usd,"1,043.92"\ncredit,5007,100371,,2026-09-20,,25\n'
    )
    said = decided.done("ledger", "opening", str(file), "--actor", "Kim", "--reason", "go-live")
    assert said.startswith("2 documents, 1,018.92 USD: 2 kept."), said
    assert "2 known already" in decided.done("ledger", "opening", str(file))
    assert "ties out" in decided.tieout("ledger", "prove").said
    assert "Open at the start: invoice 5001 of customer 100345" in decided.done("explain", "in_1Larch")


def test_an_account_shows_as_many_postings_as_were_asked_for_and_its_sum(site: Site) -> None:
    for limit in (1, 3):
        (story,) = machines(site.tieout("explain", "stripe_clearing", "--limit", str(limit), "--json"))["accounts"]
        assert len(story["last"]) == limit


def test_a_p21_number_an_entry_and_an_account_lead_back_to_stripe(site: Site) -> None:
    (told,) = machines(site.tieout("explain", site.ids["first payment 1"], "--json"))["chains"]
    for link in told["documents"]:
        if link["entity"] in ("sales_order", "cash_receipt"):
            said = site.done("explain", link["key"])
            assert told["change"]["id"] in said
            assert f"stands for {site.ids['first payment 1']}" in said
            assert told["change"]["id"] in site.done("explain", link["reference"])
    assert told["change"]["id"] in site.done("explain", str(told["entry"]["seq"]))
    assert "carries 3 entries" in site.done("explain", told["journal"]["key"])
    fees = site.done("explain", "64500")
    assert "Processing fees (processing_fees) in the ledger of stripe; P21 account 64500 stands at 7.00 USD" in fees
    assert "charge 7.00 USD 4" in fees


@pytest.mark.parametrize("name", ["ch_nobody", "", "usd", "charge", "%", "99999999999999999999"])
def test_what_nobody_knows_says_where_it_was_looked_for(site: Site, name: str) -> None:
    ran = site.tieout("explain", name)
    assert ran.status == 4
    assert ran.said.startswith(f"Nothing is called {name!r}. Tieout looked among accounts, rows of Stripe's balance,")


def test_what_is_open_is_listed_by_age_with_sums(site: Site) -> None:
    said = site.done("exceptions")
    ages = {one["about"]: age for group in machines(site.tieout("exceptions", "--json"))
            for one, age in zip(group["open"], group["ages"], strict=True)}  # fmt: skip
    assert (ages[site.ids["mystery"]], ages[site.ids["second"]]) == (21, 9), "from the day it happened, not was found"
    assert "In all 3 exceptions, 48.27 EUR, 0.46 USD" in said
    assert "nobody has said what category never_heard_of, type contribution_refund_x is" in said
    assert "no rate from EUR to USD" in said
    assert "instead of 96.50 USD" in said
    (row,) = cells(site.tieout("exceptions", "--code", "row.", "--csv").out)[1:]
    assert row[-1].startswith("−0.37 USD went into suspense"), "a spreadsheet takes it for no formula"
    for asked, words in ((("--code", "nothing"), "code nothing"), (("--payout", "po_nope"), "po_nope")):
        assert (
            site.done("exceptions", *asked)
            == f"Nothing of {words} is open. 3 other exceptions are open: tieout exceptions"
        )


@pytest.mark.parametrize(
    ("days", "title"),
    [
        *((0, "0 to 1 day"), (1.9, "0 to 1 day"), (2, "2 to 7 days"), (7.9, "2 to 7 days")),
        *((8, "8 to 30 days"), (30.9, "8 to 30 days"), (31, "more than 30 days"), (4000, "more than 30 days")),
    ],
)
def test_what_is_open_grows_older(site: Site, days: float, title: str) -> None:
    with site.house() as house:
        with house.books.reading() as db:
            made = happened(db, [site.ids["mystery"]])[site.ids["mystery"]][0]
        (group,) = open_by_age(house.books, made + days * DAY, code="row.unknown")
    assert (group.title, group.ages) == (title, (int(days),))


def number_of(site: Site, code: str) -> str:
    groups = machines(site.tieout("exceptions", "--code", code, "--json"))
    return str(groups[0]["open"][0]["id"])


def test_suspense_is_moved_by_an_entry_that_says_who_and_why(decided: Site) -> None:
    number = number_of(decided, "row.unknown")
    said = decided.done("resolve", number, "--to", "other_income", *DECIDED)
    assert f"Exception {number} is closed by Ann Larch: Stripe's support said so; entry " in said
    assert "moves it to Other income from Stripe" in said
    balances = {row[0]: row[6] for row in cells(decided.tieout("ledger", "--csv").out)[1:]}
    assert (balances["stripe_suspense"], balances["other_income"]) == ("0.00", "0.37")
    explained = decided.done("explain", decided.ids["mystery"])
    assert f"exc:{number}" in explained
    assert "by Ann Larch" in explained
    again = decided.tieout("resolve", number, "--to", "bank", *DECIDED)
    assert (again.status, again.said) == (
        1,
        f"Exception {number} is closed already, by Ann Larch: Stripe's support said so (exc:{number}).",
    )
    assert "every hash follows" in decided.done("ledger", "verify")


def test_a_short_deposit_is_written_off_by_two_people_and_the_payout_ties_out(decided: Site) -> None:
    number = number_of(decided, "break.bank")
    alone = decided.tieout("resolve", number, "--write-off", *DECIDED, "--approver", " ann larch")
    assert (alone.status, alone.said) == (1, "--approver 'ann larch' is the actor too. Another person must approve.")
    missing = decided.tieout("resolve", number, "--write-off", *DECIDED)
    assert "--approver is missing: this needs a second person." in missing.said
    said = decided.done("resolve", number, "--write-off", *DECIDED, "--approver", "Bo Reed")
    assert "(approved by Bo Reed); entry" in said
    look = decided.done("payout", decided.ids["second"], "--look")
    assert "tied out" in look
    assert "= 96.50 USD = 96.50 bank" in look
    assert "settled by exc:" in look
    balances = {row[0]: row[6] for row in cells(decided.tieout("ledger", "--csv").out)[1:]}
    assert (balances["cash_in_transit"], balances["rounding"]) == ("0.00", "0.09")


def test_a_missing_rate_is_entered_and_the_row_is_posted_when_read_again(decided: Site) -> None:
    number, day = number_of(decided, "rate.missing"), decided.day(-5)
    refused = decided.tieout("resolve", number, "--accept", *DECIDED)
    assert "Enter the rate (tieout ledger rates)" in refused.said
    file = decided.folder / "rates.csv"
    file.write_text(f"currency,day,rate\nEUR,{day},abc\n")
    assert "line 2: rate 'abc' of eur on" in decided.tieout("ledger", "rates", str(file)).said
    file.write_text("day,rate\n")
    assert (
        "the first line must be currency,day,rate; it is day,rate." in decided.tieout("ledger", "rates", str(file)).said
    )
    file.write_text(f"currency,day,rate\nEUR,{day},1.10\n")
    assert "1 rate kept." in decided.done("ledger", "rates", str(file))
    assert "1 rate kept." in decided.done("ledger", "rates", "eur", day, "9.99")
    assert "1 rate kept." in decided.done("ledger", "rates", "eur", day, "1.10"), "nothing was made with it yet"
    assert "EUR" in decided.done("ledger", "rates")
    assert ": 1 posted" in decided.done("ledger", "import", "--since", day)
    other = decided.tieout("ledger", "rates", "eur", day, "1.11")
    assert (
        f"A rate with which entries or an approved close were made stays: eur on {day} is 1.10 already, not 1.11."
        in other.said
    )
    said = decided.tieout("ledger", "prove").said
    assert "EUR 0.00 48.27 0.00 48.27 48.27 48.27 0.00 ties out" in said
    assert "53.10 USD" in decided.done("explain", "stripe_clearing"), "48.27 at 1.10"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--accept", "--reason", "x"), "--actor is missing: the books keep who decided and why."),
        (("--accept", "--actor", "a"), "--reason is missing: the books keep who decided and why."),
        (
            DECIDED,
            "Say how to resolve it: one of --to ACCOUNT, --accept, --write-off, --reverse or --post-in-open-period.",
        ),
        (("--to", "bank", "--accept", *DECIDED), "Say how to resolve it: one of"),
        (("--to", "stripe_clearing", *DECIDED), "--to stripe_clearing: only rows of Stripe's balance move it."),
        (("--to", "rounding", *DECIDED), "--to rounding: that is a write-off. Use --write-off with --approver."),
        (("--to", "proccessing_fees", *DECIDED), "--to 'proccessing_fees' is no account; near: processing_fees"),
        (("--accept", *DECIDED), "is not where it belongs. Move it to its account: tieout resolve"),
        (("--post-in-open-period", "--approver", "Bo", *DECIDED), "its period is not what is wrong."),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(site: Site, words: tuple[str, ...], said: str) -> None:
    number = number_of(site, "row.unknown")
    ran = site.tieout("resolve", number, *words)
    assert ran.status == 1
    assert said in ran.said
    assert number_of(site, "row.unknown") == number
    assert "There is no exception 999." in site.tieout("resolve", "999", "--accept", *DECIDED).said


def test_an_approver_posts_a_row_of_a_closed_period_into_the_next_open_one(closed: Site) -> None:
    number = number_of(closed, "period.closed")
    said = closed.done("resolve", number, "--post-in-open-period", *DECIDED, "--approver", "Bo Reed")
    assert "(approved by Bo Reed); entry 1 moves it" in said
    explained = closed.done("explain", "1")
    assert "its period was closed" in explained
    assert "by Ann Larch" in explained
    suspense = closed.tieout("resolve", number_of(closed, "period.closed"), "--to", "bank", *DECIDED)
    assert "nothing of it stands in suspense" in suspense.said


def test_without_that_policy_nobody_may_choose_the_period(closed: Site) -> None:
    number = number_of(closed, "period.closed")
    closed.done("ledger", "keep", "--closed-period", "reject")
    ran = closed.tieout("resolve", number, "--post-in-open-period", *DECIDED, "--approver", "Bo Reed")
    closed.done("ledger", "keep", "--closed-period", "approver")
    assert "the ledger's policy for closed periods is reject, so nobody may choose" in ran.said


def test_the_lines_of_the_bank_say_which_payouts_they_are(site: Site) -> None:
    said = site.done("bank", "lines")
    assert f"96.13 USD operating {site.ids['first']} STRIPE FIRST" in said
    assert said.endswith("2 lines, matched 2; 192.54 USD")
    assert site.done("bank", "lines", "--unmatched") == "Every line is a payout's."
    mistyped = site.tieout(
        "bank", "import", str(site.statement()), "--account", "operatin", "--columns", str(site.columns())
    )
    assert mistyped.said == (
        "No statement of a bank account 'operatin' was taken before; known: operating. "
        "Name one of them, or say that it is another: --new-account"
    )
    again = site.done(
        "bank", "import", str(site.statement()), "--account", "operating", "--columns", str(site.columns())
    )
    assert again.startswith("2 lines read, 0 new; 0 payouts matched.")


def test_a_person_says_which_payout_a_line_is(tmp_path: Path) -> None:
    with site_in(tmp_path) as site:
        site.connect()
        play(site)
        site.done("ledger", "keep", "--time-zone", ZONE)
        site.done("ledger", "import")
        site.done("payouts", "--look")
        file, payout = tmp_path / "wire.csv", site.ids["first"]
        file.write_text(f"Date,Amount,Currency,Reference,Text\n{site.day()},41.00,USD,,WIRE\n")
        site.done("bank", "import", str(file), "--account", "operating", "--columns", str(site.columns()))
        found = site.done("bank", "lines", "--unmatched")
        assert found.endswith("41.00 USD operating - WIRE 1 line, matched 0; 41.00 USD")
        line = found.split("words ")[1].split()[0]
        nobody = site.tieout("bank", "match", line, "po_nobody", *DECIDED)
        assert nobody.status == 4
        assert "is 'po_nobody' in the books. List payouts with: tieout payouts" in nobody.said
        assert "--reason is missing" in site.tieout("bank", "match", line, payout, "--actor", "Ann Larch").said
        assert site.done("bank", "match", line, payout, *DECIDED) == f"The line is {payout} now: broken."
        assert "41.00 USD on operating WIRE (matched by a person)" in site.done("payout", payout)
        both = (*DECIDED, "--approver", "Bo Reed")
        assert "--approver is missing" in site.tieout("bank", "unmatch", line, *DECIDED).said
        assert site.done("bank", "unmatch", line, *both) == (
            f"The line is {payout} no more. Match it anew with: tieout bank match"
        )
        assert "no bank statement shows it" not in site.done("payout", payout)
        assert "not looked at yet" in site.done("payout", payout)
        assert site.done("bank", "match", line, payout, *DECIDED) == f"The line is {payout} now: broken."
        again = site.tieout("bank", "match", line, payout, *DECIDED)
        assert again.said == f"That line is matched with {payout} already. Free it first: tieout bank unmatch"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ("colour = 'red'", "'colour' is no setting of columns; known: account, amount,"),
        ("currency = 'usd'", "the setting account is missing. Add it."),
        ("account = 'a'\ncurrency = 'usd'\ndate = 1.5", "date must be a text, got 1.5."),
        ("account = 'a'\ncurrency = 'usd'\ndate = 'Date'", "The setting amount ('') of the CSV columns does not fit"),
        ("account", "is not TOML"),
    ],
)
def test_columns_that_do_not_fit_are_named(site: Site, tmp_path: Path, columns: str, words: str) -> None:
    file = tmp_path / "columns.toml"
    file.write_text(columns)
    ran = site.tieout("bank", "import", str(site.statement()), "--columns", str(file))
    assert ran.status == 1
    assert words in ran.said


HOSTILE = ("=HYPERLINK(1)", "+1-1", "-2+3", "@SUM(1)", "STRIPE \x1b[31m")


def test_what_a_bank_wrote_is_neither_run_by_a_spreadsheet_nor_obeyed_by_a_terminal(closed: Site) -> None:
    file = closed.folder / "hostile.csv"
    rows = [f"2026-10-0{place},1.0{place},USD,,{text}" for place, text in enumerate(HOSTILE, 1)]
    file.write_text("\n".join(["Date,Amount,Currency,Reference,Text", *rows]) + "\n")
    closed.done("bank", "import", str(file), "--account", "-9", "--columns", str(closed.columns()))
    found = cells(closed.tieout("bank", "lines", "--csv").out)[1:]
    assert [row[6] for row in reversed(found)][:4] == [f"'{text}" for text in HOSTILE[:4]]
    assert {row[2] for row in found} == {"-9"}, "a number is no formula"
    assert [row[4] for row in reversed(found)] == [f"1.0{place}" for place in range(1, 6)]
    assert "\x1b" not in closed.tieout("bank", "lines").out + closed.tieout("bank", "lines", "--csv").out


def test_no_figure_is_cut_off_on_a_narrow_screen(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "_width", 40)
    said = site.done("payouts")
    assert site.ids["first"] in said
    assert "96.13 USD 3 tied out" in said
    assert "…" not in said + site.done("payout", site.ids["first"]) + site.done("ledger", "--account", "bank")


def test_what_a_file_of_the_bank_is_is_shown_confirmed_once_and_never_asked_again(closed: Site) -> None:
    file = closed.folder / "wells.csv"
    file.write_text('"10/23/2026","12.00","*","","DEPOSIT"\n"10/24/2026","-3.00","*","","FEE"\n')
    asked = ("bank", "import", str(file), "--account", "wells", "--currency", "usd", "--new-account")
    shown = closed.tieout(*asked)
    assert shown.status == 1
    assert 'date = "#1"' in shown.out and "23 Oct 2026" in shown.out
    assert "repeat the command with --confirm" in shown.said
    assert "No line" in closed.tieout("bank", "lines", "--account", "wells").out, "nothing was kept"
    assert "2 lines read, 2 new" in closed.done(*asked, "--confirm")
    file.write_text('"11/03/2026","7.00","*","","DEPOSIT"\n')
    assert "1 line read, 1 new" in closed.done("bank", "import", str(file), "--account", "wells")
    file.write_text("Date,Amount,Text\n2026-11-04,7.00,DEPOSIT\n")
    again = closed.tieout("bank", "import", str(file), "--account", "wells", "--currency", "usd")
    assert "repeat the command with --confirm" in again.said, "another shape is asked for anew"


def test_columns_that_were_told_in_a_file_are_kept_as_well(closed: Site) -> None:
    file, told = str(closed.statement()), ("--account", "told", "--new-account")
    closed.done("bank", "import", file, *told, "--columns", str(closed.columns()))
    again = closed.tieout("bank", "import", file, *told)
    assert " 0 new" in again.out, again.said
    whose = closed.tieout("bank", "import", str(closed.statement()))
    assert "does not say which bank account it is of. Say so: --account NAME" in whose.said
