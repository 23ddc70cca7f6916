"""The tables of the ledger. Amounts are whole minor units; days are YYYY-MM-DD; an entry is never changed or deleted."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.store import _metadata
from tieout.store.dialect import BY_KEY_ALONE, Whole, add_only, only

book_tables = _metadata.book_tables


def _text(name: str, **given: object) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **given)  # type: ignore[arg-type]


def _whole(name: str, **given: object) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, **given)  # type: ignore[arg-type]


ledgers = sa.Table(
    "ledgers",
    book_tables,
    _text("connection", primary_key=True),
    _text("policy"),
    _text("account_map", default=""),
    _text("branches", default="{}"),
    sa.Column("kept_at", sa.Float, nullable=False, default=0.0),
    sa.Column("opened", sa.Boolean, nullable=False, default=False),
    _whole("imported_until", default=0),
    _text("reading", default=""),
    _text("proof", default="{}"),
    sa.Column("proved_at", sa.Float, nullable=False, default=0.0),
)

rates = sa.Table(
    "rates",
    book_tables,
    _text("ledger_currency", primary_key=True),
    _text("currency", primary_key=True),
    _text("day", primary_key=True),
    _text("rate"),
)

periods = sa.Table(
    "periods",
    book_tables,
    _text("connection", primary_key=True),
    _whole("year", primary_key=True),
    _whole("number", primary_key=True),
    _text("begins"),
    _text("ends"),
    sa.Column("closed", sa.Boolean, nullable=False),
)

closes = sa.Table(
    "closes",
    book_tables,
    _text("connection", primary_key=True),
    _text("period", primary_key=True),
    _text("prepared_by", default=""),
    sa.Column("prepared_at", sa.Float, nullable=False, default=0.0),
    _text("approved_by", default=""),
    sa.Column("approved_at", sa.Float, nullable=False, default=0.0),
    _text("evidence", default=""),
    sa.Column("locked", sa.Boolean, nullable=False, default=False),
)

close_log = sa.Table(
    "close_log",
    book_tables,
    sa.Column("id", Whole, primary_key=True, autoincrement=True),
    _text("connection"),
    _text("period"),
    _text("act"),
    _text("about", default=""),
    _text("actor"),
    _text("reason", default=""),
    _text("evidence", default=""),
    _text("figures", default=""),
    sa.Column("at", sa.Float, nullable=False),
)
sa.Index("close_log_period", close_log.c.connection, close_log.c.period)

balance_changes = sa.Table(
    "balance_changes",
    book_tables,
    _text("connection", primary_key=True),
    _text("id", primary_key=True),
    _whole("created"),
    _text("day"),
    _text("currency"),
    _text("balance_type"),
    _text("category"),
    _text("type"),
    _whole("amount"),
    _whole("fee"),
    _whole("net"),
    _text("source"),
    _text("payment"),
    _text("dispute"),
    _text("document"),
    sa.Column("withdrawn", sa.Boolean, nullable=False, default=False),
)
sa.Index("balance_changes_created", balance_changes.c.connection, balance_changes.c.created)
sa.Index("balance_changes_source", balance_changes.c.source)
sa.Index(
    "balance_changes_payment",
    balance_changes.c.connection,
    balance_changes.c.payment,
    **only(balance_changes.c.payment != ""),
)
sa.Index(
    "balance_changes_dispute",
    balance_changes.c.connection,
    balance_changes.c.dispute,
    **only(balance_changes.c.dispute != ""),
)

entries = sa.Table(
    "entries",
    book_tables,
    sa.Column("seq", Whole, primary_key=True, autoincrement=True),
    _text("connection"),
    _text("source"),
    _text("kind"),
    _text("subject"),
    _text("day"),
    _text("booked"),
    _text("currency"),
    _text("ledger_currency"),
    _text("document"),
    _text("actor"),
    sa.Column("at", sa.Float, nullable=False),
    _text("hash"),
    sa.UniqueConstraint("connection", "source"),
)
sa.Index("entries_subject", entries.c.subject)
sa.Index("entries_late", entries.c.connection, entries.c.booked, **only(entries.c.booked != entries.c.day))

entry_lines = sa.Table(
    "entry_lines",
    book_tables,
    sa.Column("entry", Whole, primary_key=True),
    sa.Column("place", Whole, primary_key=True),
    _text("leg"),
    _text("carrier"),
    _text("account"),
    _whole("amount"),
    _whole("value"),
    **BY_KEY_ALONE,
)

sums = sa.Table(
    "sums",
    book_tables,
    _text("connection", primary_key=True),
    _text("account", primary_key=True),
    _text("currency", primary_key=True),
    _text("ledger_currency", primary_key=True),
    _text("booked", primary_key=True),
    _whole("debits"),
    _whole("credits"),
    _whole("debit_value"),
    _whole("credit_value"),
    _whole("lines"),
    **BY_KEY_ALONE,
)

exceptions = sa.Table(
    "exceptions",
    book_tables,
    sa.Column("id", Whole, primary_key=True, autoincrement=True),
    _text("connection"),
    _text("code"),
    _text("about"),
    _text("payout", default=""),
    _text("ours", default=""),
    _text("theirs", default=""),
    _whole("amount"),
    _text("currency"),
    _text("sentence"),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
    _text("resolution", default=""),
    _text("reason", default=""),
    _text("actor", default=""),
)
sa.Index(
    "exceptions_open",
    exceptions.c.connection,
    exceptions.c.code,
    exceptions.c.about,
    unique=True,
    **only(exceptions.c.closed_at.is_(None)),
)
sa.Index("exceptions_about", exceptions.c.about)

payouts = sa.Table(
    "payouts",
    book_tables,
    _text("connection", primary_key=True),
    _text("id", primary_key=True),
    _whole("amount"),
    _text("currency"),
    _text("status"),
    sa.Column("automatic", sa.Boolean, nullable=False),
    _whole("created"),
    _text("arrival_day"),
    _text("document"),
    _text("verdict", default=""),
    _whole("lines", default=0),
    _whole("gross", default=0),
    _whole("fees", default=0),
    sa.Column("checked_at", sa.Float, nullable=False, default=0.0),
)
sa.Index("payouts_created", payouts.c.connection, payouts.c.created)

payout_lines = sa.Table(
    "payout_lines",
    book_tables,
    _text("connection", primary_key=True),
    _text("payout", primary_key=True),
    _text("change", primary_key=True),
    **BY_KEY_ALONE,
)
sa.Index("payout_lines_change", payout_lines.c.change)

bank_lines = sa.Table(
    "bank_lines",
    book_tables,
    _text("id", primary_key=True),
    _text("account"),
    _text("day"),
    _whole("amount"),
    _text("currency"),
    _text("trace"),
    _text("descriptor"),
    _text("statement"),
    sa.Column("imported_at", sa.Float, nullable=False),
    _whole("taken_back", default=0),
)

bank_shapes = sa.Table(
    "bank_shapes",
    book_tables,
    _text("account", primary_key=True),
    _text("shape", primary_key=True),
    _text("columns"),
    _text("confirmed_by"),
    sa.Column("confirmed_at", sa.Float, nullable=False),
)

deposits = sa.Table(
    "deposits",
    book_tables,
    _text("connection", primary_key=True),
    _text("payout", primary_key=True),
    _text("line", primary_key=True),
    _whole("amount"),
    _text("how"),
    _text("day"),
    sa.Column("back", sa.Boolean, nullable=False, default=False),
    _text("leg", default=""),
    sa.Column("at", sa.Float, nullable=False),
)

journals = sa.Table(
    "journals",
    book_tables,
    sa.Column("id", Whole, primary_key=True, autoincrement=True),
    _text("connection"),
    _text("p21"),
    _text("name"),
    _text("booked"),
    _text("currency"),
    _text("document"),
    _text("key", default=""),
    _text("state"),
    sa.Column("at", sa.Float, nullable=False),
    sa.UniqueConstraint("connection", "name"),
)
sa.Index("journals_state", journals.c.state)

journal_entries = sa.Table(
    "journal_entries",
    book_tables,
    sa.Column("entry", Whole, primary_key=True),
    sa.Column("journal", Whole, nullable=False),
)
sa.Index("journal_entries_journal", journal_entries.c.journal)

unjournaled = sa.Table(
    "unjournaled",
    book_tables,
    sa.Column("entry", Whole, primary_key=True),
)

add_only(entries, "an entry is never changed or deleted: reverse it")
add_only(entry_lines, "an entry is never changed or deleted: reverse it")
add_only(close_log, "what was signed is never changed or deleted: reopen the period")
