-- Everything a terminal sends is keyed by the terminal first: its history lies together on disk, and the same tables
-- distribute by that column where there are many servers.

CREATE TABLE terminals (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    secret_sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- An epoch is born with the terminal's outbox; its number says when it was first heard: 1 is the oldest.
CREATE TABLE epochs (
    terminal TEXT NOT NULL,
    epoch TEXT NOT NULL,
    number INTEGER NOT NULL,
    first_heard INTEGER NOT NULL,
    PRIMARY KEY (terminal, epoch),
    UNIQUE (terminal, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    terminal TEXT NOT NULL,
    epoch_number INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (terminal, epoch_number, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE changes (
    terminal TEXT NOT NULL,
    epoch_number INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    code TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (terminal, epoch_number, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE terminal_state (
    terminal TEXT NOT NULL PRIMARY KEY,
    last_heard INTEGER NOT NULL,
    clock_skew_s INTEGER NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0,
    heartbeat_epoch INTEGER,
    heartbeat_seq INTEGER,
    heartbeat_at INTEGER,
    interval_s INTEGER,
    next_due INTEGER,
    verdict TEXT,
    severity TEXT,
    iccid TEXT,
    heartbeat TEXT,
    change_epoch INTEGER,
    change_seq INTEGER,
    change_code TEXT,
    change_severity TEXT,
    change_since INTEGER,
    change_titles TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE rejections (
    terminal TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_detail TEXT NOT NULL,
    PRIMARY KEY (terminal, reason)
) STRICT, WITHOUT ROWID;
