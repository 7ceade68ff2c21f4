-- Many terminals, one cause. Of each cause at most one is open.
CREATE TABLE incidents (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    value text NOT NULL,
    opened_at bigint NOT NULL,
    closed_at bigint,
    peak bigint NOT NULL,
    missing bigint NOT NULL
);
CREATE UNIQUE INDEX incidents_open ON incidents (kind, value) WHERE closed_at IS NULL;
CREATE INDEX incidents_by_time ON incidents (opened_at);

CREATE TABLE incident_members (
    terminal text COLLATE "C" NOT NULL,
    incident text COLLATE "C" NOT NULL,
    joined_at bigint NOT NULL,
    left_at bigint,
    PRIMARY KEY (terminal, incident)
);
CREATE INDEX members_by_incident ON incident_members (incident);
