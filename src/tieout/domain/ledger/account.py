"""The accounts Tieout posts to, by their own names; a site maps each to a P21 account (accounting C1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ASSETS, LIABILITIES, REVENUE, EXPENSE, OTHER = "assets", "liabilities", "revenue", "expense", "other"

CLEARING = "stripe_clearing"
TRANSIT = "cash_in_transit"
BANK = "bank"
RECEIVABLE = "accounts_receivable"
DISPUTES_RECEIVABLE = "disputes_receivable"
RESERVES = "stripe_reserves"
PREFUNDING = "stripe_prefunding"
TAX_SET_ASIDE = "stripe_tax_account"
INPUT_TAX = "input_tax"
WITHHOLDING = "withholding_tax_receivable"
ISSUING = "issuing_holds"
SALES_TAX = "sales_tax_payable"
DEPOSITS = "customer_deposits"
CUSTOMER_CREDITS = "customer_credits"
REFUNDS_PAYABLE = "customer_refunds_payable"
UNCLAIMED = "unclaimed_customer_funds"
LOAN = "stripe_capital_loan"
CONNECTED = "due_to_connected_accounts"
SALES = "revenue"
FREIGHT = "freight"
RETURNS = "returns_and_allowances"
DISCOUNTS = "discounts"
PLATFORM = "platform_fees"
PROCESSING = "processing_fees"
NETWORK = "network_cost"
SOFTWARE = "stripe_software_fees"
FX_FEES = "fx_fees"
INSTANT = "instant_payout_fees"
DISPUTE_FEES = "dispute_fees"
DISPUTE_LOSSES = "dispute_losses"
BAD_DEBT = "bad_debt"
DONATIONS = "donations"
FINANCING = "financing_cost"
CARD_SPEND = "issuing_card_spend"
FX = "fx_gain_loss"
RECOVERIES = "dispute_recoveries"
ROUNDING = "rounding"
OTHER_INCOME = "other_income"
OTHER_BANK = "other_bank"
INTERBRANCH = "interbranch"
SUSPENSE = "stripe_suspense"
OPENING = "opening_balance"


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its name, what people call it, and its group in the chart."""

    name: str
    title: str
    group: str


_CHART = {
    ASSETS: {
        CLEARING: "Stripe clearing",
        TRANSIT: "Cash in transit",
        BANK: "Bank",
        OTHER_BANK: "Other bank (paid outside Stripe)",
        RECEIVABLE: "Accounts receivable",
        DISPUTES_RECEIVABLE: "Disputes receivable",
        RESERVES: "Stripe reserves (restricted cash)",
        PREFUNDING: "Refunds and disputes funded in advance at Stripe",
        TAX_SET_ASIDE: "Stripe tax account (restricted cash)",
        INPUT_TAX: "Input tax on fees",
        WITHHOLDING: "Withholding tax receivable",
        ISSUING: "Issuing holds",
    },
    LIABILITIES: {
        SALES_TAX: "Sales tax payable",
        DEPOSITS: "Customer deposits",
        CUSTOMER_CREDITS: "Customer credits",
        REFUNDS_PAYABLE: "Customer refunds payable",
        UNCLAIMED: "Unclaimed customer funds",
        LOAN: "Stripe Capital loan",
        CONNECTED: "Due to connected accounts",
    },
    REVENUE: {
        SALES: "Revenue",
        FREIGHT: "Freight",
        RETURNS: "Returns and allowances",
        DISCOUNTS: "Discounts",
        PLATFORM: "Platform fees",
    },
    EXPENSE: {
        PROCESSING: "Processing fees",
        NETWORK: "Network cost",
        SOFTWARE: "Stripe software fees",
        FX_FEES: "FX fees",
        INSTANT: "Instant payout fees",
        DISPUTE_FEES: "Dispute fees",
        DISPUTE_LOSSES: "Dispute losses",
        BAD_DEBT: "Bad debt",
        DONATIONS: "Donations",
        FINANCING: "Financing cost",
        CARD_SPEND: "Issuing card spend",
    },
    OTHER: {
        FX: "Realised FX gain or loss",
        RECOVERIES: "Dispute recoveries",
        OTHER_INCOME: "Other income from Stripe",
        ROUNDING: "Rounding",
        INTERBRANCH: "Between branches",
        SUSPENSE: "Suspense (Stripe unknown)",
        OPENING: "Opening balance",
    },
}
ACCOUNTS: Mapping[str, Account] = {
    name: Account(name, title, group) for group, named in _CHART.items() for name, title in named.items()
}
