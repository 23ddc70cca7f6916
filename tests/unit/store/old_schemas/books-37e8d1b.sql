CREATE TABLE alerts (
	id INTEGER NOT NULL,
	code TEXT NOT NULL,
	sentence TEXT NOT NULL,
	about TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (id)
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
	legs INTEGER NOT NULL,
	wanted INTEGER NOT NULL,
	submitted INTEGER NOT NULL,
	received_at FLOAT NOT NULL,
	ended_at FLOAT,
	PRIMARY KEY (seq)
);
CREATE TABLE intents (
	connection TEXT NOT NULL,
	reference TEXT NOT NULL,
	entity TEXT NOT NULL,
	document TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	state TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	sent_at FLOAT NOT NULL,
	looks INTEGER NOT NULL,
	looked_at FLOAT NOT NULL,
	"key" TEXT NOT NULL,
	shown TEXT NOT NULL,
	run TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (connection, reference)
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
	PRIMARY KEY (connection, reference)
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
CREATE TABLE workflows (
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	text TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	published_at FLOAT NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (name, version)
);
CREATE INDEX events_state ON events (state);
CREATE INDEX events_unsubmitted ON events (seq) WHERE wanted > submitted;
CREATE INDEX links_subject ON links (origin, subject, entity);
CREATE INDEX runs_seq ON runs (seq);
CREATE INDEX runs_state ON runs (state);
