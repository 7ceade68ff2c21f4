-- What the console searches, sorts and counts by: one narrow row a terminal in use, kept up to date from terminal_state and
-- assets by central/roster.py, so that receiving a report costs nothing more. Not known: '', 0, -1, or the last day there is.
CREATE TABLE roster (
    terminal text COLLATE "C" NOT NULL PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    merchant text COLLATE "C" NOT NULL,
    shop text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    tags text NOT NULL,
    heard bigint NOT NULL,
    late_at double precision NOT NULL,
    silent_at double precision NOT NULL,
    verdict text COLLATE "C" NOT NULL,
    severity text NOT NULL,
    changed_at bigint NOT NULL,
    iccid text COLLATE "C" NOT NULL,
    operator text COLLATE "C" NOT NULL,
    cell text NOT NULL,
    technology text NOT NULL,
    rsrp bigint NOT NULL,
    used bigint NOT NULL,
    quota bigint NOT NULL,
    percent bigint NOT NULL,
    expires_on text COLLATE "C" NOT NULL,
    seek text NOT NULL
);

CREATE TABLE roster_pulse (id bigint NOT NULL PRIMARY KEY, at bigint NOT NULL, rules text NOT NULL);

-- A person's searches, to be found again. `query` is what stands in the page's URL.
CREATE TABLE saved_views (
    person text COLLATE "C" NOT NULL,
    page text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    query text NOT NULL,
    saved_at bigint NOT NULL,
    PRIMARY KEY (person, page, name)
);

-- What terminals were told of pools: few rows of many, looked for across the fleet.
CREATE INDEX changes_of_pools ON changes (code, terminal)
WHERE code IN ('pool_total_bytes', 'pool_remaining_bytes', 'pool_members');
