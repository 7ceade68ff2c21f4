-- The same tables as SQLite's. Every key begins with the terminal, so that the tables distribute by it (Citus). Text
-- that is compared or sorted by us sorts by bytes (COLLATE "C"), whatever the locale of the server.

CREATE TABLE terminals (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    name text NOT NULL,
    secret_sha256 bytea NOT NULL,
    created_at bigint NOT NULL,
    rotated_at bigint,
    revoked_at bigint
);

-- An epoch is born with the terminal's outbox; its number says when it was first heard: 1 is the oldest.
CREATE TABLE epochs (
    terminal text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    first_heard bigint NOT NULL,
    PRIMARY KEY (terminal, epoch),
    UNIQUE (terminal, number)
);

-- One partition a week of received_at (central/store/partitions.py): old history goes by dropping a table. Repeats are
-- found by `received`, because a unique key of a partitioned table must hold the time.
CREATE TABLE reports (
    terminal text COLLATE "C" NOT NULL,
    epoch_number bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    at bigint NOT NULL,
    happened_at bigint NOT NULL,
    received_at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (terminal, epoch_number, seq, received_at)
) PARTITION BY RANGE (received_at);
CREATE TABLE reports_else PARTITION OF reports DEFAULT;

CREATE TABLE changes (
    terminal text COLLATE "C" NOT NULL,
    epoch_number bigint NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    code text NOT NULL,
    happened_at bigint NOT NULL,
    received_at bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (terminal, epoch_number, seq)
);

-- Rewritten with every report: room on the page for the next version, so that no index has to change.
CREATE TABLE terminal_state (
    terminal text COLLATE "C" NOT NULL PRIMARY KEY,
    last_heard bigint NOT NULL,
    clock_skew_s bigint NOT NULL,
    repeats bigint NOT NULL DEFAULT 0,
    heartbeat_epoch bigint,
    heartbeat_seq bigint,
    heartbeat_at bigint,
    interval_s bigint,
    next_due bigint,
    verdict text,
    severity text,
    iccid text,
    heartbeat text,
    change_epoch bigint,
    change_seq bigint,
    change_code text,
    change_severity text,
    change_since bigint,
    change_titles text
) WITH (fillfactor = 70);

CREATE TABLE rejections (
    terminal text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_detail text NOT NULL,
    PRIMARY KEY (terminal, reason)
);
