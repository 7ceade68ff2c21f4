-- Many terminals, one cause. Of each cause at most one is open.
CREATE TABLE incidents (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    peak INTEGER NOT NULL,
    missing INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX incidents_open ON incidents (kind, value) WHERE closed_at IS NULL;
CREATE INDEX incidents_by_time ON incidents (opened_at);

CREATE TABLE incident_members (
    terminal TEXT NOT NULL,
    incident TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    PRIMARY KEY (terminal, incident)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_incident ON incident_members (incident);
