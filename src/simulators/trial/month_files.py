"""Files that a controller brings for the month: rates of each day, the map of accounts, the bank's statement (accounting C4, C5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from xml.sax.saxutils import escape

from simulators.stripe.amounts import DOLLARS, exponent
from simulators.stripe.tables import Row
from simulators.trial.month_calendar import DAY

RATED = ("eur", "gbp", "cad", "jpy", "kwd", "sek")
WAVE = (0, 3, -2, 5, 1, -4, 2)  # thousandths by which a day's rate is away from the usual one: invented
CLEARING, SUSPENSE = "10950", "69000"
ACCOUNTS: Mapping[str, str] = {
    "stripe_clearing": CLEARING, "cash_in_transit": "10960", "bank": "10100", "other_bank": "10940",
    "accounts_receivable": "11000", "disputes_receivable": "10970", "stripe_reserves": "10980", "stripe_prefunding": "10980",
    "stripe_tax_account": "10985", "input_tax": "11200", "withholding_tax_receivable": "11300", "issuing_holds": "10990",
    "sales_tax_payable": "22000", "customer_deposits": "21500", "customer_credits": "21550",
    "customer_refunds_payable": "21600", "unclaimed_customer_funds": "21700", "stripe_capital_loan": "23000",
    "due_to_connected_accounts": "23500", "revenue": "40000", "freight": "40500", "returns_and_allowances": "49000",
    "discounts": "49100", "platform_fees": "41000", "processing_fees": "64500", "network_cost": "64520",
    "stripe_software_fees": "64510", "fx_fees": "64530", "instant_payout_fees": "64540", "dispute_fees": "64610",
    "dispute_losses": "64600", "bad_debt": "64620", "donations": "64630", "financing_cost": "64640",
    "issuing_card_spend": "64650", "fx_gain_loss": "64700", "dispute_recoveries": "49500", "rounding": "69900",
    "other_income": "41100", "interbranch": "11900", "stripe_suspense": "69000", "opening_balance": "30000",
}  # fmt: skip


def day_of(moment: float) -> str:
    """The day (YYYY-MM-DD, UTC) of a moment in seconds since 1970."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class Rates:
    """The site's own rates: dollars for one unit, by currency and day, from the day before ``begins`` until ``until``."""

    by_day: Mapping[tuple[str, str], Decimal]

    @classmethod
    def of(cls, begins: float, until: float) -> Rates:
        """Rates for every day, seconds since 1970; invented, and the same for the same days."""
        days = enumerate(range(int(begins) - DAY, int(until) + DAY, DAY))
        return cls({(code, day_of(day)): _rate(code, place) for place, day in days for code in RATED})

    def file(self) -> bytes:
        """CSV with currency, day and rate."""
        lines = [f"{currency},{day},{rate}" for (currency, day), rate in self.by_day.items()]
        return "\n".join(["currency,day,rate", *lines, ""]).encode()

    def dollars(self, amount: int, currency: str, day: str) -> int:
        """What minor units of a currency are in cents, halves away from zero."""
        cents = Decimal(amount).scaleb(2 - exponent(currency)) * self.by_day[currency, day]
        return int(cents.quantize(Decimal(1), ROUND_HALF_UP))


def _rate(currency: str, place: int) -> Decimal:
    return (Decimal(DOLLARS[currency]) * (1000 + WAVE[place % len(WAVE)]) / 1000).quantize(Decimal("0.00000001"))


def accounts_file(template: str) -> bytes:
    """The map of accounts: the template as Tieout prints it, with P21's numbers; what has none here goes to suspense."""
    filled = []
    for line in template.splitlines():
        name = line.partition("=")[2].strip().strip("\"'") if line.startswith("name") else ""
        filled += [line, f'number = "{ACCOUNTS.get(name, SUSPENSE)}"'] if name else [line]
    return "\n".join(line for line in filled if not line.startswith('number = ""')).encode() + b"\n"


def statement_file(deposits: Sequence[Row], name: str) -> bytes:
    """A camt.053 statement with an account for each currency; ``deposits`` as ``bank_deposits()`` tells them."""
    currencies = sorted({row["currency"] for row in deposits})
    statements = "".join(_statement([row for row in deposits if row["currency"] == code], code) for code in currencies)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>{escape(name)}</MsgId></GrpHdr>\n{statements}</BkToCstmrStmt></Document>\n"
    ).encode()


def _statement(rows: Sequence[Row], currency: str) -> str:
    entries = "".join(_entry(row) for row in sorted(rows, key=lambda row: str(row["date"])))
    closing = sum(row["amount"] for row in rows)
    account = f"<Acct><Id><Othr><Id>OPERATING-{currency.upper()}</Id></Othr></Id></Acct>"
    return f"<Stmt>{account}{_balance('OPBD', 0, currency)}{_balance('CLBD', closing, currency)}\n{entries}</Stmt>\n"


def _balance(kind: str, amount: int, currency: str) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(amount, currency)}</Bal>"


def _entry(row: Row) -> str:
    return (
        f"<Ntry>{_amount(row['amount'], row['currency'])}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{row['date']}</Dt></BookgDt><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(row['trace'])}</EndToEndId></Refs>"
        f"<RmtInf><Ustrd>{escape(row['descriptor'])}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )


def _amount(minor: int, currency: str) -> str:
    major = Decimal(abs(minor)).scaleb(-exponent(currency))
    direction = "CRDT" if minor >= 0 else "DBIT"
    return f'<Amt Ccy="{currency.upper()}">{major}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
