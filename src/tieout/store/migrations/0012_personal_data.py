"""Which events still hold what tells who somebody is: what is past its period is found without reading every event."""

DATABASE = "books"
STATEMENTS = (
    "ALTER TABLE events ADD COLUMN personal BOOLEAN NOT NULL DEFAULT 1",
    "CREATE INDEX events_personal ON events (ended_at) WHERE personal IS 1",
)
