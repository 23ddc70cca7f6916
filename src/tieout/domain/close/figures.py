"""Everything that is known of a period when it is closed: the figures that checklist and pack are made from (accounting C9)."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.domain.close.ages import AgedReceivables
from tieout.domain.close.fees import FeeLine
from tieout.domain.close.period_proof import PeriodProof
from tieout.domain.close.revaluation import Foreign
from tieout.domain.ledger.balances import Roll
from tieout.domain.ledger.period import Period
from tieout.domain.reconciliation.receivables import ReceivablesProof
from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.taxes import TaxProof
from tieout.domain.reconciliation.verdict import ACCEPTED, TIED_OUT, WAITING

NOT_ASKED = ReceivablesProof("", (), 0, 0, "P21 was not asked.")
TAX_NOT_ASKED = TaxProof((), "P21 was not asked.")


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One payout of the period: the day it was made, its verdict (empty: not looked at), and what explains it."""

    payout: Payout
    day: str
    verdict: str
    lines: int
    gross: int
    fees: int
    banked: bool
    why: str

    @property
    def tied_out(self) -> bool:
        """Whether Stripe, the ledger and the bank agree on it."""
        return self.verdict == TIED_OUT

    @property
    def explained(self) -> bool:
        """Whether it is proven, waits for the bank or for Stripe, or has a named exception."""
        return self.verdict in (TIED_OUT, WAITING, ACCEPTED) or bool(self.why)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One exception: ``kind`` is its place in C9's list, ``age`` one of OPEN_AGES. A resolution says how it ended."""

    number: int
    kind: str
    code: str
    about: str
    payout: str
    amount: int
    currency: str
    sentence: str
    day: str
    opened_at: float
    age: int
    resolution: str = ""
    reason: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute on which money stands: what is still owed (minor units), its status at Stripe, and what may be lost.

    ``day`` is that of its first row.
    """

    dispute: str
    currency: str
    owed: int
    stage: str
    reserve: int
    day: str


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry that stands in the period and corrects another; ``why`` says whether a period was closed, or who did it (C4)."""

    entry: int
    source: str
    subject: str
    memo: str
    day: str
    booked: str
    currency: str
    amount: int
    why: str


@dataclass(frozen=True, slots=True)
class MovedJournal:
    """A journal that P21 has on another day than the ledger, because its period was closed there when it was written (C4).

    ``key`` is P21's number; ``booked`` and ``written`` are the days here and there (YYYY-MM-DD); ``amount`` is one side in
    minor units of the ledger's currency.
    """

    name: str
    key: str
    booked: str
    written: str
    amount: int


@dataclass(frozen=True, slots=True)
class InTransit:
    """What is on its way on the last day: a payout or top-up, since a day (YYYY-MM-DD), in minor units; out of Stripe is more."""

    name: str
    currency: str
    amount: int
    since: str


@dataclass(frozen=True, slots=True)
class RefundOwed:
    """What is owed to a customer since a refund failed: by payment, since a day (YYYY-MM-DD), in minor units.

    ``owed`` is what it was on the last day of the period and ``now`` what it is now: negative when more was paid back than
    was owed, nothing when it was settled.
    """

    subject: str
    currency: str
    owed: int
    day: str
    now: int


@dataclass(frozen=True, slots=True)
class Pending:
    """A bank payment that has not succeeded: no entry is made before it has (C2 #6)."""

    charge: str
    currency: str
    amount: int
    received_at: float


@dataclass(frozen=True, slots=True)
class Late:
    """What was posted after the last close for days before its end; ``period`` is empty when nothing was ever closed."""

    period: str = ""
    closed_at: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """The last entry of the journal and its hash; ``broken`` says what is wrong with the chain before it."""

    seq: int
    hash: str
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """What other systems told for this close; each ``no_…`` says why it could not be read."""

    no_proof: str = ""
    receivables: tuple[AgedReceivables, ...] = ()
    no_receivables: str = ""
    stages: tuple[tuple[str, str], ...] = ()
    no_stages: str = ""
    owed: ReceivablesProof = NOT_ASKED
    taxes: TaxProof = TAX_NOT_ASKED


@dataclass(frozen=True, slots=True)
class Figures:
    """One ledger and one period. Times are epoch seconds; ``ends_at`` is the moment the last day is over.

    ``corrections_count`` counts all of them, ``corrections`` are the first some thousand. ``unposted`` counts rows with
    neither posting nor exception, ``strays`` postings without a row. ``journals_due`` and ``unjournaled`` count what P21
    does not have yet of the period; ``moved`` are the journals that P21 has in it or of it on another day.
    """

    connection: str
    period: Period
    before: Period
    currency: str
    zone: str
    p21: str
    at: float
    ends_at: int
    imported_until: int
    proofs: tuple[PeriodProof, ...]
    proved_at: float
    payouts: tuple[PayoutLine, ...]
    open: tuple[OpenLine, ...]
    resolved: tuple[OpenLine, ...]
    unposted: int
    strays: int
    rolls: tuple[Roll, ...]
    off_balance: tuple[tuple[str, int], ...]
    fees: tuple[FeeLine, ...]
    corrections: tuple[Correction, ...]
    corrections_count: int
    late: Late
    moved: tuple[MovedJournal, ...]
    disputes: tuple[DisputeLine, ...]
    refunds: tuple[RefundOwed, ...]
    transit: tuple[InTransit, ...]
    foreign: tuple[Foreign, ...]
    journals_due: int
    unjournaled: int
    unmapped: tuple[str, ...]
    pending: tuple[Pending, ...]
    chain: Chain
    outside: Outside

    @property
    def of_period(self) -> tuple[OpenLine, ...]:
        """The breaks of the period: what is open about it, and what people resolved."""
        return tuple(one for one in self.open if one.day <= self.period.ends) + self.resolved

    def standing(self, account: str) -> dict[str, int]:
        """What an account stands at on the last day: minor units by currency, without nothings."""
        return {one.currency: one.closing for one in self.rolls if one.account == account and one.closing}
