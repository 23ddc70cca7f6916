"""Books to begin with: the small tables every company has, a catalogue, and some customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from simulators.p21 import parties
from simulators.p21.state import State
from simulators.p21.taxes import EXPORT, rates

_ACCOUNTS = """10100 Cash - Operating|10102 Cash - Branch 02|10940 Other bank|10950 Stripe clearing|10951 Stripe clearing EUR
10952 Stripe clearing JPY|10953 Stripe clearing KWD|10960 Payouts in transit|10970 Disputes receivable|10980 Stripe reserves
10985 Stripe tax account|10990 Issuing holds|11000 Accounts receivable|11200 Input tax|11300 Withholding tax receivable
11900 Interbranch|12000 Inventory|20000 Accounts payable|21500 Customer deposits|21550 Customer credits
21600 Customer refunds payable|21700 Unclaimed customer funds|22000 Sales tax payable|23000 Stripe capital loan
23500 Due to connected accounts|25000 Deferred revenue|30000 Opening balance|40000 Revenue|40002 Revenue - Branch 02
40100 Subscription revenue|40500 Freight revenue|41000 Platform fees|41100 Other income|49000 Returns and credits
49100 Discounts|49500 Dispute recoveries|50000 Cost of goods sold|64500 Processing fees|64510 Stripe software fees
64520 Network cost|64530 Currency fees|64540 Instant payout fees|64600 Dispute losses|64610 Dispute fees|64620 Bad debt
64630 Donations|64640 Financing cost|64650 Issuing card spend|64700 Currency gains and losses|69000 Stripe suspense
69900 Rounding""".replace("\n", "|").split("|")
_SECOND_BRANCH = ("10102", "40002")
_ITEMS = """WIDGET-001 Widget, small 12.50|WIDGET-002 Widget, medium 19.95|WIDGET-003 Widget, large 34.00
WIDGET-PRO Widget, professional 89.00|GADGET-100 Gadget 45.00|GADGET-200 Gadget, double 79.90|GADGET-300 Gadget, triple 112.25
BOLT-M6-20 Hex bolt M6x20, box of 100 8.75|BOLT-M8-30 Hex bolt M8x30, box of 100 14.20|NUT-M6 Hex nut M6, box of 100 5.10
NUT-M8 Hex nut M8, box of 100 6.95|WASHER-M6 Washer M6, box of 200 4.40|PUMP-050 Transfer pump 1/2 hp 329.00
PUMP-100 Transfer pump 1 hp 489.00|VALVE-12 Ball valve 1/2 in 17.35|VALVE-34 Ball valve 3/4 in 22.80
HOSE-25 Hose 25 ft 31.99|HOSE-50 Hose 50 ft 54.99|FILTER-A Filter cartridge A 9.99|FILTER-B Filter cartridge B 12.49
GLOVE-M Work gloves, medium 7.25|GLOVE-L Work gloves, large 7.25|HELMET-01 Safety helmet 28.00|TAPE-48 Packing tape 48 mm 3.15
LAMP-LED LED work lamp 64.50|CABLE-3X15 Cable 3x1.5, 50 m 58.75|FUSE-16A Fuse 16 A, pack of 10 6.60|SENSOR-T1 Temperature sensor 41.30
SENSOR-P1 Pressure sensor 77.70|KIT-START Starter kit 149.00|PLAN-BASIC Support plan, basic 29.00|PLAN-PRO Support plan, professional 99.00
MANUAL-01 Printed manual 15.00""".replace("\n", "|").split("|")
_CHARGES = ("FREIGHT Freight", "HANDLING Handling", "DISCOUNT Discount", "TAX Tax collected elsewhere", "FEE Processing fee",
            "GIFTWRAP Gift wrap", "ROUNDING Rounding", "MISC Miscellaneous charge")  # fmt: skip
_BUYERS = """Acorn Supply:CA|Birch Hardware:TX|Cedar Tools:NY|Dogwood Parts:FL|Elm Industrial:IL|Fir Fasteners:WA
Ginkgo Controls:OR|Hazel Electric:CO|Ivy Fluids:GA|Juniper Safety:NC|Katsura Labs:MA|Larch Pumps:PA|Maple Motors:OH
Nutmeg Foods:CT|Oak Builders:AZ|Pine Plumbing:MI|Quince Design:NJ|Rowan Robotics:VA|Spruce Systems:MN|Teak Marine:SC
Upas Chemicals:TN|Viburnum Farms:IA|Willow Works:WI|Yew Archery:MT|Zelkova Trading:NH""".replace("\n", "|").split("|")
_YEARS = 4


def found_company(state: State) -> None:
    """The tables without which nothing can be written; open periods reach from a year ago to years ahead."""
    company = state.company
    state.insert("company", {"company_id": company, "company_name": company.title(), "home_currency_id": 1,
                             "default_arpymt_bank_no": 1,
                             "branch_debit_equal_credit": "Y" if state.options.branch_debit_equal_credit else "N",
                             "create_prepaid_invoice_flag": "Y" if state.options.overpayment == "prepaid" else "N"})  # fmt: skip
    for account in _ACCOUNTS:
        number, _, name = account.partition(" ")
        state.insert(
            "chart_of_accts",
            {"account_no": number, "company_no": company, "account_desc": name, "account_type": _type(number),
             "branch_id": "02" if number in _SECOND_BRANCH else "01"},
        )  # fmt: skip
    _small_tables(state)
    _periods(state)
    for place, rate in {**rates(state.options.tax_rates), EXPORT: Decimal(0)}.items():
        state.insert(
            "tax_jurisdiction", {"jurisdiction_id": place, "jurisdiction_desc": f"Tax {place}", "tax_percentage": rate}
        )


def seed_books(state: State) -> None:
    """A catalogue of some forty items and thirty customers with contacts, one mailbox shared by two of them."""
    for spelled in _ITEMS:
        item_id, _, rest = spelled.partition(" ")
        name, _, price = rest.rpartition(" ")
        add_item(state, item_id, name, price)
    for charge in _CHARGES:
        item_id, _, name = charge.partition(" ")
        add_item(state, item_id, name, "0", other_charge=True)
    add_item(state, "OBSOLETE-9", "No longer sold", "5.00", inactive=True)
    for spelled in _BUYERS:
        name, _, where = spelled.partition(":")
        add_customer(state, name, (f"billing@{name.split()[0].lower()}.example",), place=where)
    _unusual_customers(state)


def add_item(
    state: State,
    item_id: str,
    description: str = "",
    price: str = "1.00",
    *,
    other_charge: bool = False,
    inactive: bool = False,
    units: Sequence[str] = ("EA",),
) -> int:
    """An item; ``price`` is a decimal text. Returns its inv_mast_uid."""  # fmt: skip
    uid = state.next("item")
    state.insert("inv_mast", {
        "inv_mast_uid": uid, "item_id": item_id, "item_desc": (description or item_id)[:40], "price1": Decimal(price),
        "default_selling_unit": units[0], "base_unit": units[0], "sales_pricing_unit": units[0],
        "other_charge_item": "Y" if other_charge else "N", "inactive": "Y" if inactive else "N",
    })  # fmt: skip
    state.insert("inv_loc", {"inv_mast_uid": uid, "location_id": 10, "company_id": state.company, "qty_on_hand": 1000,
                             "revenue_account_no": "40000", "stockable": "N" if other_charge else "Y"})  # fmt: skip
    for unit in units:
        state.insert("item_uom", {"inv_mast_uid": uid, "unit_of_measure": unit})
    return uid


def add_customer(
    state: State,
    name: str,
    emails: Sequence[str] = (),
    *,
    place: str = "CA",
    country: str = "US",
    currency_id: int = 1,
    terms: str = "1",
    credit_status: str = "GOOD",
    po_required: bool = False,
    taxable: bool = True,
    legacy_id: str | None = None,
    person: tuple[str, str] = ("Accounts", "Payable"),
    active: bool = True,
) -> int:
    """A customer with an address and a contact for every e-mail; returns its number."""  # fmt: skip
    values = {
        "customer_name": name, "salesrep_id": "812", "terms_id": terms, "currency_id": currency_id,
        "credit_status": credit_status, "po_no_required": "Y" if po_required else "N", "legacy_id": legacy_id,
        "taxable_flag": "Y" if taxable else "N", "delete_flag": "N" if active else "Y",
    }  # fmt: skip
    street = {f"{side}_{column}": value for side in ("mail", "phys") for column, value in (
        ("address1", "1 Main Street"), ("city", "Springfield"), ("state", place), ("postal_code", "90001"), ("country", country))}  # fmt: skip
    address: dict[str, Any] = {"name": name[:50], **street, "email_address": emails[0] if emails else None}
    row = parties.add_customer(state, values, address)
    for email in emails:
        parties.add_contact(state, {
            "address_id": row["customer_id"], "first_name": person[0], "last_name": person[1], "email_address": email,
        })  # fmt: skip
    return int(row["customer_id"])


def _unusual_customers(state: State) -> None:
    add_customer(state, "Shared Mailbox North", ("ap@sharedbooks.example",))
    add_customer(state, "Shared Mailbox South", ("ap@sharedbooks.example",), place="TX")
    add_customer(state, "On Hold Holdings", ("ap@onhold.example",), credit_status="HOLD")
    add_customer(state, "Purchase Order Only", ("ap@poonly.example",), po_required=True)
    add_customer(state, "Euro Handels GmbH", ("ap@eurohandel.example",), place="", country="DE", currency_id=2)
    add_customer(state, "Exempt Schools", ("ap@exempt.example",), taxable=False)


def _type(account: str) -> str:
    return {"1": "A", "2": "L", "3": "Q", "4": "R"}.get(account[0], "E")


def _small_tables(state: State) -> None:
    company = state.company
    rows: dict[str, tuple[str, Sequence[Sequence[Any]]]] = {
        "terms": ("terms_id terms_desc net_days creditcard_required_flag", (
            ("1", "Net 30", 30, "N"), ("2", "Net 10", 10, "N"), ("CC", "Credit card", 0, "Y"), ("PP", "Prepaid", 0, "N"))),
        "credit_status": ("credit_status_id credit_status_desc order_entry_action", (
            ("GOOD", "Good credit", "A"), ("WATCH", "Watch", "W"), ("HOLD", "Credit hold", "N"))),
        "currency_hdr": ("currency_id currency_desc iso_currency_cd", (
            (1, "US Dollar", 2101), (2, "Euro", 2102), (3, "Pound Sterling", 2103), (4, "Canadian Dollar", 2104),
            (5, "Japanese Yen", 2105), (6, "Kuwaiti Dinar", 2106))),
        "journal": ("journal_id journal_description", (
            ("AC", "Accounting"), ("GJ", "General journal"), ("SJ", "Sales journal"), ("CR", "Cash receipts"),
            ("PJ", "Purchase journal"), ("IA", "Inventory adjustment"))),
        "payment_types": ("payment_type_id payment_type_desc payment_method_id account_number company_id", (
            (1, "Cash", "CA", "10100", company), (2, "Check", "CK", "10100", company),
            (5, "Stripe card", "CC", "10950", company), (6, "Stripe bank debit", "AC", "10950", company))),
        "bank_accounts": ("bank_no bank_name gl_account_no company_no", (
            (1, "Operating", "10100", company), (2, "Stripe clearing", "10950", company),
            (3, "Stripe clearing EUR", "10951", company))),
        "invoice_types": ("invoice_type_id invoice_type_description", (
            ("IN", "Invoice"), ("DM", "Debit memo"), ("DP", "Downpayment"))),
        "location": ("location_id location_name company_id default_branch_id", (
            (10, "Main warehouse", company, "01"), (20, "Second warehouse", company, "01"))),
        "branch": ("branch_id branch_description company_id", (("01", "Main branch", company), ("02", "Second branch", company))),
    }  # fmt: skip
    for table, (names, kept) in rows.items():
        for values in kept:
            state.insert(table, dict(zip(names.split(), values, strict=True)))


def _periods(state: State) -> None:
    today = datetime.fromtimestamp(state.now(), UTC).date()
    for year in range(today.year - _YEARS, today.year + _YEARS + 1):
        for month in range(1, 13):
            first = date(year, month, 1)
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            state.insert("periods", {
                "company_no": state.company, "period": month, "year_for_period": year,
                "period_closed": "Y" if last < today - timedelta(days=365) else "N",
                "beginning_date": f"{first}T00:00:00", "ending_date": f"{last}T00:00:00",
            })  # fmt: skip
