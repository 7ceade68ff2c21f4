-- What the console searches, sorts and counts by: one narrow row a terminal in use, kept up to date from terminal_state and
-- assets by central/roster.py, so that receiving a report costs nothing more. Not known: '', 0, -1, or the last day there is.
CREATE TABLE roster (
    terminal TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    merchant TEXT NOT NULL,
    shop TEXT NOT NULL,
    region TEXT NOT NULL,
    tags TEXT NOT NULL,
    heard INTEGER NOT NULL,
    late_at REAL NOT NULL,
    silent_at REAL NOT NULL,
    verdict TEXT NOT NULL,
    severity TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    iccid TEXT NOT NULL,
    operator TEXT NOT NULL,
    cell TEXT NOT NULL,
    technology TEXT NOT NULL,
    rsrp INTEGER NOT NULL,
    used INTEGER NOT NULL,
    quota INTEGER NOT NULL,
    percent INTEGER NOT NULL,
    expires_on TEXT NOT NULL,
    seek TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE roster_pulse (id INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, rules TEXT NOT NULL) STRICT;

-- A person's searches, to be found again. `query` is what stands in the page's URL.
CREATE TABLE saved_views (
    person TEXT NOT NULL,
    page TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (person, page, name)
) STRICT, WITHOUT ROWID;

-- What terminals were told of pools: few rows of many, looked for across the fleet.
CREATE INDEX changes_of_pools ON changes (code, terminal)
WHERE code IN ('pool_total_bytes', 'pool_remaining_bytes', 'pool_members');
