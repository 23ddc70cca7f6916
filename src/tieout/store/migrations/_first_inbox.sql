-- The schema of the inbox as every file had it, or came to have it, before schemas were numbered.
CREATE TABLE inbox (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	connection TEXT NOT NULL,
	livemode BOOLEAN NOT NULL,
	event_id TEXT NOT NULL,
	type TEXT NOT NULL,
	lane TEXT NOT NULL,
	object_id TEXT NOT NULL,
	thin BOOLEAN NOT NULL,
	readable BOOLEAN NOT NULL,
	body TEXT NOT NULL,
	received_at FLOAT NOT NULL,
	dispatched BOOLEAN NOT NULL,
	UNIQUE (connection, livemode, event_id)
);
CREATE INDEX inbox_waiting ON inbox (dispatched, seq);
