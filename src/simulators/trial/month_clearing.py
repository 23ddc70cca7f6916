"""P21's own clearing account against Stripe's balance, currency by currency (accounting C3 I6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from simulators.stripe.amounts import exponent
from simulators.stripe.tables import Row
from simulators.trial.month_files import CLEARING, Rates
from simulators.trial.month_sales import CURRENCY_IDS, SETTLEMENTS, Month

CARRIED = ("charge", "partial_capture_reversal", "charge_failure", "refund")
OF_P21 = "break.p21."
ZONE = ZoneInfo("America/New_York")
CODES = {number: code for code, number in CURRENCY_IDS.items()}


class Clearing:
    """What both sides say of the money that Stripe has; every figure in minor units."""

    def __init__(self, month: Month, rates: Rates) -> None:
        self._rates, self._state = rates, month.systems.p21_tenant.state
        self._objects: Mapping[str, Row] = month.account.books()["objects"]
        self._rows = [row for row in self._objects.values() if row["object"] == "balance_transaction"]
        self._written = self._sums("ar_payment_details", "currency_line_uid", "payment_amount", {"delete_flag": "N"})

    def wrongs(self) -> Iterable[str]:
        """Where P21's account is not Stripe's balance less the receipts that P21 still lacks."""
        booked = self._sums("gl", "currency_id", "foreign_amount", {"account_number": CLEARING, "approved": "Y"})
        stands, carried = Counter[str](), self._carried()
        for row in self._rows:
            stands[row["currency"]] += row["net"]
        for code in SETTLEMENTS:
            lacks = carried[code] - self._written[code]
            if booked[code] != stands[code] - lacks:
                yield (
                    f"P21's account {CLEARING} has {booked[code]} {code}, Stripe {stands[code]}, and P21 lacks receipts "
                    f"of {lacks}"
                )

    def unnamed(self, opened: Iterable[Mapping[str, Any]]) -> Iterable[str]:
        """Where P21 lacks other receipts than the open breaks name, in the currencies that customers paid in."""
        named, paid = Counter[str](), Counter[str]()
        for one in opened:
            if one["code"].startswith(OF_P21):
                named[one["currency"]] += -one["amount"] if one["about"].startswith("re_") else one["amount"]
        for row, source, _ in self._of_customers():
            paid[source["currency"]] += source["amount"] if row["amount"] >= 0 else -source["amount"]
        for code in CURRENCY_IDS:
            lacks = paid[code] - self._written[code]
            if lacks != named[code]:
                yield f"P21 lacks receipts of {lacks} {code}, but the open breaks name {named[code]}"

    def _carried(self) -> Counter[str]:
        """What receipts and refund payments carry, by currency of the balance; what was converted at the site's own rate."""
        sums = Counter[str]()
        for row, source, charge in self._of_customers():
            amount = row["amount"]
            if source["currency"] != row["currency"]:
                day = datetime.fromtimestamp(charge["created"], UTC).astimezone(ZONE).date().isoformat()
                value = self._rates.dollars(source["amount"], source["currency"], day)
                amount = value if amount >= 0 else -value
            sums[row["currency"]] += amount
        return sums

    def _of_customers(self) -> Iterable[tuple[Row, Row, Row]]:
        """Rows of customers' money, each with its charge or refund, and the charge behind that.

        A refund that had failed before Tieout saw it is no document of P21.
        """
        failed = {row["source"] for row in self._rows if row["reporting_category"] == "refund_failure"}
        for row in self._rows:
            if row["reporting_category"] in CARRIED and row["source"] not in failed:
                source = self._objects[row["source"]]
                yield row, source, self._objects[source["charge"]] if source["object"] == "refund" else source

    def _sums(self, table: str, currency: str, amount: str, fits: Mapping[str, str]) -> Counter[str]:
        sums = Counter[str]()
        for row in self._state[table].rows:
            if all(row[name] == value for name, value in fits.items()):
                code, figure = CODES[int(row[currency])], Decimal(row[amount])
                sums[code] += int(figure.scaleb(exponent(code)))
        return sums
