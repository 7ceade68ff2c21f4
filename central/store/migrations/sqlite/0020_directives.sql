-- What the centre asks of a terminal; given out with each answer until it is acknowledged.
CREATE TABLE directives (
    terminal TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sent_by TEXT NOT NULL,
    acked_at INTEGER,
    outcome TEXT,
    detail TEXT,
    PRIMARY KEY (terminal, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX directives_open ON directives (terminal, expires_at) WHERE acked_at IS NULL;
