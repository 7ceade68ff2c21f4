-- A report changes two rows instead of three, on half the pages (bench/central_scale.py).
--
-- The newest block of numbers a terminal has delivered stands beside what else is known of it now (`received` has the
-- others). `epoch` is the text of `epoch_number`. The window only moves forward.
--
-- Both tables have rowids: with rows of half a kilobyte a tree WITHOUT ROWID has five branches a page, and eight levels for a
-- million terminals. The key, which begins with the terminal, is a narrow tree of its own; reports lie in the order they came.

CREATE TABLE new_state (
    terminal TEXT NOT NULL PRIMARY KEY,
    last_heard INTEGER NOT NULL,
    clock_skew_s INTEGER NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0,
    epoch TEXT,
    epoch_number INTEGER,
    block INTEGER,
    bits INTEGER,
    heartbeat_epoch INTEGER,
    heartbeat_seq INTEGER,
    heartbeat_at INTEGER,
    interval_s INTEGER,
    next_due INTEGER,
    verdict TEXT,
    severity TEXT,
    iccid TEXT,
    change_epoch INTEGER,
    change_seq INTEGER,
    change_code TEXT,
    change_severity TEXT,
    change_since INTEGER,
    change_titles TEXT,
    heartbeat TEXT
) STRICT;

INSERT INTO new_state (terminal, last_heard, clock_skew_s, repeats, heartbeat_epoch, heartbeat_seq, heartbeat_at, interval_s,
    next_due, verdict, severity, iccid, change_epoch, change_seq, change_code, change_severity, change_since, change_titles,
    heartbeat)
SELECT terminal, last_heard, clock_skew_s, repeats, heartbeat_epoch, heartbeat_seq, heartbeat_at, interval_s,
    next_due, verdict, severity, iccid, change_epoch, change_seq, change_code, change_severity, change_since, change_titles,
    heartbeat
FROM terminal_state ORDER BY terminal;
DROP TABLE terminal_state;
ALTER TABLE new_state RENAME TO terminal_state;

UPDATE terminal_state SET (epoch, epoch_number, block, bits) = (
    SELECT e.epoch, r.epoch_number, r.block, r.bits
    FROM received r JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number
    WHERE r.terminal = terminal_state.terminal ORDER BY r.epoch_number DESC, r.block DESC LIMIT 1
);

CREATE TABLE new_reports (
    terminal TEXT NOT NULL,
    epoch_number INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (terminal, epoch_number, seq)
) STRICT;

INSERT INTO new_reports (terminal, epoch_number, seq, type, at, happened_at, received_at, body)
SELECT terminal, epoch_number, seq, type, at, happened_at, received_at, body
FROM reports ORDER BY terminal, epoch_number, seq;
DROP TABLE reports;
ALTER TABLE new_reports RENAME TO reports;
