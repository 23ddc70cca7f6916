CREATE TABLE alerts (
	id INTEGER NOT NULL,
	code TEXT NOT NULL,
	sentence TEXT NOT NULL,
	about TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE balance_changes (
	connection TEXT NOT NULL,
	id TEXT NOT NULL,
	created BIGINT NOT NULL,
	day TEXT NOT NULL,
	currency TEXT NOT NULL,
	balance_type TEXT NOT NULL,
	category TEXT NOT NULL,
	type TEXT NOT NULL,
	amount BIGINT NOT NULL,
	fee BIGINT NOT NULL,
	net BIGINT NOT NULL,
	source TEXT NOT NULL,
	payment TEXT NOT NULL,
	dispute TEXT NOT NULL,
	document TEXT NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	PRIMARY KEY (connection, id)
);
CREATE TABLE bank_lines (
	id TEXT NOT NULL,
	account TEXT NOT NULL,
	day TEXT NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	trace TEXT NOT NULL,
	descriptor TEXT NOT NULL,
	statement TEXT NOT NULL,
	imported_at FLOAT NOT NULL,
	taken_back BIGINT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE close_log (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	period TEXT NOT NULL,
	act TEXT NOT NULL,
	about TEXT NOT NULL,
	actor TEXT NOT NULL,
	reason TEXT NOT NULL,
	evidence TEXT NOT NULL,
	figures TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE closes (
	connection TEXT NOT NULL,
	period TEXT NOT NULL,
	prepared_by TEXT NOT NULL,
	prepared_at FLOAT NOT NULL,
	approved_by TEXT NOT NULL,
	approved_at FLOAT NOT NULL,
	evidence TEXT NOT NULL,
	locked BOOLEAN NOT NULL,
	PRIMARY KEY (connection, period)
);
CREATE TABLE connections (
	name TEXT NOT NULL,
	connector TEXT NOT NULL,
	settings TEXT NOT NULL,
	sealed BLOB NOT NULL,
	outages INTEGER NOT NULL,
	paused_until FLOAT NOT NULL,
	paused_because TEXT NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE deposits (
	connection TEXT NOT NULL,
	payout TEXT NOT NULL,
	line TEXT NOT NULL,
	amount BIGINT NOT NULL,
	how TEXT NOT NULL,
	day TEXT NOT NULL,
	back BOOLEAN NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (connection, payout, line)
);
CREATE TABLE entries (
	seq INTEGER NOT NULL,
	connection TEXT NOT NULL,
	source TEXT NOT NULL,
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	day TEXT NOT NULL,
	booked TEXT NOT NULL,
	currency TEXT NOT NULL,
	ledger_currency TEXT NOT NULL,
	document TEXT NOT NULL,
	actor TEXT NOT NULL,
	at FLOAT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (connection, source)
);
CREATE TABLE entry_lines (
	entry INTEGER NOT NULL,
	place INTEGER NOT NULL,
	leg TEXT NOT NULL,
	carrier TEXT NOT NULL,
	account TEXT NOT NULL,
	amount BIGINT NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE TABLE events (
	seq INTEGER NOT NULL,
	connection TEXT NOT NULL,
	livemode BOOLEAN NOT NULL,
	event_id TEXT NOT NULL,
	type TEXT NOT NULL,
	lane TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	failed_tries INTEGER NOT NULL,
	wanted INTEGER NOT NULL,
	submitted INTEGER NOT NULL,
	turn BOOLEAN NOT NULL,
	due_at FLOAT NOT NULL,
	waits_for TEXT NOT NULL,
	received_at FLOAT NOT NULL,
	ended_at FLOAT,
	PRIMARY KEY (seq)
);
CREATE TABLE exceptions (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	code TEXT NOT NULL,
	about TEXT NOT NULL,
	payout TEXT NOT NULL,
	ours TEXT NOT NULL,
	theirs TEXT NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	sentence TEXT NOT NULL,
	opened_at FLOAT NOT NULL,
	closed_at FLOAT,
	resolution TEXT NOT NULL,
	reason TEXT NOT NULL,
	actor TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE intents (
	connection TEXT NOT NULL,
	reference TEXT NOT NULL,
	entity TEXT NOT NULL,
	document TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	state TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	settles_from FLOAT NOT NULL,
	looks INTEGER NOT NULL,
	looked_at FLOAT NOT NULL,
	"key" TEXT NOT NULL,
	said TEXT NOT NULL,
	shown TEXT NOT NULL,
	run TEXT NOT NULL,
	path TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (connection, reference)
);
CREATE TABLE journal_entries (
	entry INTEGER NOT NULL,
	journal INTEGER NOT NULL,
	PRIMARY KEY (entry)
);
CREATE TABLE journals (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	p21 TEXT NOT NULL,
	name TEXT NOT NULL,
	booked TEXT NOT NULL,
	currency TEXT NOT NULL,
	document TEXT NOT NULL,
	"key" TEXT NOT NULL,
	state TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (connection, name)
);
CREATE TABLE ledgers (
	connection TEXT NOT NULL,
	policy TEXT NOT NULL,
	account_map TEXT NOT NULL,
	branches TEXT NOT NULL,
	kept_at FLOAT NOT NULL,
	opened BOOLEAN NOT NULL,
	imported_until BIGINT NOT NULL,
	reading TEXT NOT NULL,
	proof TEXT NOT NULL,
	proved_at FLOAT NOT NULL,
	PRIMARY KEY (connection)
);
CREATE TABLE links (
	connection TEXT NOT NULL,
	reference TEXT NOT NULL,
	entity TEXT NOT NULL,
	"key" TEXT NOT NULL,
	origin TEXT NOT NULL,
	subject TEXT NOT NULL,
	run TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (connection, reference, subject)
);
CREATE TABLE payout_lines (
	connection TEXT NOT NULL,
	payout TEXT NOT NULL,
	change TEXT NOT NULL,
	PRIMARY KEY (connection, payout, change)
) WITHOUT ROWID;
CREATE TABLE payouts (
	connection TEXT NOT NULL,
	id TEXT NOT NULL,
	amount BIGINT NOT NULL,
	currency TEXT NOT NULL,
	status TEXT NOT NULL,
	automatic BOOLEAN NOT NULL,
	created BIGINT NOT NULL,
	arrival_day TEXT NOT NULL,
	document TEXT NOT NULL,
	verdict TEXT NOT NULL,
	lines BIGINT NOT NULL,
	gross BIGINT NOT NULL,
	fees BIGINT NOT NULL,
	checked_at FLOAT NOT NULL,
	PRIMARY KEY (connection, id)
);
CREATE TABLE periods (
	connection TEXT NOT NULL,
	year BIGINT NOT NULL,
	number BIGINT NOT NULL,
	begins TEXT NOT NULL,
	ends TEXT NOT NULL,
	closed BOOLEAN NOT NULL,
	PRIMARY KEY (connection, year, number)
);
CREATE TABLE rates (
	ledger_currency TEXT NOT NULL,
	currency TEXT NOT NULL,
	day TEXT NOT NULL,
	rate TEXT NOT NULL,
	PRIMARY KEY (ledger_currency, currency, day)
);
CREATE TABLE runs (
	id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	workflow TEXT NOT NULL,
	version INTEGER NOT NULL,
	connection TEXT NOT NULL,
	livemode BOOLEAN NOT NULL,
	fact TEXT NOT NULL,
	subject TEXT NOT NULL,
	state TEXT NOT NULL,
	node TEXT NOT NULL,
	code TEXT NOT NULL,
	sentence TEXT NOT NULL,
	detail TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	legs_since_rest INTEGER NOT NULL,
	wake_at FLOAT NOT NULL,
	started_at FLOAT NOT NULL,
	ended_at FLOAT,
	PRIMARY KEY (id),
	UNIQUE (workflow, connection, livemode, fact)
);
CREATE TABLE steps (
	run TEXT NOT NULL,
	path TEXT NOT NULL,
	place INTEGER NOT NULL,
	type TEXT NOT NULL,
	wrote BOOLEAN NOT NULL,
	outcome TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (run, path)
);
CREATE TABLE sums (
	connection TEXT NOT NULL,
	account TEXT NOT NULL,
	currency TEXT NOT NULL,
	ledger_currency TEXT NOT NULL,
	booked TEXT NOT NULL,
	debits BIGINT NOT NULL,
	credits BIGINT NOT NULL,
	debit_value BIGINT NOT NULL,
	credit_value BIGINT NOT NULL,
	lines BIGINT NOT NULL,
	PRIMARY KEY (connection, account, currency, ledger_currency, booked)
) WITHOUT ROWID;
CREATE TABLE unjournaled (
	entry INTEGER NOT NULL,
	PRIMARY KEY (entry)
);
CREATE TABLE workflows (
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	text TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	published_at FLOAT NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (name, version)
);
CREATE INDEX balance_changes_created ON balance_changes (connection, created);
CREATE INDEX balance_changes_dispute ON balance_changes (connection, dispute) WHERE dispute != '';
CREATE INDEX balance_changes_payment ON balance_changes (connection, payment) WHERE payment != '';
CREATE INDEX balance_changes_source ON balance_changes (source);
CREATE INDEX close_log_period ON close_log (connection, period);
CREATE INDEX entries_late ON entries (connection, booked) WHERE booked != day;
CREATE INDEX entries_subject ON entries (subject);
CREATE INDEX events_lane ON events (connection, lane, seq) WHERE state = 'queued';
CREATE INDEX events_state ON events (state);
CREATE INDEX events_unsubmitted ON events (seq) WHERE turn IS 1 AND wanted > submitted;
CREATE INDEX events_waiting ON events (waits_for) WHERE turn IS 1 AND waits_for != '';
CREATE INDEX exceptions_about ON exceptions (about);
CREATE UNIQUE INDEX exceptions_open ON exceptions (connection, code, about) WHERE closed_at IS NULL;
CREATE INDEX journal_entries_journal ON journal_entries (journal);
CREATE INDEX journals_state ON journals (state);
CREATE INDEX links_subject ON links (origin, subject, entity);
CREATE INDEX payout_lines_change ON payout_lines (change);
CREATE INDEX payouts_created ON payouts (connection, created);
CREATE INDEX runs_fact ON runs (fact, connection);
CREATE INDEX runs_seq ON runs (seq);
CREATE INDEX runs_state ON runs (state);
CREATE INDEX runs_subject ON runs (subject);
CREATE TRIGGER close_log_no_delete BEFORE DELETE ON close_log BEGIN SELECT RAISE(ABORT, 'what was signed is never changed or deleted: reopen the period'); END;
CREATE TRIGGER close_log_no_update BEFORE UPDATE ON close_log BEGIN SELECT RAISE(ABORT, 'what was signed is never changed or deleted: reopen the period'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted: reverse it'); END;
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted: reverse it'); END;
CREATE TRIGGER entry_lines_no_delete BEFORE DELETE ON entry_lines BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted: reverse it'); END;
CREATE TRIGGER entry_lines_no_update BEFORE UPDATE ON entry_lines BEGIN SELECT RAISE(ABORT, 'an entry is never changed or deleted: reverse it'); END;
