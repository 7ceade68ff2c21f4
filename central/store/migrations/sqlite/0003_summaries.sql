-- Old heartbeats, an hour (span 3600) or a day (86400) a row. Times are of the centre's clock, in UTC.
CREATE TABLE summaries (
    terminal TEXT NOT NULL,
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    beats INTEGER NOT NULL,
    bad_beats INTEGER NOT NULL,
    signals INTEGER NOT NULL,
    signal_sum REAL NOT NULL,
    signal_min REAL,
    used_max INTEGER,
    PRIMARY KEY (terminal, span, start)
) STRICT, WITHOUT ROWID;
