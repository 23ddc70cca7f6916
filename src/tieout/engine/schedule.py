"""All that runs by itself, in one list: when, what, and why. What is due together is done in this order."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One thing: its name, how many seconds lie between two times, and why it is done; whether it needs no ledger."""

    name: str
    every_seconds: float
    why: str
    needs_no_ledger: bool = False


SCHEDULE = (
    Scheduled("periods", HOUR, "a period that P21 has closed takes no more entries"),
    Scheduled("import", MINUTE, "rows of the balance are posted within a minute, whether or not an event told of them"),
    Scheduled("documents", MINUTE, "what P21 was given as an invoice or a credit memo stands in the books too"),
    Scheduled("disputes", HOUR, "a decided dispute is booked as what it came to"),
    Scheduled("refunds", HOUR, "what was owed since a refund failed is settled when a later one pays it"),
    Scheduled("orders", HOUR, "an order that was cancelled in P21 while its money is kept is asked about", True),
    Scheduled("journals", 5 * MINUTE, "P21's ledger follows the books"),
    Scheduled(
        "payouts", 5 * MINUTE, "a payout is proven soon after Stripe has listed its lines, and again when it fails"
    ),
    Scheduled("prove", HOUR, "the books, the rows and Stripe's own figure agree, or a person is told by how much not"),
    Scheduled("catch_up", 6 * HOUR, "what no event told is found by reading Stripe's events and objects", True),
    Scheduled("personal", DAY, "who somebody is is kept no longer than the period that was set", True),
    Scheduled("audit", DAY, "every row and posting of the last weeks is compared with Stripe again, one by one"),
)
