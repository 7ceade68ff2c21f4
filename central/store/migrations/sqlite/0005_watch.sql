-- Who is watched: the state last noted, when it began, and when to look next if nothing is heard until then. `heard` is
-- the last report known when the state began; a report after it ends a silence.
CREATE TABLE watch (
    terminal TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    check_at INTEGER NOT NULL,
    heard INTEGER NOT NULL,
    hours_set TEXT,
    hours_learned TEXT,
    learned_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_by_check ON watch (check_at);
CREATE INDEX watch_by_state ON watch (state) WHERE state <> 'up';

CREATE TABLE flips (
    terminal TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    previous TEXT NOT NULL,
    noticed_at INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (terminal, at, state)
) STRICT, WITHOUT ROWID;
CREATE INDEX flips_by_time ON flips (at);

-- One row: the last moment at which any process of the centre was watching.
CREATE TABLE pulse (id INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL) STRICT;
-- When nobody was.
CREATE TABLE outages (start INTEGER NOT NULL PRIMARY KEY, until INTEGER NOT NULL, cause TEXT NOT NULL) STRICT;
