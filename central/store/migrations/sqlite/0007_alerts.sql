-- What a rule holds to be wrong with a terminal (or, with terminal '', an incident or the whole fleet).
CREATE TABLE alerts (
    terminal TEXT NOT NULL,
    rule TEXT NOT NULL,
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    told_at INTEGER,
    escalated_at INTEGER,
    acked_at INTEGER,
    acked_by TEXT,
    starts TEXT NOT NULL,
    severity TEXT NOT NULL,
    facts TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (terminal, rule, code, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    terminal TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    error TEXT,
    done_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX deliveries_by_time ON deliveries (made_at);
