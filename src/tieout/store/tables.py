"""Every table but the ledger's, in one place. Times are epoch seconds; documents are canonical JSON text; money is inside documents."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.store import _metadata, ledger_tables
from tieout.store.dialect import NEVER_GIVEN_TWICE, Whole, add_only, only

inbox_tables = _metadata.inbox_tables
book_tables = ledger_tables.book_tables  # the ledger's own are among them

inbox = sa.Table(
    "inbox",
    inbox_tables,
    sa.Column("seq", Whole, primary_key=True, autoincrement=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("livemode", sa.Boolean, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sa.Column("thin", sa.Boolean, nullable=False),
    sa.Column("readable", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("dispatched", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("connection", "livemode", "event_id"),
    **NEVER_GIVEN_TWICE,
)
sa.Index("inbox_waiting", inbox.c.dispatched, inbox.c.seq)

connections = sa.Table(
    "connections",
    book_tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("connector", sa.Text, nullable=False),
    sa.Column("settings", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("outages", Whole, nullable=False, default=0),
    sa.Column("paused_until", sa.Float, nullable=False, default=0.0),
    sa.Column("paused_because", sa.Text, nullable=False, default=""),
)

for _tables in (inbox_tables, book_tables):
    sa.Table(
        "installation",
        _tables,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("generation", Whole, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
        sa.Column("settles_anew", sa.Boolean, nullable=False),
    )

caught_up = sa.Table(
    "caught_up",
    book_tables,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("until", sa.Float, nullable=False),
)

workflows = sa.Table(
    "workflows",
    book_tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", Whole, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("published_at", sa.Float, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
)

events = sa.Table(
    "events",
    book_tables,
    sa.Column("seq", Whole, primary_key=True),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("livemode", sa.Boolean, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("failed_tries", Whole, nullable=False, default=0),
    sa.Column("wanted", Whole, nullable=False, default=0),
    sa.Column("submitted", Whole, nullable=False, default=-1),
    sa.Column("turn", sa.Boolean, nullable=False, default=False),
    sa.Column("due_at", sa.Float, nullable=False, default=0.0),
    sa.Column("waits_for", sa.Text, nullable=False, default=""),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.Column("personal", sa.Boolean, nullable=False, default=True),
)
sa.Index("events_state", events.c.state)
sa.Index("events_personal", events.c.ended_at, **only(events.c.personal.is_(True)))
sa.Index(
    "events_unsubmitted",
    events.c.seq,
    **only(sa.and_(events.c.turn.is_(True), events.c.wanted > events.c.submitted)),
)
sa.Index(
    "events_handed",
    events.c.seq,
    **only(sa.and_(events.c.turn.is_(True), events.c.wanted == events.c.submitted)),
)
sa.Index("events_waiting", events.c.waits_for, **only(sa.and_(events.c.turn.is_(True), events.c.waits_for != "")))
sa.Index("events_lane", events.c.connection, events.c.lane, events.c.seq, **only(events.c.state == "queued"))

runs = sa.Table(
    "runs",
    book_tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("seq", Whole, nullable=False),
    sa.Column("workflow", sa.Text, nullable=False),
    sa.Column("version", Whole, nullable=False),
    sa.Column("connection", sa.Text, nullable=False),
    sa.Column("livemode", sa.Boolean, nullable=False),
    sa.Column("fact", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("node", sa.Text, nullable=False, default=""),
    sa.Column("code", sa.Text, nullable=False, default=""),
    sa.Column("sentence", sa.Text, nullable=False, default=""),
    sa.Column("detail", sa.Text, nullable=False, default=""),
    sa.Column("attempts", Whole, nullable=False, default=0),
    sa.Column("tries", Whole, nullable=False, default=0),
    sa.Column("epoch", Whole, nullable=False, default=0),
    sa.Column("legs_since_rest", Whole, nullable=False, default=0),
    sa.Column("wake_at", sa.Float, nullable=False, default=0.0),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.UniqueConstraint("workflow", "connection", "livemode", "fact"),
)
sa.Index("runs_seq", runs.c.seq)
sa.Index("runs_fact", runs.c.fact, runs.c.connection)
sa.Index("runs_state", runs.c.state)
sa.Index("runs_subject", runs.c.subject)

steps = sa.Table(
    "steps",
    book_tables,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("place", Whole, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("wrote", sa.Boolean, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

intents = sa.Table(
    "intents",
    book_tables,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempt", Whole, nullable=False, default=0),
    sa.Column("settles_from", sa.Float, nullable=False, default=0.0),
    sa.Column("looks", Whole, nullable=False, default=0),
    sa.Column("looked_at", sa.Float, nullable=False, default=0.0),
    sa.Column("key", sa.Text, nullable=False, default=""),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("said", sa.Text, nullable=False, default=""),
    sa.Column("shown", sa.Text, nullable=False, default="{}"),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("epoch", Whole, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
sa.Index("intents_run", intents.c.run)
sa.Index("intents_subject", intents.c.subject)

links = sa.Table(
    "links",
    book_tables,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
sa.Index("links_subject", links.c.origin, links.c.subject, links.c.entity)

earlier_tries = sa.Table(
    "earlier_tries",
    book_tables,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("number", Whole, primary_key=True),
    sa.Column("version", Whole, nullable=False),
    sa.Column("node", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("ended_at", sa.Float),
    sa.Column("replayed_at", sa.Float, nullable=False),
)

earlier_steps = sa.Table(
    "earlier_steps",
    book_tables,
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("number", Whole, primary_key=True),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("place", Whole, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("wrote", sa.Boolean, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)

acts = sa.Table(
    "acts",
    book_tables,
    sa.Column("seq", Whole, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    **NEVER_GIVEN_TWICE,
)
sa.Index("acts_about", acts.c.about)
add_only(acts, "an act is never changed or deleted", columns='seq, at, "user", what')

chain = sa.Table(
    "chain",
    book_tables,
    sa.Column("seq", Whole, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("covers", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
)
sa.Index("chain_begins", chain.c.seq, **only(chain.c.kind == "begin"))
add_only(chain, "the chain is never changed or cut")

chain_keys = sa.Table(
    "chain_keys",
    book_tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

lookup_rows = sa.Table(
    "lookup_rows",
    book_tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
)

lookup_versions = sa.Table(
    "lookup_versions",
    book_tables,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("version", Whole, primary_key=True),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

alerts = sa.Table(
    "alerts",
    book_tables,
    sa.Column("id", Whole, primary_key=True, autoincrement=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
