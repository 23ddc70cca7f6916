"""Journal entries in both dialects against the simulator over HTTP, and what can be read of the general ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import pytest

from simulators.faults import Fault
from simulators.p21 import Prophet21 as Simulated
from simulators.p21 import seed_books
from simulators.server import Serving
from simulators.world import World
from tieout.connectors.p21 import Prophet21, open_p21, parse_settings
from tieout.domain.writing import Confirmed, Document, Indeterminate, Rejected, Sent
from tieout.kernel.failures import Failed, Fix

MIDDLEWARE: dict[str, Any] = {"username": "tieout", "location_id": 10}
COMMON: dict[str, Any] = {"company_id": "ACME", "currencies": {"usd": 1, "eur": 2}, "calls_per_second": 1000}
SECRETS = {"password": "prophet-password", "gateway_key": "gateway-key"}
DIALECTS = ("middleware", "gateway")
POSTS = {"middleware": "POST /api/accounting/gl/", "gateway": "POST /api/v2/gl/journalentries"}
FEES: Document = {
    "date": "2026-09-14",
    "period": 9,
    "year": 2026,
    "currency": "usd",
    "description": "Stripe fees",
    "lines": [
        {"account": "64500", "amount": "1.25", "description": "Processing fee"},
        {"account": "10950", "amount": "-1.25"},
    ],
}
Start = Callable[..., tuple[Simulated, str]]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as open_servers:

        def begin(**options: Any) -> tuple[Simulated, str]:
            simulator = Simulated(World(), **options)
            seed_books(simulator)
            return simulator, open_servers.enter_context(Serving(simulator)).url

        yield begin


def connected(url: str, dialect: str, **more: Any) -> Prophet21:
    settings = {
        **COMMON,
        **(MIDDLEWARE if dialect == "middleware" else {}),
        "dialect": dialect,
        "base_url": url,
        **more,
    }
    return open_p21(parse_settings(settings), SECRETS)


def confirmed(sent: Sent) -> Confirmed:
    assert isinstance(sent, Confirmed), sent
    return sent


def refused(sent: Sent) -> Fix:
    assert isinstance(sent, Rejected), sent
    return sent.failure


def entry(*lines: tuple[str, str], **more: Any) -> Document:
    return {**FEES, "lines": [{"account": account, "amount": value} for account, value in lines], **more}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_entry_is_posted_found_and_read_back(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    writer = p21.writer("journal_entry")
    assert writer.look_up("TOFEES", FEES) == ()
    sent = confirmed(writer.send("TOFEES", FEES))
    (found,) = writer.look_up("TOFEES", FEES)
    assert (found.key, found.differences, found.void) == (sent.key, (), False)
    (book,) = simulator.books()["journals"]
    assert (book["reference"], book["amount"], book["period"], book["date"]) == ("TOFEES", "1.25", 9, "2026-09-14")
    read = p21.documents("journal_entry", [sent.key, "999999"])
    assert list(read) == [sent.key]
    record = read[sent.key]
    assert (record.reference, record.amount, record.currency, record.void) == ("TOFEES", Decimal("1.25"), "usd", False)
    assert [(line.account, line.amount, line.description) for line in record.lines] == [
        ("64500", Decimal("1.25"), "Processing fee"),
        ("10950", Decimal("-1.25"), "Stripe fees"),
    ]
    assert simulator.rows("gl", source="TOFEES")[0]["journal_id"] == "GJ"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_foreign_amount_stands_beside_the_home_amount(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    document = entry(currency="eur")
    document["lines"] = [
        {"account": "10951", "amount": "52.80", "foreign_amount": "48.00"},
        {"account": "11000", "amount": "-52.80", "foreign_amount": "-48.00"},
    ]
    sent = confirmed(p21.writer("journal_entry").send("TOEUR", document))
    record = p21.documents("journal_entry", [sent.key])[sent.key]
    assert (record.currency, [line.foreign_amount for line in record.lines]) == ("eur", [Decimal(48), Decimal(-48)])
    simulator.edit("gl", {"foreign_amount": Decimal(47)}, source="TOEUR", sequence_number=1)
    (found,) = p21.writer("journal_entry").look_up("TOEUR", document)
    assert found.differences[0] == "the posting of 52.80 to account 10951 (48.00 in the entry's currency) is missing"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ["cut_after_commit", "error_after_commit"])
def test_an_entry_behind_a_lost_answer_is_found(start: Start, dialect: str, kind: str) -> None:
    simulator, url = start()
    writer = connected(url, dialect).writer("journal_entry")
    simulator.faults.plan(Fault(kind, POSTS[dialect], times=1))
    assert isinstance(writer.send("TOLOST", FEES), Indeterminate)
    (found,) = writer.look_up("TOLOST", FEES)
    assert found.differences == ()
    assert simulator.doubles() == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_entry_edited_or_voided_by_hand_is_told(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    writer = p21.writer("journal_entry")
    sent = confirmed(writer.send("TOHAND", FEES))
    simulator.edit("gl", {"account_number": "64600"}, source="TOHAND", sequence_number=1)
    (found,) = writer.look_up("TOHAND", FEES)
    assert found.differences == (
        "the posting of 1.25 to account 64500 is missing",
        "P21 has a posting of 1.25 to account 64600 that was not sent",
    )
    simulator.edit("gl", {"approved": "N"}, source="TOHAND")
    (found,) = writer.look_up("TOHAND", FEES)
    assert found.void
    assert p21.documents("journal_entry", [sent.key])[sent.key].void
    assert simulator.books()["journals"][0]["voided"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_no_ledger_takes_is_refused_with_what_to_do(start: Start, dialect: str) -> None:
    simulator, url = start()
    writer = connected(url, dialect).writer("journal_entry")
    simulator.edit("periods", {"period_closed": "Y"}, year_for_period=2026, period=8)
    simulator.edit("chart_of_accts", {"delete_flag": "Y"}, account_no="69900")
    cases: list[tuple[Document, str]] = [
        (entry(("64500", "1.25"), ("10950", "-1")), "p21.refused.unbalanced"),
        (entry(("64500", "0.00")), "p21.refused.unbalanced"),
        (entry(("64500", "1"), ("99999", "-1")), "p21.refused.account"),
        (entry(("64500", "1"), ("69900", "-1")), "p21.refused.account"),
        ({**FEES, "date": "2026-08-14", "period": 8}, "p21.refused.closed_period"),
        ({**FEES, "period": 13}, "p21.refused.closed_period"),
        (entry(("6" * 33, "1"), ("10950", "-1")), "p21.document.length"),
        ({**FEES, "currency": "gbp"}, "p21.currency_unmapped"),
    ]
    for document, code in cases:
        failure = refused(writer.send("TONO", document))
        assert failure.code == code
        assert "replay" in failure.sentence
    assert writer.look_up("TONO", FEES) == ()
    simulator.edit("periods", {"period_closed": "N"}, year_for_period=2026, period=8)
    confirmed(writer.send("TOYES", {**FEES, "date": "2026-08-14", "period": 8}))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_company_may_want_every_branch_balanced(start: Start, dialect: str) -> None:
    simulator, url = start(branch_debit_equal_credit=True)
    writer = connected(url, dialect).writer("journal_entry")
    failure = refused(writer.send("TOBRANCH", entry(("10102", "5.00"), ("10950", "-5.00"))))
    assert failure.code == "p21.refused.branch_unbalanced"
    within = entry(("10102", "5.00"), ("40002", "-5.00"), ("64500", "2.00"), ("10950", "-2.00"))
    confirmed(writer.send("TOBRANCH", within))
    assert len(simulator.books()["journals"]) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_unknown_journal_is_told_before_or_by_p21(start: Start, dialect: str) -> None:
    _, url = start()
    p21 = connected(url, dialect, journal_id="ZZ")
    if dialect == "gateway":
        assert refused(p21.writer("journal_entry").send("TOZZ", FEES)).code == "p21.refused.journal"
        return
    with pytest.raises(Failed) as told:
        p21.writer("journal_entry")
    assert "P21 has no journal 'ZZ'; it has AC Accounting" in told.value.failure.sentence


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_chart_and_the_periods_are_read(start: Start, dialect: str) -> None:
    simulator, url = start()
    p21 = connected(url, dialect)
    chart = p21.chart_of_accounts()
    assert (chart["10950"].description, chart["10950"].kind, chart["10950"].active) == ("Stripe clearing", "A", True)
    assert chart["40002"].branch_id == "02"
    simulator.edit("periods", {"period_closed": "Y"}, year_for_period=2026, period=8)
    found = p21.periods()
    assert len(found) == len(simulator.rows("periods"))
    assert list(found) == sorted(found, key=lambda one: (one.year, one.period))
    august = next(one for one in found if (one.year, one.period) == (2026, 8))
    assert (august.begins, august.ends, august.closed) == ("2026-08-01", "2026-08-31", True)


def test_more_periods_than_a_page_are_read_year_by_year(start: Start) -> None:
    simulator, url = start()
    for year in range(1990, 2010):
        for month in range(1, 13):
            day = f"{year}-{month:02}-01T00:00:00"
            given = {"period": month, "year_for_period": year, "beginning_date": day, "ending_date": day}
            simulator.state.insert("periods", {"company_no": "ACME", "period_closed": "Y", **given})
    found = connected(url, "middleware").periods()
    assert len({(one.year, one.period) for one in found}) == len(found) == len(simulator.rows("periods"))
